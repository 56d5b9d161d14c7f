"""``themecoder coding import``: coding from a file of another tool, first as a dry run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.exchange.coders import CoderNames
from themecoder.coding.exchange.fetched_project import fetch_project
from themecoder.coding.exchange.import_report import import_data, print_import
from themecoder.coding.exchange.new_codes import add_new_codes
from themecoder.coding.exchange.reading_options import (
    Columns,
    Empty,
    HeadingRow,
    RowsOption,
    Separator,
    Sheets,
    reading_options,
)
from themecoder.coding.exchange.sheet_codings import each_once
from themecoder.coding.exchange.study_import import (
    CodingImport,
    ImportOptions,
    plan_coding_import,
    require_taken,
    write_coding_import,
    write_mapping,
)
from themecoder.console import (
    Insecure,
    JsonOption,
    StudyOption,
    errors,
    print_json,
    show_problems,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def import_coding(
    file: Annotated[Path | None, typer.Argument()] = None,
    study: StudyOption = Path(),
    apply: Annotated[bool, typer.Option("--apply")] = False,
    column: Columns = None,
    coder: Annotated[list[str] | None, typer.Option("--coder")] = None,
    question: Annotated[str, typer.Option("--question", "-q")] = "",
    codebook: Annotated[str, typer.Option("--codebook")] = "",
    sheet: Sheets = None,
    heading: HeadingRow = None,
    separator: Separator = "",
    empty: Empty = "unseen",
    rows: RowsOption = "",
    mapping: Annotated[Path | None, typer.Option("--mapping")] = None,
    keep_mapping: Annotated[bool, typer.Option("--write-mapping")] = False,
    new_codes: Annotated[bool, typer.Option("--new-codes")] = False,
    why: Annotated[str, typer.Option("--why")] = "",
    partial: Annotated[bool, typer.Option("--partial")] = False,
    project: Annotated[int | None, typer.Option("--project")] = None,
    url: Annotated[str | None, typer.Option("--label-studio")] = None,
    insecure: Insecure = False,
    as_json: JsonOption = False,
) -> None:
    """Take over coding that was made elsewhere; a dry run unless --apply.

    Says what each column was taken for, which answer and which code each row is, what is added,
    what is here already and what differs from it. Nothing that is here is overwritten.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        if new_codes and apply:
            raise InputError(Problem("exchange.new_codes_first"))
        options = ImportOptions(
            reading_options(column, question, separator, empty, rows, sheet, heading),
            CoderNames.parse(coder or ()),
            codebook,
            mapping,
        )
        if (file is None) == (project is None):
            raise InputError(Problem("exchange.file_or_project"))
        with opened.locked():
            if file is None:
                file = fetch_project(opened, project or 0, url, insecure)
            planned = plan_coding_import(opened, file, options)
            if as_json:
                print_json(import_data(planned, language))
            else:
                print_import(planned, language)
            if new_codes:
                reason = why or message("exchange.said.why", language, file=file.name)
                _say_new(add_new_codes(opened, planned, reason), planned, language, as_json)
                return
            if keep_mapping:
                write_mapping(planned)
                _say("mapping", language, as_json, file=planned.mapping)
            require_taken(planned, partial)
            if planned.problems and not as_json:
                show_problems(list(each_once(planned.problems)), language)
            if apply:
                written = write_coding_import(opened, planned)
                _say("written", language, as_json, n=len(planned.plan.new), files=len(written))
            elif planned.plan.new:
                _say("dry", language, as_json)


def _say(key: str, language: str, as_json: bool, **params: object) -> None:
    """A line about what was done; beside JSON on stderr."""
    typer.echo(message(f"exchange.said.{key}", language, **params), err=as_json)


def _say_new(codes: Sequence[object], planned: CodingImport, language: str, as_json: bool) -> None:
    if not codes:
        _say("no_new", language, as_json)
        return
    _say("new", language, as_json, n=len(codes), file=planned.mapping)
