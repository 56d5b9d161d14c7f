"""Earlier codings in ``annotations/history/``, which only grows, and annotations that could not be
read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from themecoder.coding.annotations import codings_in, lines_text
from themecoder.coding.model import Coding
from themecoder.errors import InputError
from themecoder.storage import atomic as files


def add_to_history(file: Path, codings: Iterable[Coding]) -> None:
    """Add codings that are replaced; one that is there already is not added again, also where its
    quotes were masked otherwise."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    with_more = history_text(text, codings)
    if with_more != text:
        files.write_text(file, with_more)


def history_text(text: str, codings: Iterable[Coding]) -> str:
    """The text of a history to which ``codings`` are added; see ``add_to_history``."""
    known = {_said(line) for line in text.split("\n") if line}
    for coding in sorted(codings, key=lambda coding: coding.answer_id):
        line = lines_text([coding])
        if _said(line) not in known:
            known.add(_said(line))
            text += line
    return text


def history_files(folder: Path) -> list[Path]:
    """Every file of earlier coding below ``annotations/``, sorted by path."""
    history = folder / "history"
    return sorted(file for file in history.glob("*/*.jsonl") if file.parent.name != "unread")


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


def _said(line: str) -> str:
    """What a line says but for the words of its quotes, which go by the masks of the day."""
    try:
        record = json.loads(line)
        quotes = [{**quote, "text": ""} for quote in record["quotes"]]
        return json.dumps({**record, "quotes": quotes, "format": None}, sort_keys=True)
    except (ValueError, TypeError, KeyError):
        return line  # damaged: it stays as it is


def write_unread(file: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Keep whole the annotations that could not be read; without any, an existing file becomes
    empty."""
    lines = sorted(json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records)
    if lines or file.is_file():
        files.write_text(file, "".join(f"{line}\n" for line in lines))
