"""Counts as files: the contract's CSV and what goes beside it, a workbook, Word and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from themecoder.counts.formats.latex import latex
from themecoder.counts.formats.sheets import sheets
from themecoder.counts.formats.view import TableView, views
from themecoder.counts.numbers import WEIGHTED_FIELDS
from themecoder.counts.result import Counts
from themecoder.output.excel import workbook
from themecoder.output.word import WordTables
from themecoder.plugins import find_plugin, is_plugin
from themecoder.storage.atomic import csv_text

HEADER = (
    "question",
    "code",
    "subgroup",
    "n",
    "base_n",
    "percent",
    "ci_low",
    "ci_high",
    "suppressed",
    "coded_n",
    "uncoded_n",
)
WEIGHTED = ("question", "code", "subgroup", "percent", "ci_low", "ci_high")
NUMBERS = (
    "question",
    "subgroup",
    "n",
    "base_n",
    "mean",
    "sd",
    "median",
    "ci_low",
    "ci_high",
    "suppressed",
)
DIFFERENCES = (
    "question",
    "code",
    "attribute",
    "groups",
    "test",
    "statistic",
    "df",
    "p",
    "p_holm",
    "tested",
    "effect",
    "not_tested",
    "df2",
    "p_is",
    "p_holm_is",
)
CODER_ERROR = (
    "question",
    "code",
    "n",
    "base_n",
    "percent",
    "low",
    "high",
    "double_coded",
    "method",
)
MACHINE = ("question", "share", "low", "high", "right", "tried", "answers")
PAIRS = ("question", "code_a", "code_b", "n", "expected", "jaccard", "suppressed")
FORMATS = ("csv", "xlsx", "docx", "tex")


def stem(counts: Counts) -> str:
    """What the files' names begin with; it says so where nobody confirmed the coding, or the
    machine coded a part."""
    if counts.source.machine:
        return "counts_with_machine"
    return "counts" if counts.source.confirmed else "counts_unconfirmed"


def count_files(
    counts: Counts, formats: Sequence[str], language: str, decimals: int
) -> dict[str, str | bytes]:
    """File name -> content. Numbers in CSVs have four decimals and a point; hidden ones are
    empty."""
    name = stem(counts)
    contents: dict[str, str | bytes] = {}
    if "csv" in formats:
        contents[f"{name}.csv"] = _table(HEADER, counts.rows)
        contents[f"{name}_differences.csv"] = _table(DIFFERENCES, counts.differences)
        contents[f"{name}_pairs.csv"] = _table(PAIRS, counts.pairs)
        if counts.coder_errors:
            contents[f"{name}_coder_error.csv"] = _table(CODER_ERROR, counts.coder_errors)
        machine = [basis.machine for basis in counts.bases if basis.machine]
        if machine:
            contents[f"{name}_accuracy.csv"] = _table(MACHINE, machine)
        weighted = WEIGHTED_FIELDS if counts.effective_base is not None else ()
        if counts.numbers:
            contents[f"{name}_numbers.csv"] = _table(NUMBERS + weighted, counts.numbers)
        if counts.effective_base is not None:
            contents[f"{name}_weighted.csv"] = csv_text(WEIGHTED, _weighted(counts))
    if "xlsx" in formats:
        contents[f"{name}.xlsx"] = workbook(list(sheets(counts, language, decimals)))
    if "docx" in formats:
        contents[f"{name}.docx"] = _docx(views(counts, language, decimals), language)
    if "tex" in formats:
        contents[f"{name}.tex"] = latex(views(counts, language, decimals))
    for one in formats:
        if is_plugin(one):
            plugin = find_plugin("count_formats", one)
            make = plugin.load()
            with plugin.running():
                made = make(counts, language=language, decimals=decimals)
            if not isinstance(made, str | bytes):
                raise plugin.refused("unfit", found=type(made).__name__, expected="str, bytes")
            contents[f"{name}.{plugin.name}"] = made
    return contents


def _docx(tables: Iterable[TableView], language: str) -> bytes:
    document = WordTables(language)
    for view in tables:
        document.table(view.title, view.header, view.rows, view.strong, " ".join(view.notes))
    return document.data


_FIELDS = {"p_holm": "p_adjusted", "p_holm_is": "p_adjusted_is"}
"""The fields that have another name in the files."""


def _table(header: Sequence[str], rows: Iterable[object]) -> str:
    """A CSV with a column for each field that ``header`` names."""
    fields = [_FIELDS.get(name, name) for name in header]
    return csv_text(header, ([_cell(name, getattr(row, name)) for name in fields] for row in rows))


def _cell(field: str, value: Any) -> Any:
    if field == "suppressed":
        # why a count is hidden would reveal which of the hidden ones are small
        return "true" if value else "false"
    if value is None or (field == "tested" and not value):
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, float):
        return f"{value:.3g}" if field in ("p", "p_adjusted") else f"{value:.4f}"
    return value


def _weighted(counts: Counts) -> Iterable[tuple[str, ...]]:
    for row in counts.rows:
        if row.weighted is not None:
            share = row.weighted
            numbers = (share.percent, share.ci_low, share.ci_high)
            cells = (_cell("percent", number) for number in numbers)
            yield row.question, row.code, row.subgroup, *cells
