"""The content of a report in its order: texts and numbers ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from themecoder.report.plots import PlotFigure


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A piece of a paragraph; ``open`` where the researcher still has to fill it in."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A theme on one question: n, percent and interval as text; ``with_coders`` is the interval
    that also holds how coders err, empty where it is not known; of an estimate, which has no n, it
    is how many human codings it is worth. ``weighted`` is empty in a study without weights.
    ``part``: a value of the theme, below the row of the theme."""

    label: str
    n: str
    percent: str
    interval: str
    with_coders: str
    weighted: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class ReportQuote:
    """A quote, masked, with who said it; ``bold``: a part of its answer, with words around it."""

    before: str
    quote: str
    after: str
    who: str
    bold: bool


@dataclass(frozen=True, slots=True)
class ReportTheme:
    """A code with its definition, its counts and its quotes."""

    id: str
    label: str
    definition: str
    rows: tuple[TableRow, ...]
    quotes: tuple[ReportQuote, ...]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A group of the codebook: its plots, and its themes from the most mentioned on. ``note``
    explains the sign of counts that are not shown; empty where all are. ``questions`` says what the
    ids of questions in its tables stand for."""

    label: str
    figures: tuple[PlotFigure, ...]
    themes: tuple[ReportTheme, ...]
    note: str
    questions: str


@dataclass(frozen=True, slots=True)
class ReportItem:
    """An item of a matrix: who answered it, and each answer, labelled with the answer alone."""

    label: str
    answered: TableRow
    answers: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class ReportClosed:
    """A closed question with its base, and a row per answer. ``mean``: a sentence with the mean and
    the median of a question with numbers; empty for others. ``items``: of a matrix, whose rows they
    are too, the same answers of each item."""

    label: str
    mean: str
    rows: tuple[TableRow, ...]
    items: tuple[ReportItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportAgreement:
    """A code's agreement: alpha, its interval, the answers that two coded and how often it is."""

    label: str
    alpha: str
    interval: str
    answers: str
    prevalence: str


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code of the appendix."""

    label: str
    id: str
    definition: str
    include: str
    exclude: str


@dataclass(frozen=True, slots=True)
class ReportBase:
    """How many answers there are to an open question, as text."""

    label: str
    asked: str
    content: str
    coded: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole. ``unconfirmed``: a warning for every page that nobody confirmed the coding, or
    that shares are estimates; empty where a person coded all that is counted.

    ``themes``: all themes in one table, over all open questions. ``contents``: the headings of the
    shipped templates in order. ``manifest``: what the report was made from, name and value.
    ``words``: the fixed words, in the report's language.
    """

    title: str
    language: str
    synthetic: str
    unconfirmed: str
    weighted: bool
    with_coders: bool
    contents: tuple[str, ...]
    method: tuple[tuple[ReportPart, ...], ...]
    bases: tuple[ReportBase, ...]
    overview: PlotFigure
    themes: tuple[TableRow, ...]
    themes_note: str
    sections: tuple[ReportSection, ...]
    closed: tuple[ReportClosed, ...]
    agreement: tuple[ReportAgreement, ...]
    agreement_note: str
    codebook: tuple[tuple[str, tuple[CodeEntry, ...]], ...]
    codebook_note: str
    notes: tuple[str, ...]
    manifest: tuple[tuple[str, str], ...]
    words: dict[str, str]
