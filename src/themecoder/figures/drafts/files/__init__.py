"""A draft of a report, in Word, markdown or plain text, as blocks: ``read_draft``."""

from __future__ import annotations

from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.figures.drafts.files.kinds import kind_of
from themecoder.figures.drafts.files.markdown import markdown_blocks
from themecoder.figures.drafts.files.plain import plain_blocks, text_of
from themecoder.figures.drafts.files.word import word_blocks
from themecoder.figures.drafts.model import Block

__all__ = ["read_draft"]


def read_draft(file: Path) -> list[Block]:
    """The text of a draft in blocks, in its order; what Word keeps as deleted is not there.

    The format is found by what is in the file. Raises InputError for a file that is missing,
    empty, damaged or of another format, or that holds no text.
    """
    kind = kind_of(file)
    if kind == "docx":
        blocks = word_blocks(file)
    elif kind == "markdown":
        blocks = markdown_blocks(text_of(file))
    else:
        blocks = plain_blocks(text_of(file))
    if not blocks:
        raise InputError(Problem("drafts.no_text", file=file))
    return blocks
