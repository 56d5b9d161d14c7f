"""What the commands on the codebook share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from themecoder.codebook.files.folder import DRAFT
from themecoder.codebook.model import Codebook
from themecoder.messages import message
from themecoder.output.numbers import decimal_text
from themecoder.workspace.folder import StudyFolder

Why = Annotated[str, typer.Option("--why")]
CodeId = Annotated[str, typer.Argument(metavar="CODE")]
Replace = Annotated[bool, typer.Option("--replace")]
Values = Annotated[list[str] | None, typer.Option("--value")]
Scale = Annotated[str | None, typer.Option("--scale")]
GroupLabel = Annotated[str, typer.Option("--group-label")]


def version_of(opened: StudyFolder, version: str | None) -> Codebook:
    """A version of the study's codebook as it is asked for; the newest where none is named."""
    folder = opened.codebooks
    folder.need_any()
    asked_for = version or folder.newest or DRAFT
    if asked_for == DRAFT:
        return folder.draft()[1].book
    return folder.read(asked_for)


def in_words_of(origin: dict[str, Any], language: str) -> str:
    params = {**origin, "stability": decimal_text(origin["stability"], 2, language)}
    text = message(f"codebook.origin.{origin['decision']}_words", language, **params)
    return f"{text} {origin['why']}".strip()
