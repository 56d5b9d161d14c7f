"""What the agreement page prints of coders: pairs, drift, tendencies, suggestions, the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from markupsafe import Markup

from themecoder.agreement.anchoring import Anchoring, Rate
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import plots
from themecoder.agreement.html.codes import SETS, Rows, label_of
from themecoder.agreement.html.words import PageWords, has_width
from themecoder.agreement.machine import MACHINE
from themecoder.agreement.parts import Part
from themecoder.agreement.planning import Needed
from themecoder.agreement.rows import ALL, OF_SETS, AgreementRow
from themecoder.agreement.tendencies import Tendency
from themecoder.codebook.model import Codebook

PARTS = ("round", "period", "version")
PER_CODE = "krippendorff_alpha"
_SHADES = 10


@dataclass(frozen=True, slots=True)
class CoderPair:
    """Two coders; ``shade`` 0 to 9 by the value, from 0 and less to 1."""

    first: str
    second: str
    row: AgreementRow

    @property
    def shade(self) -> int:
        value = self.row.value or 0.0
        return min(_SHADES - 1, max(0, int(value * _SHADES)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """``cells`` below the diagonal, row by row; None where two coders share no answer."""

    coders: tuple[str, ...]
    cells: tuple[tuple[CoderPair | None, ...], ...]
    lowest: CoderPair | None
    highest: CoderPair | None


@dataclass(frozen=True, slots=True)
class CoderTable:
    """One small picture: a value over the parts. ``apart``: first and last intervals don't meet."""

    label: str
    picture: Markup
    apart: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """The parts of a kind. ``rest``: codes with fewer than two values."""

    kind: str
    parts: tuple[tuple[Part, str, AgreementRow], ...]
    whole: Markup
    codes: tuple[CoderTable, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Codes that a coder uses more or less than the others do, of how many looked at."""

    coder: str
    called_out: tuple[tuple[str, Tendency, Markup], ...]
    looked_at: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Suggestions against each coder; ``by_code`` (label, a row or None per coder)."""

    coders: tuple[str, ...]
    sets: tuple[tuple[str, AgreementRow, AgreementRow | None, Markup], ...]
    by_code: tuple[tuple[str, tuple[AgreementRow | None, ...]], ...]
    axis: plots.Axis


def pairs(found: AgreementFindings) -> Pairs:
    rows = Rows(found.rows)
    known: dict[tuple[str, str], CoderPair] = {}
    for first, second in combinations(found.coders, 2):
        row = rows.find(SETS[0], pair=f"{first}|{second}")
        if row is not None:
            known[first, second] = CoderPair(first, second, row)
    cells = tuple(
        tuple(known.get((column, row)) for column in found.coders[:n])
        for n, row in enumerate(found.coders)
    )
    defined = sorted(
        (pair for pair in known.values() if pair.row.value is not None),
        key=lambda pair: (pair.row.value, pair.first, pair.second),
    )
    lowest, highest = (defined[0], defined[-1]) if len(defined) > 1 else (None, None)
    return Pairs(found.coders, cells, lowest, highest)


def drifts(found: AgreementFindings, book: Codebook, words: PageWords) -> tuple[Drift, ...]:
    """Per kind of part that there is: alpha over sets, and alpha of each code."""
    drifts = []
    for kind in PARTS:
        inside = [(part, row) for part, row in found.parts if part.kind == kind]
        sets = [(part, row) for part, row in inside if row.coefficient == SETS[0]]
        if not sets:
            continue
        multiples, rest = [], []
        axis = plots.shared_axis([row for _, row in inside if row.coefficient == PER_CODE])
        for code in found.codes:
            of = [
                (part.name, row)
                for part, row in inside
                if row.code == code and row.coefficient == PER_CODE
            ]
            label = label_of(book, code)
            if sum(row.value is not None for _, row in of) < 2:
                rest.append(label)
                continue
            picture = plots.course(of, axis, _spoken(label, of, words), words, wide=False)
            multiples.append(CoderTable(label, picture, _apart([row for _, row in of])))
        points = [(part.name, row) for part, row in sets]
        whole = plots.course(
            points,
            plots.axis_for([row for _, row in sets], True),
            _spoken(words.text("sets.masi"), points, words),
            words,
            wide=True,
        )
        drifts.append(
            Drift(
                kind,
                tuple((part, _when(part, words), row) for part, row in sets),
                whole,
                tuple(multiples),
                tuple(rest),
            )
        )
    return tuple(drifts)


def _when(part: Part, words: PageWords) -> str:
    """1, or 1 (2026-01-05 to 2026-01-09)."""
    if not part.since:
        return part.name
    return words.text("drift.when", name=part.name, since=part.since[:10], until=part.until[:10])


def _spoken(label: str, points: Sequence[tuple[str, AgreementRow]], words: PageWords) -> str:
    said = "; ".join(
        f"{name}: {words.number(row.value)} {words.interval(row)}".strip() for name, row in points
    )
    return f"{label}. {said}"


def _apart(rows: Sequence[AgreementRow]) -> bool:
    """Whether the intervals of the first and the last value do not overlap. One of no width does
    not count: a code given twice and both times alike has one."""
    known = [
        (row.ci_low, row.ci_high)
        for row in rows
        if row.ci_low is not None and row.ci_high is not None and has_width(row)
    ]
    if len(known) < 2:
        return False
    (low, high), (last_low, last_high) = known[0], known[-1]
    return high < last_low or last_high < low


def tendencies(found: AgreementFindings, book: Codebook) -> tuple[Own, ...]:
    """Per coder the codes of which the interval excludes 1, those used more first."""
    owns = []
    for coder in found.coders:
        mine = [one for one in found.tendencies if one.coder == coder]
        out = [one for one in mine if _excludes_one(one)]
        out.sort(key=lambda one: -(one.ratio or 0.0))
        owns.append(
            Own(
                coder,
                tuple((label_of(book, one.code), one, plots.ratio(_of_ratio(one))) for one in out),
                sum(one.ci_low is not None for one in mine),
            )
        )
    return tuple(owns)


def _excludes_one(one: Tendency) -> bool:
    if one.ci_low is None or one.ci_high is None:
        return False
    return one.ci_low > 1 or one.ci_high < 1


def _of_ratio(one: Tendency) -> Rate:
    return Rate(one.code, one.ratio, one.ci_low, one.ci_high, one.answers)


def seen_suggestions(found: AgreementFindings) -> bool:
    return bool(found.anchoring)


def rates(one: Anchoring) -> dict[str, Rate]:
    return {rate.name: rate for rate in one.rates}


def beside(found: AgreementFindings) -> tuple[tuple[str, AgreementRow], ...]:
    """Alpha over sets where coders were blind, and where suggestions were shown."""
    return tuple(
        (part.name, row)
        for part, row in found.parts
        if part.kind == "suggestions" and row.coefficient == SETS[0]
    )


def machine(found: AgreementFindings, book: Codebook) -> Machine | None:
    if not found.machine:
        return None
    rows = Rows(found.machine)
    coders = tuple(
        coder for coder in found.coders if rows.find(SETS[0], pair=f"{MACHINE}|{coder}") is not None
    )
    masi = {coder: rows.find(SETS[0], pair=f"{MACHINE}|{coder}") for coder in coders}
    axis = plots.axis_for([row for row in masi.values() if row], True)
    return Machine(
        coders,
        tuple(
            (coder, row, rows.find(SETS[1], pair=f"{MACHINE}|{coder}"), plots.dot(row, axis))
            for coder, row in masi.items()
            if row
        ),
        tuple(
            (
                label_of(book, code),
                tuple(
                    rows.find("krippendorff_alpha", code, pair=f"{MACHINE}|{coder}")
                    for coder in coders
                ),
            )
            for code in found.codes
        ),
        axis,
    )


def planned(
    found: AgreementFindings, book: Codebook, words: PageWords
) -> tuple[tuple[str, Needed], ...]:
    """Sets first, then codes from the most answers; what can't be planned last."""

    def place(one: Needed) -> tuple[int, int]:
        if one.code == ALL:
            return 0, list(OF_SETS).index(one.coefficient) if one.coefficient in OF_SETS else -1
        return (2, 0) if one.answers is None else (1, -one.answers)

    return tuple(
        (
            words.text(f"sets.{one.coefficient.rpartition('_')[2]}")
            if one.code == ALL and one.coefficient in OF_SETS
            else words.text("quotes.whole")
            if one.code == ALL
            else label_of(book, one.code),
            one,
        )
        for one in sorted(found.needed, key=place)
    )
