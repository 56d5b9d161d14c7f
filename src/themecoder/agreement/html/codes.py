"""What the agreement page prints of codes: the summary, each code's rows, quotes, confusion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from themecoder.agreement.confusion import Confusion
from themecoder.agreement.findings import AgreementFindings, CodingExtent
from themecoder.agreement.html import plots
from themecoder.agreement.html.words import AgreementLevel, PageWords, natural, tone
from themecoder.agreement.measures.result import NO_VARIATION
from themecoder.agreement.rows import ALL, AgreementRow
from themecoder.codebook.model import Code, Codebook

CORRECTED = ("krippendorff_alpha", "kappa", "gwet_ac1")
"""Corrected for chance: these alone are called something on a scale, and get its bounds."""
COEFFICIENTS = (*CORRECTED, "percent_agreement", "positive_agreement")
SETS = ("krippendorff_alpha_masi", "krippendorff_alpha_jaccard")
QUOTES = ("quote_u_alpha", "quote_f1", "quote_f1_characters")
CONFUSED, EXPLAINED = 10, 3
NO_PICTURE = Markup("")
TONES = ("high", "middle", "low")


class Rows:
    """The findings' rows by question, pair, code and coefficient."""

    def __init__(self, rows: Sequence[AgreementRow]) -> None:
        self._by = {(row.question, row.coder_pair, row.code, row.coefficient): row for row in rows}

    def find(
        self, coefficient: str, code: str = ALL, question: str = ALL, pair: str = ALL
    ) -> AgreementRow | None:
        return self._by.get((question, pair, code, coefficient))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table with its plot. ``why``: the reason in words where there is no value."""

    code: str
    label: str
    group: str
    order: int
    row: AgreementRow | None
    plot: Markup
    why: str
    levels: tuple[AgreementLevel, ...] = ()
    share: Markup = NO_PICTURE

    @property
    def tone(self) -> str:
        return "none" if self.row is None or self.row.value is None else tone(self.row.value)


@dataclass(frozen=True, slots=True)
class Panel:
    """A coefficient of every code on a question, lowest first, what is undefined last."""

    question: str
    coefficient: str
    name: str
    coded: CodingExtent
    lines: tuple[Line, ...]
    axis: plots.Axis
    corrected: bool
    top: float


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question (or all) in the summary."""

    coded: CodingExtent
    masi: AgreementRow | None
    jaccard: AgreementRow | None
    equal: AgreementRow | None
    plot: Markup
    why: str


@dataclass(frozen=True, slots=True)
class Confused:
    """A pair of codes that were confused, ready to print.

    ``unbounded``: the one whose texts do not yet name the other, None where both do; ``exclude``:
    what it could say, its own text kept.
    """

    found: Confusion
    first: Code
    second: Code
    bar: Markup
    unbounded: Code | None
    exclude: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often each two of ``codes`` were confused; ``cells`` below the diagonal, row by row."""

    codes: tuple[Code, ...]
    cells: tuple[tuple[int, ...], ...]
    top: int


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """Agreement on where a code is said."""

    label: str
    u_alpha: AgreementRow | None
    exact: AgreementRow | None
    characters: AgreementRow | None
    plot: Markup
    why: str
    whole: bool


def label_of(book: Codebook, code: str) -> str:
    found = book.find(code)
    return found.label if found and found.label else code


def questions(found: AgreementFindings) -> list[CodingExtent]:
    """Of all together first, then by question: q7 before q15."""
    return sorted(found.coded, key=lambda one: (one.question != ALL, natural(one.question)))


def kappa(found: AgreementFindings) -> str:
    """Cohen's of two coders, Conger's of more: on two they are the same."""
    return "cohen_kappa" if len(found.coders) == 2 else "conger_kappa"


def summary(
    found: AgreementFindings, words: PageWords
) -> tuple[tuple[QuestionLine, ...], plots.Axis]:
    rows = Rows(found.rows)
    masi = [rows.find(SETS[0], question=one.question) for one in questions(found)]
    axis = plots.axis_for([row for row in masi if row], True)
    lines = tuple(
        QuestionLine(
            one,
            row,
            rows.find(SETS[1], question=one.question),
            rows.find("percent_agreement", question=one.question),
            plots.dot(row, axis) if row else NO_PICTURE,
            words.reason(row.undefined_because if row else None)
            if row is None or row.value is None
            else "",
        )
        for one, row in zip(questions(found), masi, strict=True)
    )
    return lines, axis


def tones(panel: Panel) -> Mapping[str, int]:
    """How many codes reach which of Krippendorff's levels; none: no value."""
    counts = Counter(line.tone for line in panel.lines)
    return {name: counts[name] for name in (*TONES, "none")}


def panels(found: AgreementFindings, book: Codebook, words: PageWords) -> tuple[Panel, ...]:
    """Per question each coefficient; the first is alpha of all questions together."""
    rows = Rows(found.rows)
    return tuple(
        _panel(found, rows, book, words, one, coefficient)
        for one in questions(found)
        for coefficient in COEFFICIENTS
    )


