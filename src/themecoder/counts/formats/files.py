"""Counts as files: the contract's CSV and what goes beside it, a workbook, Word and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from themecoder.counts.count_rows import Count
from themecoder.counts.formats.latex import latex
from themecoder.counts.formats.sheets import sheets
from themecoder.counts.formats.view import TableView, views
from themecoder.counts.result import Counts
from themecoder.output.excel import workbook
from themecoder.output.word import WordTables
from themecoder.storage.atomic import csv_text

HEADER = (
    "question", "code", "subgroup", "n", "base_n", "percent", "ci_low", "ci_high", "suppressed",
)  # fmt: skip
WEIGHTED = ("question", "code", "subgroup", "percent", "ci_low", "ci_high")
NUMBERS = (
    "question", "subgroup", "n", "base_n", "mean", "sd", "median", "ci_low", "ci_high",
    "suppressed",
)  # fmt: skip
DIFFERENCES = (
    "question", "code", "attribute", "groups", "test", "statistic", "df", "p", "p_holm", "tested",
    "effect", "not_tested",
)  # fmt: skip
PAIRS = ("question", "code_a", "code_b", "n", "expected", "jaccard", "suppressed")
FORMATS = ("csv", "xlsx", "docx", "tex")


def stem(found: Counts) -> str:
    """What the files' names begin with: of what nobody confirmed they say so."""
    return "counts" if found.source.confirmed else "counts_unconfirmed"


def count_files(
    found: Counts, formats: Sequence[str], language: str, decimals: int
) -> dict[str, str | bytes]:
    """Name -> content. Numbers in CSVs have four decimals and a point, hidden ones are empty."""
    name = stem(found)
    contents: dict[str, str | bytes] = {}
    if "csv" in formats:
        contents[f"{name}.csv"] = csv_text(HEADER, map(_cells, found.rows))
        contents[f"{name}_differences.csv"] = csv_text(DIFFERENCES, _differences(found))
        contents[f"{name}_pairs.csv"] = csv_text(PAIRS, _pairs(found))
        if found.numbers:
            contents[f"{name}_numbers.csv"] = csv_text(NUMBERS, _numbers(found))
        if found.effective_base is not None:
            contents[f"{name}_weighted.csv"] = csv_text(WEIGHTED, _weighted(found))
    if "xlsx" in formats:
        contents[f"{name}.xlsx"] = workbook(list(sheets(found, language, decimals)))
    if "docx" in formats:
        contents[f"{name}.docx"] = _docx(views(found, language, decimals), language)
    if "tex" in formats:
        contents[f"{name}.tex"] = latex(views(found, language, decimals))
    return contents


def _docx(tables: Iterable[TableView], language: str) -> bytes:
    document = WordTables(language)
    for view in tables:
        document.table(view.title, view.header, view.rows, view.strong, " ".join(view.notes))
    return document.data


def _four(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _told(suppressed: object) -> str:
    # which of the hidden ones are small would tell more than their absence
    return "true" if suppressed else "false"


def _cells(row: Count) -> tuple[Any, ...]:
    return (
        row.question, row.code, row.subgroup, row.n, row.base_n, _four(row.percent),
        _four(row.ci_low), _four(row.ci_high), _told(row.suppressed),
    )  # fmt: skip


def _weighted(found: Counts) -> Iterable[tuple[Any, ...]]:
    for row in found.rows:
        if row.weighted is not None:
            share = row.weighted
            shown = (_four(share.percent), _four(share.ci_low), _four(share.ci_high))
            yield row.question, row.code, row.subgroup, *shown


def _numbers(found: Counts) -> Iterable[tuple[Any, ...]]:
    for row in found.numbers:
        yield (
            row.question, row.subgroup, row.n, row.base_n, _four(row.mean), _four(row.sd),
            _four(row.median), _four(row.ci_low), _four(row.ci_high), _told(row.suppressed),
        )  # fmt: skip


def _differences(found: Counts) -> Iterable[tuple[Any, ...]]:
    for row in found.differences:
        yield (
            row.question, row.code, row.attribute, " ".join(row.groups), row.test or "",
            _four(row.statistic), row.df, _p(row.p), _p(row.p_adjusted), row.tested or "",
            _four(row.effect), row.not_tested or "",
        )  # fmt: skip


def _p(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _pairs(found: Counts) -> Iterable[tuple[Any, ...]]:
    for row in found.pairs:
        yield (
            row.question, row.code_a, row.code_b, row.n, _four(row.expected), _four(row.jaccard),
            _told(row.suppressed),
        )  # fmt: skip
