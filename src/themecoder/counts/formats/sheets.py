"""Counts as the sheets of a workbook: a sheet a question, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from themecoder.counts.disclosure.p_values import EXACT
from themecoder.counts.formats.view import HIDDEN, interval_notes, p_text, source_notes, tests_notes
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.numbers import WEIGHTED_FIELDS
from themecoder.counts.result import Counts, Coverage
from themecoder.messages import message
from themecoder.output.excel import Sheet


def sheets(counts: Counts, language: str, decimals: int) -> Iterable[Sheet]:
    """What the counts rest on, a sheet per question, numbers, tests and pairs."""

    def words(key: str) -> list[str]:
        return message(f"counts.sheet.{key}", language).split("|")

    title, *header = words("bases")
    if counts.source.machine:
        header += words("machine")
    rows = [_coverage_cells(counts, basis) for basis in counts.bases]
    notes = [(note,) for note in source_notes(counts, language)]
    hidden = message("counts.note.hidden", language, mark=HIDDEN, smallest=counts.smallest)
    notes += [(message(f"counts.note.base_{counts.base}", language),), (hidden,)]
    with_coders = bool(counts.coder_intervals())
    notes += [(note,) for note in interval_notes(counts, language, with_coders=with_coders)]
    yield Sheet(
        title,
        header,
        [*rows, (), *notes],
        (46, *[12] * (len(header) - 1)),
        ("", *["0"] * 4, "0.0", *["0"] * (len(header) - 6)),
    )
    places = "0." + "0" * decimals if decimals else "0"
    for basis in counts.bases:
        headings = [*words("counts"), message("counts.table.weighted", language)]
        yield _question_sheet(counts, basis, headings, places)
    if counts.numbers:
        title, *header = words("numbers")
        weighted = WEIGHTED_FIELDS if counts.effective_base is not None else ()
        header += words("numbers_weighted") if weighted else []
        table: list[Sequence[Any]] = [
            (
                counts.question_labels[row.question],
                counts.subgroup_labels[row.subgroup],
                row.n,
                row.base_n,
                row.mean,
                row.sd,
                row.median,
                row.ci_low,
                row.ci_high,
                *(getattr(row, name) for name in weighted),
            )
            for row in counts.numbers
        ]
        figures = ["0.00"] * (5 + len(weighted))
        yield Sheet(title, header, table, (30, 34), ("", "", "0", "0", *figures))
    title, *header = words("differences")
    table = [
        (
            counts.question_labels[row.question],
            counts.code_labels[row.question, row.code],
            row.attribute,
            _group_labels(counts, row.groups),
            message(f"counts.test.{row.test}", language) if row.test else "",
            row.statistic,
            row.df,
            row.df2,
            _p_cell(row.p, row.p_is, language),
            _p_cell(row.p_adjusted, row.p_adjusted_is, language),
            row.effect,
            message(f"counts.not_tested.{row.not_tested}", language) if row.not_tested else "",
        )
        for row in counts.differences
    ]
    table += [(), *((note,) for note in tests_notes(counts, counts.differences, language))]
    formats = ("", "", "", "", "", "0.00", "0.##", "0.##", "0.0000", "0.0000", "0.00")
    yield Sheet(title, header, table, (30, 40, 14, 40, 14, 10, 8, 8, 10, 10, 10, 30), formats)
    title, *header = words("pairs")
    table = [
        (
            counts.question_labels[row.question],
            counts.code_labels[row.question, row.code_a],
            counts.code_labels[row.question, row.code_b],
            row.n,
            row.expected,
            row.jaccard,
        )
        for row in counts.pairs
    ]
    yield Sheet(title, header, table, (30, 40, 40), ("", "", "", "0", "0.0", "0.00"))


def _p_cell(p: float | None, p_is: str, language: str) -> float | str | None:
    """A number where it is exact, else a text with its sign."""
    return p if p is None or p_is == EXACT else p_text(p, language, p_is)


def _coverage_cells(counts: Counts, basis: Coverage) -> tuple[Any, ...]:
    label = counts.question_labels[basis.question]
    uncoded = 100 * basis.uncoded / basis.content if basis.content else None
    numbers = (basis.asked, basis.content, basis.coded, basis.uncoded, uncoded)
    if basis.question not in counts.open_questions:
        return label, *numbers
    ways = astuple(basis.settled)
    machine = basis.machine
    if not counts.source.machine:
        return label, *numbers, *ways[:-1]
    shares = (machine.share, machine.low, machine.high) if machine else ()
    return label, *numbers, *ways, *(100 * share for share in shares)


def _group_labels(counts: Counts, groups: Sequence[str]) -> str:
    return "; ".join(counts.subgroup_labels[name].partition(": ")[2] for name in groups)


def _question_sheet(counts: Counts, basis: Coverage, words: Sequence[str], places: str) -> Sheet:
    """A question: a row per code, and for all and each subgroup n, percent and its interval."""
    question_rows = [row for row in counts.rows if row.question == basis.question]
    names = list(dict.fromkeys(row.subgroup for row in question_rows))
    cells = {(row.code, row.subgroup): row for row in question_rows}
    code, n, share, low, high, coder_low, coder_high, weighted_share = words
    errors = counts.coder_intervals(basis.question)
    bounds = [coder_low, coder_high] if errors else []
    weighted = [weighted_share] if counts.effective_base is not None else []
    header, formats = [code], [""]
    bases: list[Any] = ["n ="]
    for name in names:
        label = counts.subgroup_labels[name]
        everyone = name == ALL_RESPONDENTS
        columns = [n, share, low, high, *bounds, *weighted] if everyone else [n, share]
        header += [f"{label}\n{column}" for column in columns]
        formats += ["0", *[places] * (len(columns) - 1)]
        base = next(row.base_n for row in question_rows if row.subgroup == name)
        bases += [base, *[None] * (len(columns) - 1)]
    rows: list[list[Any]] = [bases]
    for row_code in dict.fromkeys(row.code for row in question_rows):
        line: list[Any] = [counts.row_label(basis.question, row_code)]
        for name in names:
            row = cells[row_code, name]
            hidden = HIDDEN if row.suppressed else None
            line += [row.n if hidden is None else hidden, row.percent]
            if name == ALL_RESPONDENTS:
                line += [row.ci_low, row.ci_high]
                if errors:
                    error = errors.get((basis.question, row_code))
                    line += [error.low, error.high] if error else [None, None]
                line += [row.weighted.percent if row.weighted else None] * len(weighted)
        rows.append(line)
    return Sheet(basis.question, header, rows, (52, *[11] * (len(header) - 1)), formats)