def _panel(
    found: AgreementFindings,
    rows: Rows,
    book: Codebook,
    words: PageWords,
    coded: CodingExtent,
    coefficient: str,
) -> Panel:
    name = kappa(found) if coefficient == "kappa" else coefficient
    own = {code: rows.find(name, code, coded.question) for code in found.codes}
    shares = [row.prevalence or 0.0 for row in own.values() if row]
    top = max(shares, default=0.0)
    corrected = coefficient in CORRECTED
    axis = plots.axis_for([row for row in own.values() if row], corrected)
    groups = {group.id: group.label for group in book.groups}
    lines = []
    for order, (code, row) in enumerate(own.items()):
        known = book.find(code)
        why = ""
        levels: tuple[AgreementLevel, ...] = ()
        if row is None or row.value is None:
            why = words.reason(row.undefined_because if row else None)
        elif corrected:
            levels = words.levels(row)
        lines.append(
            Line(
                code=code,
                label=label_of(book, code),
                group=groups.get(known.group, "") if known else "",
                order=order,
                row=row,
                plot=plots.dot(row, axis) if row else NO_PICTURE,
                why=why,
                levels=levels,
                share=plots.bar(row.prevalence or 0.0 if row else 0.0, top),
            )
        )
    lines.sort(key=lambda line: (bool(line.why), line.row.value or 0.0 if line.row else 0.0))
    return Panel(coded.question, coefficient, name, coded, tuple(lines), axis, corrected, top)


def confused(found: AgreementFindings, book: Codebook) -> tuple[Confused, ...]:
    """The most confused pairs of codes, as many as are listed."""
    listed = found.confused[:CONFUSED]
    top = max((one.share for one in listed), default=0.0)
    return tuple(_confused(one, book, plots.bar(one.share, top)) for one in listed)


def _confused(one: Confusion, book: Codebook, bar: Markup) -> Confused:
    first, second = _code(book, one.first), _code(book, one.second)
    for code, other in ((first, second), (second, first)):
        if not re.search(rf"\b{re.escape(other.id)}\b", f"{code.definition} {code.exclude}"):
            kept = f"{code.exclude.rstrip('. ')}; " if code.exclude else ""
            said = _typed(f"{kept}…: {other.id}")
            return Confused(one, first, second, bar, code, said)
    return Confused(one, first, second, bar, None, "")


def _typed(text: str) -> str:
    """``text`` as it can stand between double quotes in any shell."""
    for mark, instead in (('"', "'"), ("`", "'"), ("$", ""), ("\\", "/"), ("\n", " ")):
        text = text.replace(mark, instead)
    return text


def matrix(found: AgreementFindings, book: Codebook) -> Matrix:
    """The codes of the pairs that are listed, against each other."""
    listed = {code for one in found.confused[:CONFUSED] for code in (one.first, one.second)}
    codes = [code for code in found.codes if code in listed]
    counts = {frozenset((one.first, one.second)): one.answers for one in found.confused}
    cells = tuple(
        tuple(counts.get(frozenset((row, column)), 0) for column in codes[:n])
        for n, row in enumerate(codes)
    )
    return Matrix(
        tuple(_code(book, code) for code in codes), cells, max(map(max, cells[1:]), default=0)
    )


def quotes(
    found: AgreementFindings, book: Codebook, words: PageWords
) -> tuple[tuple[QuoteLine, ...], plots.Axis]:
    """All codes together first, then the codes from the lowest u-alpha; what is undefined last."""
    rows = Rows(found.rows)
    own = {code: rows.find(QUOTES[0], code) for code in (ALL, *found.codes)}
    axis = plots.axis_for([row for row in own.values() if row], True)
    lines = [
        QuoteLine(
            label=words.text("quotes.whole") if code == ALL else label_of(book, code),
            u_alpha=row,
            exact=rows.find(QUOTES[1], code),
            characters=rows.find(QUOTES[2], code),
            plot=plots.dot(row, axis) if row else NO_PICTURE,
            why=_unmarked(row, words) if row is None or row.value is None else "",
            whole=code == ALL,
        )
        for code, row in own.items()
    ]
    lines.sort(
        key=lambda line: (
            not line.whole,
            bool(line.why),
            line.u_alpha.value or 0.0 if line.u_alpha else 0.0,
        )
    )
    return tuple(lines), axis


def _unmarked(row: AgreementRow | None, words: PageWords) -> str:
    """Why there is no u-alpha: what is called no variation elsewhere is that nothing was marked."""
    if row is not None and row.undefined_because == NO_VARIATION:
        return words.text("quotes.unmarked")
    return words.reason(row.undefined_because if row else None)


def _code(book: Codebook, code: str) -> Code:
    return book.find(code) or Code(code, code)
