"""A draft in plain text: its paragraphs, at the line that each begins on."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.figures.drafts.model import Block, Place
from themecoder.storage.encodings import find_encoding

_WRAPPED = 50
"""A line of at least so many characters that ends no sentence goes on in the next one."""


def text_of(file: Path) -> str:
    """The text of a file, in whichever western encoding it is, NFC, line ends as "\\n".

    Raises InputError, with the line, for bytes that are no text.
    """
    try:
        encoding = find_encoding(file)
        text = file.read_bytes().decode(encoding)
    except InputError as error:
        problem = error.problems[0]
        raise InputError(Problem("drafts.encoding", file=file, row=problem.row)) from error
    except UnicodeError as error:
        raise InputError(Problem("drafts.encoding", file=file)) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise InputError(Problem("drafts.encoding", file=file, row=row))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs of a plain text; lines that a mail program or editor broke are joined."""
    blocks: list[Block] = []
    open_line = ""
    for number, typed in enumerate(text.split("\n"), start=1):
        line = " ".join(typed.split())
        if line and open_line:
            last = blocks.pop()
            blocks.append(Block(last.place, f"{last.text} {line}"))
        elif line:
            blocks.append(Block(Place("line", number), line))
        goes_on = len(line) >= _WRAPPED and line[-1] not in ".!?:;"
        open_line = line if goes_on else ""
    return blocks
