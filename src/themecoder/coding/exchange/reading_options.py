"""The options of commands that read a file of coding, as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from themecoder.coding.exchange.reading import EMPTY, ROWS, ReadingOptions
from themecoder.errors import InputError, Problem

Columns = Annotated[list[str] | None, typer.Option("--column")]
Sheets = Annotated[list[str] | None, typer.Option("--sheet")]
HeadingRow = Annotated[int | None, typer.Option("--heading", min=1)]
Separator = Annotated[str, typer.Option("--separator")]
Empty = Annotated[str, typer.Option("--empty")]
RowsOption = Annotated[str, typer.Option("--rows")]


def reading_options(
    columns: Sequence[str] | None,
    question: str,
    separator: str,
    empty: str,
    rows: str,
    sheets: Sequence[str] | None,
    heading: int | None,
) -> ReadingOptions:
    """The options as they were typed. Raises InputError with all that are none."""
    stated: dict[str, str] = {}
    problems = []
    for text in columns or ():
        meaning, sign, name = text.partition("=")
        if not sign or not name.strip():
            problems.append(Problem("exchange.column_option", {"found": text}))
        stated[name.strip()] = meaning.strip()
    for option, found, known in (("empty", empty, EMPTY), ("rows", rows, ("", *ROWS))):
        if found not in known:
            params = {"option": option, "found": found, "known": ", ".join(filter(None, known))}
            problems.append(Problem("exchange.option", params))
    if problems:
        raise InputError(problems)
    sign = {"\\n": "\n", "\\t": "\t"}.get(separator, separator)
    return ReadingOptions(stated, question, sign, empty, rows, tuple(sheets or ()), heading)
