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

    ``strong`` are the rows that stand out: those of several codes together.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int]
    notes: tuple[str, ...]


def percent(row: Count | None, decimals: int, language: str) -> str:
    """``37,1%`` of a count; x where it is not shown, a dash where there is no base."""
    if row is None or (row.suppressed is None and row.percent is None):
        return number_text(None, decimals, language)
    if row.percent is None or row.n is None:
        return HIDDEN
    return number_text(100 * row.n / row.base_n, decimals, language) + "%"


def source_text(found: Counts, language: str) -> str:
    """Whose coding was counted, in words."""
    return by_text(found.source, language)


def by_text(source: CodingSource, language: str) -> str:
    """Whose coding a source is, in words."""
    return message(f"counts.by.{source.kind}", language, coder=source.coder)


def views(found: Counts, language: str, decimals: int) -> list[TableView]:
    """The tables of the open questions and of them together, then of the closed ones: each for all
    respondents and by each attribute."""
    return [
        view
        for basis in found.bases
        for view in (
            _whole(found, basis, language, decimals),
            *_by_attribute(found, basis, language, decimals),
        )
    ]


def attribute_of(subgroup: str) -> str:
    return subgroup.partition("=")[0]


def wholes(found: Counts, question: str) -> frozenset[str]:
    """The rows of a question that are several codes or options together."""
    return frozenset(
        code
        for q, code in found.code_labels
        if q == question and (code == "any" or code.startswith("net:"))
    )


def _whole(found: Counts, basis: Coverage, language: str, decimals: int) -> TableView:
    rows = [r for r in found.rows if (r.question, r.subgroup) == (basis.question, ALL_RESPONDENTS)]
    level = number_text(100 * found.level, 0, language)
    header = message("counts.table.header", language, level=level).split("|")
    if found.effective_base is not None:
        header.append(message("counts.table.weighted", language))
    table = []
    for row in rows:
        line = [
            found.code_labels[row.question, row.code],
            HIDDEN if row.n is None else number_text(row.n, 0, language),
            percent(row, decimals, language),
            _interval(row.ci_low, row.ci_high, decimals, language),
        ]
        if found.effective_base is not None:
            share = row.weighted
            line.append(number_text(share.percent, decimals, language) + "%" if share else HIDDEN)
        table.append(tuple(line))
    return TableView(
        title=message(
            "counts.table.title",
            language,
            question=found.question_labels[basis.question],
            base=number_text(_base(rows), 0, language),
        ),
        header=tuple(header),
        rows=tuple(table),
        strong=_strong(found, rows),
        notes=_notes(found, basis, rows, language),
    )


def _by_attribute(
    found: Counts, basis: Coverage, language: str, decimals: int
) -> Iterable[TableView]:
    mine = [r for r in found.rows if r.question == basis.question]
    cells = {(r.code, r.subgroup): r for r in mine}
    codes = [r for r in mine if r.subgroup == ALL_RESPONDENTS]
    there = list(dict.fromkeys(r.subgroup for r in mine))
    tests = {(d.code, d.attribute): d for d in found.differences if d.question == basis.question}
    for attribute in dict.fromkeys(attribute_of(name) for name in there if name != ALL_RESPONDENTS):
        names = [name for name in there if attribute_of(name) == attribute]
        some = [cells[codes[0].code, name] for name in names]
        label = found.subgroup_labels[names[0]].partition(":")[0]
        header = [message("counts.table.code", language)]
        for name, row in zip(names, some, strict=True):
            group = found.subgroup_labels[name].partition(": ")[2]
            header.append(f"{group} (n = {number_text(row.base_n, 0, language)})")
        header += message("counts.table.test", language).split("|")
        rows = [
            (
                found.code_labels[basis.question, row.code],
                *(percent(cells[row.code, name], decimals, language) for name in names),
                *_test(tests.get((row.code, attribute)), language),
            )
            for row in codes
        ]
        shown = [cells[row.code, name] for row in codes for name in names]
        yield TableView(
            title=message(
                "counts.table.by",
                language,
                question=found.question_labels[basis.question],
                attribute=label,
            ),
            header=tuple(header),
            rows=tuple(rows),
            strong=_strong(found, codes),
            notes=(
                *_notes(found, basis, shown, language),
                message("counts.note.tests", language),
            ),
        )


def p_text(p: float, language: str) -> str:
    """``< 0,001`` or with three decimals."""
    if p < 0.001:
        return "< " + number_text(0.001, 3, language)
    return number_text(p, 3, language)


def _test(found: CountDifference | None, language: str) -> tuple[str, str]:
    if found is None or found.p_adjusted is None or found.effect is None:
        return "", ""
    return p_text(found.p_adjusted, language), number_text(found.effect, 2, language)


def _interval(low: float | None, high: float | None, decimals: int, language: str) -> str:
    if low is None or high is None:
        return ""
    return span_text(low, high, decimals, language) + "%"


def _base(rows: Sequence[Count]) -> int:
    return rows[0].base_n if rows else 0


def _strong(found: Counts, rows: Sequence[Count]) -> frozenset[int]:
    return frozenset(
        place for place, row in enumerate(rows) if row.code in wholes(found, row.question)
    )


def source_notes(found: Counts, language: str) -> list[str]:
    """Whose coding is counted, of which open questions there is none yet."""
    notes = []
    if found.open_questions:
        if not found.source.confirmed:
            notes.append(message("counts.note.unconfirmed", language))
        notes.append(source_text(found, language))
    if found.not_coded:
        names = ", ".join(found.not_coded)
        notes.append(message("counts.note.not_coded", language, questions=names))
    return notes


def _notes(found: Counts, basis: Coverage, rows: Iterable[Count], language: str) -> tuple[str, ...]:
    """What a reader must know of a table."""
    notes: list[str] = []
    if basis.question in found.open_questions:
        notes += source_notes(found, language)
        notes.append(message("counts.note.codebook", language, version=found.version))
        if basis.uncoded:
            notes.append(message("counts.note.uncoded", language, n=basis.uncoded))
    notes.append(message(f"counts.note.base_{found.base}", language))
    if any(row.suppressed for row in rows):
        notes.append(message("counts.note.hidden", language, mark=HIDDEN, smallest=found.smallest))
    return tuple(notes)
