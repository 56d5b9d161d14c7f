"""Estimates on the terminal."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from themecoder.coding.source import PPI
from themecoder.console import print_json, print_table
from themecoder.counts.estimates import PpiCounts
from themecoder.counts.ppi.files import views
from themecoder.workspace.folder import StudyFolder


def show_ppi(study: StudyFolder, found: PpiCounts, files: list[Path], as_json: bool) -> None:
    """Print the estimates with what they rest on, and the files that hold them."""
    if as_json:
        print_json(
            {
                "source": PPI,
                "human_source": str(found.source),
                "codebook": found.version,
                "base": found.base,
                "level": found.level,
                "not_coded": list(found.not_coded),
                "bases": [asdict(basis) for basis in found.bases],
                "rows": [asdict(row) for row in found.rows],
                "files": [str(file) for file in files],
            }
        )
        return
    language, decimals = study.config.interface_language, study.config.counts.decimals
    for view in views(found, language, decimals):
        typer.echo(view.title)
        print_table(view.header, view.rows, right=range(1, len(view.header)))
        for note in view.notes:
            typer.echo(note)
        typer.echo()
    for file in files:
        typer.echo(file)
