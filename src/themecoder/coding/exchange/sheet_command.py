"""``themecoder coding sheet``: a workbook per coder to code in, for teams without a server."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.exchange.study_sheet import write_sheets
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
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def sheet(
    study: StudyOption = Path(),
    coder: Annotated[list[str] | None, typer.Option("--coder")] = None,
    question: Questions = None,
    with_columns: Annotated[list[str] | None, typer.Option("--with")] = None,
    ticks: Annotated[bool, typer.Option("--ticks")] = False,
    to: Annotated[Path | None, typer.Option("--to")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a workbook per coder with her planned answers to code in; it comes back by import."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        made = write_sheets(opened, coder or (), question or (), with_columns or (), ticks, to)
        if as_json:
            print_json([{**asdict(one), "file": str(one.file)} for one in made])
            return
        print_table(
            message("sheet.header", language).split("|"),
            [(one.coder, one.answers, one.filled, one.blind, one.file) for one in made],
            right=(1, 2, 3),
            whole=(4,),
        )
        typer.echo(message("sheet.done", language))
