"""``themecoder correct``: what columns are taken for, and what a person knows better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import (
    JsonOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.survey.correction.columns import ColumnTaken
from themecoder.survey.correction.model import (
    Asked,
    Attribute,
    Coders,
    Correction,
    IdColumn,
    Include,
    TakeAs,
    Title,
    Wording,
)
from themecoder.workspace.corrections import correct_study, study_columns
from themecoder.workspace.folder import StudyFolder

_Several = list[str] | None


def correct(
    column: Annotated[_Several, typer.Argument(metavar="[COLUMN=KIND]...")] = None,
    study: StudyOption = Path(),
    title: Annotated[str | None, typer.Option("--title")] = None,
    coder: Annotated[_Several, typer.Option("--coder")] = None,
    adjudicator: Annotated[str | None, typer.Option("--adjudicator")] = None,
    id_column: Annotated[str | None, typer.Option("--id", metavar="COLUMN")] = None,
    include: Annotated[str | None, typer.Option("--include")] = None,
    asked: Annotated[_Several, typer.Option("--asked", metavar="ID=EXPR")] = None,
    text: Annotated[_Several, typer.Option("--text", metavar="ID=TEXT")] = None,
    attribute: Annotated[_Several, typer.Option("--attribute")] = None,
    no_attribute: Annotated[_Several, typer.Option("--no-attribute")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what each column is taken for, or correct study.toml; all else in it stays as it is."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        columns = [column.name for column in opened.export.columns]
        corrections: list[Correction] = list(_taken(column or (), columns))
        corrections += [Title(title)] if title is not None else []
        if coder or adjudicator is not None:
            names = tuple(coder or opened.config.coding.coders)
            corrections.append(Coders(names, adjudicator))
        corrections += [IdColumn(id_column)] if id_column else []
        corrections += [Include(include)] if include else []
        corrections += [Asked(*_pair(one, "ID=EXPR")) for one in asked or ()]
        corrections += [Wording(*_pair(one, "ID=TEXT")) for one in text or ()]
        corrections += [Attribute(_column(one, columns)) for one in attribute or ()]
        corrections += [Attribute(_column(one, columns), False) for one in no_attribute or ()]
        if corrections:
            opened = correct_study(opened, corrections)
        found = study_columns(opened)
        if as_json:
            print_json({"columns": [asdict(one) for one in found]})
            return
        _print_columns(found, language)
        if corrections:
            typer.echo(message("correct.done", language, file=opened.paths.config))


def _pair(said: str, expected: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not (name.strip() and sign and value.strip()):
        raise InputError(Problem("correct.not_understood", {"found": said, "expected": expected}))
    return name.strip(), value.strip()


def _taken(said: Sequence[str], columns: Sequence[str]) -> Iterator[TakeAs]:
    """What is said of columns; options, and rows of a matrix, that are named together are one."""
    kinds: dict[str, list[str]] = {}
    for one in said:
        name, sign, kind = one.rpartition("=")  # the name of a column may hold the sign
        if not sign or not name:
            params = {"found": one, "expected": "COLUMN=KIND"}
            raise InputError(Problem("correct.not_understood", params))
        kinds.setdefault(kind, []).append(_column(name, columns))
    for kind, names in kinds.items():
        if kind in ("option", "item"):
            yield TakeAs(tuple(names), kind)
        else:
            yield from (TakeAs((name,), kind) for name in names)


def _column(said: str, columns: Sequence[str]) -> str:
    """The column that a name or a number in the table means."""
    if said not in columns and said.isdigit() and 1 <= int(said) <= len(columns):
        return columns[int(said) - 1]
    return said


def _print_columns(found: Sequence[ColumnTaken], language: str) -> None:
    print_table(
        message("correct.header", language).split("|"),
        [
            (
                place,
                one.name,
                ", ".join(
                    message(f"correct.taken_{role}", language, id=name) for role, name in one.taken
                )
                or message("correct.taken_nothing", language),
                one.filled,
                one.distinct,
                " | ".join(f"{cell[:30]} ×{n}" for cell, n in one.examples[:3]),
            )
            for place, one in enumerate(found, start=1)
        ],
        right=(0, 3, 4),
    )
