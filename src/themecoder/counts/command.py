"""``themecoder counts``: respondents per code, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.read import source_for
from themecoder.coding.source import PPI
from themecoder.console import (
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.counts.audit import ToldCount, write_audit
from themecoder.counts.audit import audit_disclosure as disclosure_audit
from themecoder.counts.count_rows import Count
from themecoder.counts.formats.coverage import coverage_notes
from themecoder.counts.formats.view import HIDDEN, percent, source_notes
from themecoder.counts.ppi.audit import audit_estimates
from themecoder.counts.ppi.shown import show_ppi
from themecoder.counts.ppi.study_ppi import study_ppi, write_ppi
from themecoder.counts.result import ALL_QUESTIONS, Counts
from themecoder.counts.study_counts import study_counts, write_counts
from themecoder.counts.study_trend import (
    study_trend,
    trend_header,
    trend_rows,
    with_waves,
    write_trend,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def counts(
    study: StudyOption = Path(),
    question: Questions = None,
    source: Annotated[str | None, typer.Option("--source")] = None,
    by: Annotated[list[str] | None, typer.Option("--by")] = None,
    base: Annotated[str | None, typer.Option("--base")] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", "-f")] = None,
    trend: Annotated[str | None, typer.Option("--trend")] = None,
    audit_disclosure: Annotated[bool, typer.Option("--audit-disclosure")] = False,
    as_json: JsonOption = False,
) -> None:
    """Count respondents per code, with bases, intervals and subgroups; writes reports/counts.*."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        if trend is not None:
            if source == PPI:
                raise InputError(Problem("counts.trend.no_estimates"))
            by = with_waves(opened, by, trend)
        if source == PPI:
            if audit_disclosure:
                whose = source_for(opened, source, ppi=True)
                told = audit_estimates(opened, whose, question or (), by or (), base)
                _print_told(opened, told, as_json)
                return
            estimates = study_ppi(opened, question or (), by or (), base)
            written = write_ppi(opened, estimates, formats or ("csv", "xlsx"))
            show_ppi(opened, estimates, written, as_json)
            return
        chosen = source_for(opened, source, machine=True) if source else None
        if audit_disclosure:
            found = disclosure_audit(opened, question or (), chosen, by, base)
            _print_told(opened, found, as_json)
            return
        result = study_counts(opened, question or (), chosen, by, base)
        changes = [] if trend is None else study_trend(result, trend)
        files = write_counts(opened, result, formats or ("csv", "xlsx"))
        if changes:
            files.append(write_trend(opened, result, changes))
        if as_json:
            print_json(_json_data(result, files) | {"trend": [asdict(one) for one in changes]})
            return
        language, decimals = opened.config.interface_language, opened.config.counts.decimals
        _print_counts(result, language, decimals)
        for asked in result.open_questions if changes else ():
            rows = trend_rows(result, changes, asked, language, decimals)
            title = message("counts.trend.title", language, question=_heading(asked, language))
            print_table(trend_header(language), rows, title)
        if changes:
            typer.echo(message("counts.trend.note", language))
        for file in files:
            typer.echo(file)


def _print_told(study: StudyFolder, found: Sequence[ToldCount], as_json: bool) -> None:
    """Print what is told, and exit with 1 where anything is."""
    file = write_audit(study, found)
    language = study.config.interface_language
    if as_json:
        print_json({"told": [asdict(one) for one in found], "file": str(file)})
    elif found:
        header = message("counts.audit.header", language).split("|")
        cells = [
            (one.file, one.question, one.code, one.subgroup, f"{one.least}-{one.most}")
            for one in found
        ]
        print_table(header, cells, right=(4,))
    if not as_json:
        typer.echo(message("counts.audit.told", language, n=len(found)))
    if found:
        raise typer.Exit(1)


def _json_data(result: Counts, files: list[Path]) -> dict[str, object]:
    return {
        "source": str(result.source),
        "confirmed": result.source.confirmed,
        "codebook": result.version,
        "base": result.base,
        "level": result.level,
        "not_coded": list(result.not_coded),
        "left_out": {basis.question: basis.settled.left_out for basis in result.bases},
        "bases": [asdict(basis) for basis in result.bases],
        "rows": [asdict(row) | {"suppressed": row.suppressed is not None} for row in result.rows],
        "numbers": [asdict(row) for row in result.numbers],
        "differences": [asdict(row) for row in result.differences],
        "pairs": [asdict(row) | {"suppressed": row.suppressed is not None} for row in result.pairs],
        "files": [str(file) for file in files],
    }


def _print_counts(result: Counts, language: str, decimals: int) -> None:
    """Print the open questions side by side, for all respondents together."""
    questions = result.open_questions or tuple(basis.question for basis in result.bases)
    bases = {basis.question: basis for basis in result.bases}
    rows = {(r.question, r.code): r for r in result.rows if r.subgroup == "all"}
    size = "asked" if result.base == "asked" else "content"
    header = [message("counts.table.code", language)]
    header += [f"{_heading(q, language)}\n(n = {getattr(bases[q], size)})" for q in questions]
    table = []
    for code in dict.fromkeys(code for q, code in rows if q in questions):
        code_rows = [rows.get((q, code)) for q in questions]
        cells = [_cell(row, decimals, language) for row in code_rows]
        label = next(result.code_labels[q, code] for q in questions if (q, code) in rows)
        table.append([label, *cells])
    print_table(header, table, right=range(1, len(header)))
    lines = source_notes(result, language)
    for question in result.open_questions:
        for note in coverage_notes(bases[question], language):
            lines.append(f"{_heading(question, language)}: {note}")
    lines.append(message(f"counts.note.base_{result.base}", language))
    if any(row.suppressed for row in rows.values()):
        lines.append(message("counts.note.hidden", language, mark=HIDDEN, smallest=result.smallest))
    for line in lines:
        typer.echo(line)


def _heading(question: str, language: str) -> str:
    return message("counts.label.together", language) if question == ALL_QUESTIONS else question


def _cell(row: Count | None, decimals: int, language: str) -> str:
    if row is None:
        return ""
    share = percent(row, decimals, language)
    return share if row.n is None else f"{share} ({row.n})"
