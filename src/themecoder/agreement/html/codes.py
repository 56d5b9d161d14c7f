"""The codes on the agreement page: the summary, each code's rows, quotes, confusion."""

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
"""Corrected for chance: only these are given a level on a scale and are drawn with its bounds."""
COEFFICIENTS = (*CORRECTED, "percent_agreement", "positive_agreement")
SETS = ("krippendorff_alpha_masi", "krippendorff_alpha_jaccard")
QUOTES = ("quote_u_alpha", "quote_f1", "quote_f1_characters")
CONFUSED, EXPLAINED = 10, 3
NO_PICTURE = Markup("")
TONES = ("high", "middle", "low")


class Rows:
    """The findings' rows by question, pair, code and coefficient."""

    def __init__(self, rows: Sequence[AgreementRow]) -> None:
        self._row_of = {
            (row.question, row.coder_pair, row.code, row.coefficient): row for row in rows
        }

    def find(
        self, coefficient: str, code: str = ALL, question: str = ALL, pair: str = ALL
    ) -> AgreementRow | None:
        return self._row_of.get((question, pair, code, coefficient))


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

    ``unbounded`` is the code whose texts do not yet name the other, None where both do;
    ``exclude`` a text for it that does, after the text that it has.
    """

    confusion: Confusion
    first: Code
    second: Code
    bar: Markup
    unbounded: Code | None
    exclude: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often each two of ``codes`` were confused; ``cells`` below the diagonal, None: hidden."""

    codes: tuple[Code, ...]
    cells: tuple[tuple[int | None, ...], ...]
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
    entry = book.find(code)
    return entry.label if entry and entry.label else code


def questions(findings: AgreementFindings) -> list[CodingExtent]:
    """Of all together first, then by question: q7 before q15."""
    return sorted(
        findings.coded, key=lambda extent: (extent.question != ALL, natural(extent.question))
    )


def kappa(findings: AgreementFindings) -> str:
    """Cohen's of two coders, Conger's of more: on two they are the same."""
    return "cohen_kappa" if len(findings.coders) == 2 else "conger_kappa"


def summary(
    findings: AgreementFindings, words: PageWords
) -> tuple[tuple[QuestionLine, ...], plots.Axis]:
    rows = Rows(findings.rows)
    masi = [rows.find(SETS[0], question=extent.question) for extent in questions(findings)]
    axis = plots.axis_for([row for row in masi if row], True)
    lines = tuple(
        QuestionLine(
            extent,
            row,
            rows.find(SETS[1], question=extent.question),
            rows.find("percent_agreement", question=extent.question),
            plots.dot(row, axis) if row else NO_PICTURE,
            words.reason(row.undefined_because if row else None)
            if row is None or row.value is None
            else "",
        )
        for extent, row in zip(questions(findings), masi, strict=True)
    )
    return lines, axis


def tones(panel: Panel) -> Mapping[str, int]:
    """How many codes reach which of Krippendorff's levels; none: no value."""
    counts = Counter(line.tone for line in panel.lines)
    return {name: counts[name] for name in (*TONES, "none")}


def panels(findings: AgreementFindings, book: Codebook, words: PageWords) -> tuple[Panel, ...]:
    """Per question each coefficient; the first is alpha of all questions together."""
    rows = Rows(findings.rows)
    return tuple(
        _panel(findings, rows, book, words, extent, coefficient)
        for extent in questions(findings)
        for coefficient in COEFFICIENTS
    )


def _panel(
    findings: AgreementFindings,
    rows: Rows,
    book: Codebook,
    words: PageWords,
    coded: CodingExtent,
    coefficient: str,
) -> Panel:
    name = kappa(findings) if coefficient == "kappa" else coefficient
    row_of = {code: rows.find(name, code, coded.question) for code in findings.codes}
    shares = [row.prevalence or 0.0 for row in row_of.values() if row]
    top = max(shares, default=0.0)
    corrected = coefficient in CORRECTED
    axis = plots.axis_for([row for row in row_of.values() if row], corrected)
    groups = {group.id: group.label for group in book.groups}
    lines = []
    for order, (code, row) in enumerate(row_of.items()):
        entry = book.find(code)
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
                group=groups.get(entry.group, "") if entry else "",
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


