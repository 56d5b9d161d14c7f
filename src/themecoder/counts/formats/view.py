"""Counts as tables that people read: labels, percents, intervals, and what is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import Count
from themecoder.counts.differences import (
    ALPHA,
    CountDifference,
    expected_by_chance,
    number_of_tests,
)
from themecoder.counts.disclosure.p_values import BELOW, EXACT
from themecoder.counts.formats.coverage import coverage_notes
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
    empty or none of its answers is coded."""
    if row is None or (row.suppressed is None and row.percent is None):
        return number_text(None, decimals, language)
    if row.suppressed or row.percent is None:
        return HIDDEN
    return number_text(row.percent, decimals, language) + "%"


def source_text(counts: Counts, language: str) -> str:
    """Whose coding was counted, in words."""
    return coding_source_text(counts.source, language)


def coding_source_text(source: CodingSource, language: str) -> str:
    """Whose coding a source is, in words."""
    people = message(f"counts.by.{source.kind}", language, coder=source.coder)
    return f"{people} {message('counts.by.machine', language)}" if source.machine else people


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
    level = _level_text(counts, language)
    header = message("counts.table.header", language, level=level).split("|")
    errors = counts.coder_intervals(basis.question)
    if errors:
        header.append(message("counts.table.with_coders", language))
    if counts.effective_base is not None:
        header.append(message("counts.table.weighted", language))
    table = []
    for row in rows:
        line = [
            counts.row_label(row.question, row.code),
            HIDDEN if row.n is None else number_text(row.n, 0, language),
            percent(row, decimals, language),
            _interval_text(row.ci_low, row.ci_high, decimals, language),
        ]
        if errors:
            error = errors.get((row.question, row.code))
            bounds = (error.low, error.high) if error else (None, None)
            line.append(_interval_text(*bounds, decimals, language))
        if counts.effective_base is not None:
            line.append(_weighted_text(row, decimals, language))
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
        notes=(
            *_notes(counts, basis, rows, language),
            *interval_notes(counts, language, with_coders=bool(errors)),
        ),
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
                counts.row_label(basis.question, row.code),
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
                *tests_notes(
                    counts, [tests[key] for key in tests if key[1] == attribute], language
                ),
            ),
        )


def p_text(p: float, language: str, p_is: str = EXACT) -> str:
    """A p-value with three decimals, or ``< 0,001``; of a rough one its bound: ``< 0,05``."""
    if p_is != EXACT:
        sign, places = "<" if p_is == BELOW else "≥", 2 if p >= 0.01 else 3
        return f"{sign} {number_text(p, places, language)}"
    if p < 0.001:
        return "< " + number_text(0.001, 3, language)
    return number_text(p, 3, language)


def _test_cells(difference: CountDifference | None, language: str) -> tuple[str, str]:
    if difference is None or not (difference.p_adjusted is not None or difference.tested):
        return "", ""
    p, effect = difference.p_adjusted, difference.effect
    return (
        HIDDEN if p is None else p_text(p, language, difference.p_adjusted_is),
        HIDDEN if effect is None else number_text(effect, 2, language),
    )


def tests_notes(counts: Counts, differences: Sequence[CountDifference], language: str) -> list[str]:
    """How the ``differences`` of a table were tested, how many tests that were and in all were
    made, and how many would find one by chance."""
    kind = "tests_weighted" if counts.effective_base is not None else "tests"
    made, whole = number_of_tests(differences), number_of_tests(counts.differences)
    notes = [message(f"counts.note.{kind}", language)]
    if made < whole:
        notes.append(message("counts.note.tests_here", language, **_by_chance(made, language)))
    return [*notes, tests_note(counts, language)]


def tests_note(counts: Counts, language: str) -> str:
    """How many tests were made in all, and how many would find a difference by chance."""
    made = number_of_tests(counts.differences)
    return message("counts.note.tests_all", language, **_by_chance(made, language))


def _by_chance(tests: int, language: str) -> dict[str, str]:
    return {
        "tests": number_text(tests, 0, language),
        "alpha": number_text(ALPHA, 2, language),
        "chance": number_text(expected_by_chance(tests), 1, language),
    }


def _weighted_text(row: Count, decimals: int, language: str) -> str:
    if row.weighted is not None:
        return number_text(row.weighted.percent, decimals, language) + "%"
    return HIDDEN if row.n is None else number_text(None, decimals, language)


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


def interval_notes(counts: Counts, language: str, *, with_coders: bool) -> list[str]:
    """What the intervals hold, and what they take for granted. ``with_coders``: whether intervals
    that also hold how coders err stand beside them."""
    notes = [message("counts.note.interval", language, level=_level_text(counts, language))]
    if with_coders:
        notes.append(message("counts.note.with_coders", language))
    return notes


def _level_text(counts: Counts, language: str) -> str:
    return number_text(100 * counts.level, 0, language)


def _notes(
    counts: Counts, basis: Coverage, rows: Iterable[Count], language: str
) -> tuple[str, ...]:
    """What a reader must know to read a table."""
    notes: list[str] = []
    if basis.question in counts.open_questions:
        notes += source_notes(counts, language)
        notes.append(message("counts.note.codebook", language, version=counts.version))
        notes += coverage_notes(basis, language)
    notes.append(message(f"counts.note.base_{counts.base}", language))
    if counts.effective_base is not None:
        notes.append(message("counts.note.weighted", language))
    if any(row.suppressed for row in rows):
        notes.append(message("counts.note.hidden", language, mark=HIDDEN, smallest=counts.smallest))
    return tuple(notes)
