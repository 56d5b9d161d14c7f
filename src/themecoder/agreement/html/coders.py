"""The coders on the agreement page: pairs, drift, tendencies, suggestions, the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from markupsafe import Markup

from themecoder.agreement.anchoring import Anchoring, Rate
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import plots
from themecoder.agreement.html.codes import SETS, Rows, label_of
from themecoder.agreement.html.words import PageWords
from themecoder.agreement.machine import MACHINE
from themecoder.agreement.parts import Part
from themecoder.agreement.planning import AnswersNeeded
from themecoder.agreement.rows import ALL, SET_METRICS, AgreementRow
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
class CodeCourse:
    """A small picture of a code's value over the parts. ``apart``: the first and the last interval
    do not overlap."""

    label: str
    picture: Markup
    apart: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """The parts of a kind. ``rest``: codes with fewer than two values."""

    kind: str
    parts: tuple[tuple[Part, str, AgreementRow], ...]
    whole: Markup
    codes: tuple[CodeCourse, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoderTendencies:
    """The codes that a coder uses more or less than the others, and how many were looked at."""

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


def pairs(findings: AgreementFindings) -> Pairs:
    rows = Rows(findings.rows)
    pair_of: dict[tuple[str, str], CoderPair] = {}
    for first, second in combinations(findings.coders, 2):
        row = rows.find(SETS[0], pair=f"{first}|{second}")
        if row is not None:
            pair_of[first, second] = CoderPair(first, second, row)
    cells = tuple(
        tuple(pair_of.get((column, row)) for column in findings.coders[:n])
        for n, row in enumerate(findings.coders)
    )
    defined = sorted(
        (pair for pair in pair_of.values() if pair.row.value is not None),
        key=lambda pair: (pair.row.value, pair.first, pair.second),
    )
    lowest, highest = (defined[0], defined[-1]) if len(defined) > 1 else (None, None)
    return Pairs(findings.coders, cells, lowest, highest)


def drifts(findings: AgreementFindings, book: Codebook, words: PageWords) -> tuple[Drift, ...]:
    """Per kind of part that there is: alpha over sets, and alpha of each code."""
    drifts = []
    for kind in PARTS:
        rows_of_kind = [(part, row) for part, row in findings.parts if part.kind == kind]
        sets = [(part, row) for part, row in rows_of_kind if row.coefficient == SETS[0]]
        if not sets:
            continue
        courses, codes_without_course = [], []
        axis = plots.shared_axis([row for _, row in rows_of_kind if row.coefficient == PER_CODE])
        for code in findings.codes:
            points = [
                (part.name, row)
                for part, row in rows_of_kind
                if row.code == code and row.coefficient == PER_CODE
            ]
            label = label_of(book, code)
            if sum(row.value is not None for _, row in points) < 2:
                codes_without_course.append(label)
                continue
            picture = plots.course(
                points, axis, _spoken_text(label, points, words), words, wide=False
            )
            courses.append(CodeCourse(label, picture, _ends_apart([row for _, row in points])))
        set_points = [(part.name, row) for part, row in sets]
        whole = plots.course(
            set_points,
            plots.axis_for([row for _, row in sets], True),
            _spoken_text(words.text("sets.masi"), set_points, words),
            words,
            wide=True,
        )
        drifts.append(
            Drift(
                kind,
                tuple((part, _part_with_dates(part, words), row) for part, row in sets),
                whole,
                tuple(courses),
                tuple(codes_without_course),
            )
        )
    return tuple(drifts)


def _part_with_dates(part: Part, words: PageWords) -> str:
    """1, or 1 (2026-01-05 to 2026-01-09)."""
    if not part.since:
        return part.name
    return words.text("drift.when", name=part.name, since=part.since[:10], until=part.until[:10])


def _spoken_text(label: str, points: Sequence[tuple[str, AgreementRow]], words: PageWords) -> str:
    values = "; ".join(
        f"{name}: {words.number(row.value)} {words.interval(row)}".strip() for name, row in points
    )
    return f"{label}. {values}"


def _ends_apart(rows: Sequence[AgreementRow]) -> bool:
    """Whether the intervals of the first and the last value do not overlap."""
    known = [
        (row.ci_low, row.ci_high)
        for row in rows
        if row.ci_low is not None and row.ci_high is not None
    ]
    if len(known) < 2:
        return False
    (low, high), (last_low, last_high) = known[0], known[-1]
    return high < last_low or last_high < low


def tendencies(findings: AgreementFindings, book: Codebook) -> tuple[CoderTendencies, ...]:
    """Per coder the codes of which the interval excludes 1, those used more first."""
    per_coder = []
    for coder in findings.coders:
        own = [tendency for tendency in findings.tendencies if tendency.coder == coder]
        called_out = [tendency for tendency in own if _excludes_one(tendency)]
        called_out.sort(key=lambda tendency: -(tendency.ratio or 0.0))
        rows = tuple(
            (label_of(book, tendency.code), tendency, plots.ratio(_ratio_with_interval(tendency)))
            for tendency in called_out
        )
        looked_at = sum(tendency.ci_low is not None for tendency in own)
        per_coder.append(CoderTendencies(coder, rows, looked_at))
    return tuple(per_coder)


def _excludes_one(tendency: Tendency) -> bool:
    if tendency.ci_low is None or tendency.ci_high is None:
        return False
    return tendency.ci_low > 1 or tendency.ci_high < 1


def _ratio_with_interval(tendency: Tendency) -> Rate:
    return Rate(tendency.code, tendency.ratio, tendency.ci_low, tendency.ci_high, tendency.answers)


def rates(anchoring: Anchoring) -> dict[str, Rate]:
    return {rate.name: rate for rate in anchoring.rates}


def blind_and_shown(findings: AgreementFindings) -> tuple[tuple[str, AgreementRow], ...]:
    """Alpha over sets where coders were blind, and where suggestions were shown."""
    return tuple(
        (part.name, row)
        for part, row in findings.parts
        if part.kind == "suggestions" and row.coefficient == SETS[0]
    )


def machine(findings: AgreementFindings, book: Codebook) -> Machine | None:
    if not findings.machine:
        return None
    rows = Rows(findings.machine)
    coders = tuple(
        coder
        for coder in findings.coders
        if rows.find(SETS[0], pair=f"{MACHINE}|{coder}") is not None
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
            for code in findings.codes
        ),
        axis,
    )


def planned(
    findings: AgreementFindings, book: Codebook, words: PageWords
) -> tuple[tuple[str, AnswersNeeded], ...]:
    """The plans with their labels: sets first, then the codes that need most answers; those that
    can't be planned come last."""

    order = {coefficient: n for n, coefficient in enumerate(SET_METRICS)}

    def place(needed: AnswersNeeded) -> tuple[int, int]:
        if needed.code == ALL:
            return 0, order.get(needed.coefficient, -1)
        return (2, 0) if needed.answers is None else (1, -needed.answers)

    return tuple(
        (
            words.text(f"sets.{needed.coefficient.rpartition('_')[2]}")
            if needed.code == ALL and needed.coefficient in SET_METRICS
            else words.text("quotes.whole")
            if needed.code == ALL
            else label_of(book, needed.code),
            needed,
        )
        for needed in sorted(findings.needed, key=place)
    )
