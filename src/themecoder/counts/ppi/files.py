"""Estimates from machine codes and a human-coded part as files: CSV, a workbook, Word, LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from themecoder.coding.source import PPI
from themecoder.counts.estimates import ANSWERS, PpiBasis, PpiCounts, PpiRow
from themecoder.counts.formats.latex import latex
from themecoder.counts.formats.view import HIDDEN, TableView, coding_source_text
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.ppi.prediction_powered import FEWEST
from themecoder.counts.result import ALL_QUESTIONS, INDENT
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.excel import Sheet, workbook
from themecoder.output.numbers import number_text, span_text
from themecoder.output.word import WordTables
from themecoder.storage.atomic import csv_text

HEADER = (
    "source",
    "question",
    "code",
    "subgroup",
    "unit",
    "base_n",
    "human_n",
    "machine_n",
    "worth_n",
    "percent",
    "ci_low",
    "ci_high",
    "human_percent",
    "human_ci_low",
    "human_ci_high",
    "weight",
    "suppressed",
    "more_needed",
)
FORMATS = ("csv", "xlsx", "docx", "tex")
STEM = f"counts_{PPI}"


def ppi_files(
    found: PpiCounts, formats: Sequence[str], language: str, decimals: int
) -> dict[str, str | bytes]:
    """File name -> content. Numbers in the CSV have four decimals and a point; what is not shown is
    empty. Raises InputError for a format that is none of ``FORMATS``."""
    known = ", ".join(FORMATS)
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        problems = [Problem("counts.format", {"found": name, "known": known}) for name in unknown]
        raise InputError(problems)
    contents: dict[str, str | bytes] = {}
    if "csv" in formats:
        contents[f"{STEM}.csv"] = csv_text(HEADER, map(csv_cells, found.rows))
    tables = views(found, language, decimals)
    if "xlsx" in formats:
        contents[f"{STEM}.xlsx"] = workbook(_sheets(found, tables, language, decimals))
    if "docx" in formats:
        document = WordTables(language)
        for view in tables:
            document.table(view.title, view.header, view.rows, view.strong, " ".join(view.notes))
        contents[f"{STEM}.docx"] = document.data
    if "tex" in formats:
        contents[f"{STEM}.tex"] = latex(tables)
    return contents


def csv_cells(row: PpiRow) -> list[Any]:
    """The cells of ``HEADER``."""
    values = {"source": PPI} | {name: getattr(row, name) for name in HEADER[1:]}
    values["suppressed"] = "true" if row.suppressed else "false"
    return [
        "" if value is None else f"{value:.4f}" if isinstance(value, float) else value
        for value in values.values()
    ]


def _sheets(
    found: PpiCounts, tables: Sequence[TableView], language: str, decimals: int
) -> list[Sheet]:
    """A sheet for each table, numbers as numbers."""
    header = message("ppi.sheet", language).split("|")
    places = "0." + "0" * decimals if decimals else "0"
    formats = ("", *[places] * 3, "0", *[places] * 3, "0.00")
    sheets = []
    for (key, rows), view in zip(_groups(found).items(), tables, strict=True):
        cells = [
            (
                _label(found, row),
                *([HIDDEN] * (len(header) - 1) if row.suppressed else _numbers(row)),
            )
            for row in rows
        ]
        notes = [(note,) for note in (view.title, *view.notes)]
        title = " ".join(key[:2] if key[2] != ANSWERS else (key[2],))
        widths = (46, *[14] * (len(header) - 1))
        sheets.append(Sheet(title, header, [*cells, (), *notes], widths, formats))
    return sheets


def _numbers(row: PpiRow) -> tuple[float | None, ...]:
    return (
        row.percent,
        row.ci_low,
        row.ci_high,
        row.worth_n,
        row.human_percent,
        row.human_ci_low,
        row.human_ci_high,
        row.weight,
    )


def views(found: PpiCounts, language: str, decimals: int) -> list[TableView]:
    """A table for each question and group, and one of all answers."""
    return [_view(found, key, rows, language, decimals) for key, rows in _groups(found).items()]


def _groups(found: PpiCounts) -> dict[tuple[str, str, str], list[PpiRow]]:
    groups: dict[tuple[str, str, str], list[PpiRow]] = {}
    for row in found.rows:
        groups.setdefault((row.question, row.subgroup, row.unit), []).append(row)
    return groups


def _view(
    found: PpiCounts,
    key: tuple[str, str, str],
    rows: Sequence[PpiRow],
    language: str,
    decimals: int,
) -> TableView:
    question, subgroup, unit = key
    label = message("ppi.answers", language) if unit == ANSWERS else found.question_labels[question]
    if subgroup != ALL_RESPONDENTS:
        label = f"{label}, {found.subgroup_labels[subgroup]}"
    base = number_text(rows[0].base_n, 0, language)
    level = number_text(100 * found.level, 0, language)
    return TableView(
        message("ppi.title", language, question=label, base=base),
        tuple(message("ppi.header", language, level=level).split("|")),
        tuple((_label(found, row), *estimate_cells(row, language, decimals)) for row in rows),
        frozenset(
            n for n, row in enumerate(rows) if row.code == "any" or row.code.startswith("net:")
        ),
        tuple(notes(found, rows, language)),
    )


def _label(found: PpiCounts, row: PpiRow) -> str:
    return INDENT * found.levels.get(row.code, 0) + found.code_labels[row.question, row.code]


def estimate_cells(row: PpiRow, language: str, decimals: int) -> tuple[str, str, str, str]:
    """Percentage, interval, what it is worth in human codings, the interval of these alone."""
    if row.suppressed:
        return (HIDDEN,) * 4
    return (
        number_text(row.percent, decimals, language) + ("" if row.percent is None else "%"),
        _span(row.ci_low, row.ci_high, decimals, language),
        number_text(row.worth_n, 0, language),
        _span(row.human_ci_low, row.human_ci_high, decimals, language),
    )


def _span(low: float | None, high: float | None, decimals: int, language: str) -> str:
    if low is None or high is None:
        return number_text(None, decimals, language)
    return span_text(low, high, decimals, language) + "%"


def notes(found: PpiCounts, rows: Sequence[PpiRow], language: str) -> list[str]:
    """What a reader must know of estimates of one question and group."""
    first = rows[0]
    numbers = {
        name: number_text(n, 0, language)
        for name, n in (("human", first.human_n), ("machine", first.machine_n))
    }
    said = [message("ppi.note.estimate", language, **numbers)]
    said += worth_notes(rows, language)
    needed = max((row.more_needed or 0 for row in rows), default=0)
    if needed:
        fewest = number_text(FEWEST, 0, language)
        more = number_text(needed, 0, language)
        said.append(message("ppi.note.more_needed", language, n=more, fewest=fewest))
    said += basis_notes(found, first.question, language)
    if found.not_coded:
        names = ", ".join(found.not_coded)
        said.append(message("ppi.note.not_coded", language, questions=names))
    said.append(coding_source_text(found.source, language))
    said.append(message("counts.note.codebook", language, version=found.version))
    unit = "ppi.note.base_answers" if first.unit == ANSWERS else f"counts.note.base_{found.base}"
    said.append(message(unit, language))
    said.append(message("ppi.note.interval", language))
    if any(row.suppressed for row in rows):
        said.append(message("ppi.note.hidden", language, mark=HIDDEN, smallest=found.smallest))
    return said


def estimate_notes(found: PpiCounts, question: str, language: str) -> list[str]:
    """What a reader must know of the estimates of a question for all respondents."""
    own = [r for r in found.rows if (r.question, r.subgroup) == (question, ALL_RESPONDENTS)]
    return notes(found, [row for row in own if row.unit != ANSWERS], language)


def worth_notes(rows: Iterable[PpiRow], language: str) -> list[str]:
    """How many human codings the estimates are worth, in the middle and at most."""
    worth = sorted(row.worth_n for row in rows if row.worth_n is not None)
    human = [row.human_n for row in rows]
    if not worth:
        return []
    middle, most = (number_text(n, 0, language) for n in (worth[len(worth) // 2], worth[-1]))
    coded = number_text(human[0], 0, language)
    return [message("ppi.note.worth", language, middle=middle, most=most, human=coded)]


def basis_notes(found: PpiCounts, question: str, language: str) -> list[str]:
    """What is left out of the human-coded part, and why nothing is estimated of all together."""
    said = []
    for basis in found.bases:
        if question in (basis.question, ALL_QUESTIONS):
            said += _basis_notes(basis, language)
    return said


def _basis_notes(basis: PpiBasis, language: str) -> list[str]:
    said = []
    for key, n in (("lost", basis.lost), ("behind", basis.behind)):
        if n:
            count = number_text(n, 0, language)
            said.append(message(f"ppi.note.{key}", language, question=basis.question, n=count))
    if basis.not_together:
        names = "; ".join(basis.not_together)
        said.append(message("ppi.note.not_together", language, questions=names))
    return said
