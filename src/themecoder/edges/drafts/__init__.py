"""A draft of a report, in Word, markdown or plain text, as blocks: ``read_draft``."""

from __future__ import annotations

from pathlib import Path

from themecoder.drafts import Block
from themecoder.edges.drafts.kinds import kind_of
from themecoder.errors import InputError, Problem

__all__ = ["read_draft"]


def read_draft(file: Path) -> list[Block]:
    """The text of a draft in blocks, in its order; what Word keeps as deleted is not there.

    The format is found by what is in the file. Raises InputError for a file that is missing,
    empty, damaged or of another format, or that holds no text.
    """
    kind = kind_of(file)
    if kind == "docx":
        from themecoder.edges.drafts.word import word_blocks

        blocks = word_blocks(file)
    elif kind == "markdown":
        from themecoder.edges.drafts.markdown import markdown_blocks
        from themecoder.edges.drafts.plain import text_of

        blocks = markdown_blocks(text_of(file))
    else:
        from themecoder.edges.drafts.plain import plain_blocks, text_of

        blocks = plain_blocks(text_of(file))
    if not blocks:
        raise InputError(Problem("drafts.no_text", file=file))
    return blocks
