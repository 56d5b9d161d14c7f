"""Counts as tables that people read: labels, percents, intervals, and what is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import Count
from themecoder.counts.differences import CountDifference
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import Counts, Coverage
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text

HIDDEN = "x"
"""Stands for a count that is not shown, as in the tables of statistics offices."""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table to print: ``header`` and ``rows`` as text, the first column left, the others right.

    ``strong``: the numbers of the rows that stand out, those of several codes together.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int]
    notes: tuple[str, ...]


def percent(row: Count | None, decimals: int, language: str) -> str:
    """The percentage of a count (``37,1%``); x where it is not shown, a dash where the base is
    empty."""
    if row is None or (row.suppressed is None and row.percent is None):
        return number_text(None, decimals, language)
    if row.percent is None or row.n is None:
        return HIDDEN
    return number_text(100 * row.n / row.base_n, decimals, language) + "%"


def source_text(counts: Counts, language: str) -> str:
    """Whose coding was counted, in words."""
    return coding_source_text(counts.source, language)


def coding_source_text(source: CodingSource, language: str) -> str:
    """Whose coding a source is, in words."""
    return message(f"counts.by.{source.kind}", language, coder=source.coder)


def views(counts: Counts, language: str, decimals: int) -> list[TableView]:
    """The tables of the open questions, of all of them together, and of the closed questions: each
    question for all respondents and by each attribute."""
    return [
        view
        for basis in counts.bases
        for view in (
            _overall_table(counts, basis, language, decimals),
            *_attribute_tables(counts, basis, language, decimals),
        )
    ]


def attribute_of(subgroup: str) -> str:
    return subgroup.partition("=")[0]


def total_rows(counts: Counts, question: str) -> frozenset[str]:
    """The rows of a question that are several codes or options together."""
    return frozenset(
        code
        for q, code in counts.code_labels
        if q == question and (code == "any" or code.startswith("net:"))
    )


def _overall_table(counts: Counts, basis: Coverage, language: str, decimals: int) -> TableView:
    rows = [r for r in counts.rows if (r.question, r.subgroup) == (basis.question, ALL_RESPONDENTS)]
    level = number_text(100 * counts.level, 0, language)
    header = message("counts.table.header", language, level=level).split("|")
    if counts.effective_base is not None:
        header.append(message("counts.table.weighted", language))
    table = []
    for row in rows:
        line = [
            counts.code_labels[row.question, row.code],
            HIDDEN if row.n is None else number_text(row.n, 0, language),
            percent(row, decimals, language),
            _interval_text(row.ci_low, row.ci_high, decimals, language),
        ]
        if counts.effective_base is not None:
            share = row.weighted
            line.append(number_text(share.percent, decimals, language) + "%" if share else HIDDEN)
        table.append(tuple(line))
    return TableView(
        title=message(
            "counts.table.title",
            language,
            question=counts.question_labels[basis.question],
            base=number_text(_base(rows), 0, language),
        ),
        header=tuple(header),
        rows=tuple(table),
        strong=_strong_rows(counts, rows),
        notes=_notes(counts, basis, rows, language),
    )


def _attribute_tables(
    counts: Counts, basis: Coverage, language: str, decimals: int
) -> Iterable[TableView]:
    question_rows = [r for r in counts.rows if r.question == basis.question]
    cells = {(r.code, r.subgroup): r for r in question_rows}
    codes = [r for r in question_rows if r.subgroup == ALL_RESPONDENTS]
    subgroups = list(dict.fromkeys(r.subgroup for r in question_rows))
    tests = {(d.code, d.attribute): d for d in counts.differences if d.question == basis.question}
    for attribute in dict.fromkeys(
        attribute_of(name) for name in subgroups if name != ALL_RESPONDENTS
    ):
        names = [name for name in subgroups if attribute_of(name) == attribute]
        bases = [cells[codes[0].code, name] for name in names]
        label = counts.subgroup_labels[names[0]].partition(":")[0]
        header = [message("counts.table.code", language)]
        for name, row in zip(names, bases, strict=True):
            group = counts.subgroup_labels[name].partition(": ")[2]
            header.append(f"{group} (n = {number_text(row.base_n, 0, language)})")
        header += message("counts.table.test", language).split("|")
        rows = [
            (
                counts.code_labels[basis.question, row.code],
                *(percent(cells[row.code, name], decimals, language) for name in names),
                *_test_cells(tests.get((row.code, attribute)), language),
            )
            for row in codes
        ]
        shown = [cells[row.code, name] for row in codes for name in names]
        yield TableView(
            title=message(
                "counts.table.by",
                language,
                question=counts.question_labels[basis.question],
                attribute=label,
            ),
            header=tuple(header),
            rows=tuple(rows),
            strong=_strong_rows(counts, codes),
            notes=(
                *_notes(counts, basis, shown, language),
                message("counts.note.tests", language),
            ),
        )


def p_text(p: float, language: str) -> str:
    """A p-value with three decimals, or ``< 0,001``."""
    if p < 0.001:
        return "< " + number_text(0.001, 3, language)
    return number_text(p, 3, language)


def _test_cells(difference: CountDifference | None, language: str) -> tuple[str, str]:
    if difference is None or difference.p_adjusted is None or difference.effect is None:
        return "", ""
    return p_text(difference.p_adjusted, language), number_text(difference.effect, 2, language)


def _interval_text(low: float | None, high: float | None, decimals: int, language: str) -> str:
    if low is None or high is None:
        return ""
    return span_text(low, high, decimals, language) + "%"


def _base(rows: Sequence[Count]) -> int:
    return rows[0].base_n if rows else 0


def _strong_rows(counts: Counts, rows: Sequence[Count]) -> frozenset[int]:
    return frozenset(
        place for place, row in enumerate(rows) if row.code in total_rows(counts, row.question)
    )


def source_notes(counts: Counts, language: str) -> list[str]:
    """Notes on whose coding is counted, and on the open questions of which there is none yet."""
    notes = []
    if counts.open_questions:
        if not counts.source.confirmed:
            notes.append(message("counts.note.unconfirmed", language))
        notes.append(source_text(counts, language))
    if counts.not_coded:
        names = ", ".join(counts.not_coded)
        notes.append(message("counts.note.not_coded", language, questions=names))
    return notes


def _notes(
    counts: Counts, basis: Coverage, rows: Iterable[Count], language: str
) -> tuple[str, ...]:
    """What a reader must know to read a table."""
    notes: list[str] = []
    if basis.question in counts.open_questions:
        notes += source_notes(counts, language)
        notes.append(message("counts.note.codebook", language, version=counts.version))
        if basis.uncoded:
            notes.append(message("counts.note.uncoded", language, n=basis.uncoded))
    notes.append(message(f"counts.note.base_{counts.base}", language))
    if any(row.suppressed for row in rows):
        notes.append(message("counts.note.hidden", language, mark=HIDDEN, smallest=counts.smallest))
    return tuple(notes)
