"""``themecoder schema``: what the files of a study may hold, for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import JsonOption, errors, language_of, print_json, print_table
from themecoder.contracts.schemas import CONTRACTS, schema
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.storage.atomic import write_together


def schema_command(
    name: Annotated[str | None, typer.Argument()] = None,
    write: Annotated[Path | None, typer.Option("--write")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON Schema of a file of a study that other tools rely on.

    Of a table it is the schema of a row, as an object of its cells; of coding that of a line.
    """
    with errors(Path(), as_json):
        language = language_of(Path())
        if write is not None:
            files = {f"{one}.json": schema_text(one) for one in CONTRACTS}
            write_together(write, files)
            typer.echo(message("contracts.written", language, n=len(files), folder=write))
        elif name is not None:
            if name not in CONTRACTS:
                params = {"found": name, "known": ", ".join(CONTRACTS)}
                raise InputError(Problem("contracts.unknown", params))
            typer.echo(schema_text(name), nl=False)
        elif as_json:
            print_json({one: {"file": c.file, "of": c.of} for one, c in CONTRACTS.items()})
        else:
            rows = [
                (one, c.file, message(f"contracts.of_{c.of}", language))
                for one, c in CONTRACTS.items()
            ]
            print_table(message("contracts.header", language).split("|"), rows)


def schema_text(name: str) -> str:
    """A schema as it is printed and published."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"
