"""A draft in markdown: paragraphs, headings and table rows without their marks, with their lines.

Code, HTML and the settings at the head of the file are no text of the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from themecoder.figures.drafts.files.tables import row_text
from themecoder.figures.drafts.model import Block, Place

if TYPE_CHECKING:
    from markdown_it.token import Token

_SETTINGS = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_NOTE = re.compile(r"\[\^[^\]]+\]:?")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a markdown text; places are its lines, and the heading above."""
    from markdown_it import MarkdownIt

    for left_out in (_SETTINGS, _COMMENT):
        text = left_out.sub(lambda match: "\n" * match[0].count("\n"), text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    blocks: list[Block] = []
    heading, row, header, level = "", list[str](), list[str](), ""
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        match token.type:
            case "heading_open" | "th_open" | "td_open" | "paragraph_open":
                level = token.type
            case "table_open":
                header = []
            case "tr_open":
                row = []
            case "tr_close":
                blocks.append(Block(Place("line", line, heading), row_text(row, header)))
                header = header or row
            case "inline":
                inline_text = _inline(token.children or [])
                if level in ("th_open", "td_open"):
                    row.append(inline_text)
                elif level == "heading_open":
                    heading = inline_text
                    blocks.append(Block(Place("heading", line, inline_text), inline_text))
                else:
                    blocks.append(Block(Place("line", line, heading), inline_text))
    return [block for block in blocks if block.text.strip()]


def _inline(tokens: Sequence[Token]) -> str:
    text = ""
    for token in tokens:
        if token.type == "text":
            text += token.content
        elif token.type == "hardbreak":
            text += "\n"
        elif token.type in ("softbreak", "code_inline"):
            text += " "
    return _NOTE.sub("", text).strip()
