"""Earlier codings in ``annotations/history/``, which only grows, and annotations that could not be
read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from themecoder.coding.annotations import codings_in, codings_text
from themecoder.coding.model import Coding
from themecoder.errors import InputError
from themecoder.storage import atomic as files


def add_to_history(file: Path, codings: Iterable[Coding]) -> None:
    """Add codings that are replaced; one that is there already is not added again."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    known = set(text.split("\n"))
    new = [line for line in codings_text(codings).split("\n") if line and line not in known]
    if new:
        files.write_text(file, text + "".join(f"{line}\n" for line in dict.fromkeys(new)))


def read_history(file: Path) -> list[Coding]:
    """The codings that were replaced, oldest first; there may be several of an answer.

    Raises InputError with every line that can't be read.
    """
    if not file.is_file():
        return []
    codings, problems = codings_in(file)
    if problems:
        raise InputError(problems)
    return [coding for _, coding in codings]


def write_unread(file: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Keep whole the annotations that could not be read; without any, an existing file becomes
    empty."""
    lines = sorted(json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records)
    if lines or file.is_file():
        files.write_text(file, "".join(f"{line}\n" for line in lines))