def confused(findings: AgreementFindings, book: Codebook) -> tuple[Confused, ...]:
    """The most confused pairs of codes, as many as are listed."""
    listed = findings.confused[:CONFUSED]
    top = max((pair.share or 0.0 for pair in listed), default=0.0)
    return tuple(_confused(pair, book, plots.bar(pair.share or 0.0, top)) for pair in listed)


def _confused(pair: Confusion, book: Codebook, bar: Markup) -> Confused:
    first, second = _code_or_id(book, pair.first), _code_or_id(book, pair.second)
    for code, other in ((first, second), (second, first)):
        if not re.search(rf"\b{re.escape(other.id)}\b", f"{code.definition} {code.exclude}"):
            kept = f"{code.exclude.rstrip('. ')}; " if code.exclude else ""
            text = _safe_in_shell_quotes(f"{kept}…: {other.id}")
            return Confused(pair, first, second, bar, code, text)
    return Confused(pair, first, second, bar, None, "")


def _safe_in_shell_quotes(text: str) -> str:
    """``text`` as it can stand between double quotes in any shell."""
    for mark, instead in (('"', "'"), ("`", "'"), ("$", ""), ("\\", "/"), ("\n", " ")):
        text = text.replace(mark, instead)
    return text


def matrix(findings: AgreementFindings, book: Codebook) -> Matrix:
    """The codes of the pairs that are listed, against each other."""
    listed = {code for pair in findings.confused[:CONFUSED] for code in (pair.first, pair.second)}
    codes = [code for code in findings.codes if code in listed]
    counts = {frozenset((pair.first, pair.second)): pair.answers for pair in findings.confused}
    cells = tuple(
        tuple(counts.get(frozenset((row, column)), 0) for column in codes[:n])
        for n, row in enumerate(codes)
    )
    return Matrix(
        tuple(_code_or_id(book, code) for code in codes),
        cells,
        max((n or 0 for row in cells for n in row), default=0),
    )


def quotes(
    findings: AgreementFindings, book: Codebook, words: PageWords
) -> tuple[tuple[QuoteLine, ...], plots.Axis]:
    """All codes together first, then the codes from the lowest u-alpha; what is undefined last."""
    rows = Rows(findings.rows)
    row_of = {code: rows.find(QUOTES[0], code) for code in (ALL, *findings.codes)}
    axis = plots.axis_for([row for row in row_of.values() if row], True)
    lines = [
        QuoteLine(
            label=words.text("quotes.whole") if code == ALL else label_of(book, code),
            u_alpha=row,
            exact=rows.find(QUOTES[1], code),
            characters=rows.find(QUOTES[2], code),
            plot=plots.dot(row, axis) if row else NO_PICTURE,
            why=_why_no_u_alpha(row, words) if row is None or row.value is None else "",
            whole=code == ALL,
        )
        for code, row in row_of.items()
    ]
    lines.sort(
        key=lambda line: (
            not line.whole,
            bool(line.why),
            line.u_alpha.value or 0.0 if line.u_alpha else 0.0,
        )
    )
    return tuple(lines), axis


def _why_no_u_alpha(row: AgreementRow | None, words: PageWords) -> str:
    """Why there is no u-alpha; for quotes "no variation" means that nobody marked anything."""
    if row is not None and row.undefined_because == NO_VARIATION:
        return words.text("quotes.unmarked")
    return words.reason(row.undefined_because if row else None)


def _code_or_id(book: Codebook, code: str) -> Code:
    return book.find(code) or Code(code, code)
