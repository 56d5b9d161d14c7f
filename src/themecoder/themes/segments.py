"""Answers cut into segments: the pieces that say one thing each."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an answer: ``text`` is the answer's ``[start:end]``."""

    answer_id: str
    start: int
    end: int
    text: str


_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")


def cut(answer_id: str, text: str, language: str = "nl") -> list[Segment]:
    """Cut an answer at sentence ends, semicolons and line breaks."""
    found = []
    for match in _SENTENCE.finditer(text):
        piece = match.group()
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.end() - (len(piece) - len(piece.rstrip()))
        if start < end:
            found.append(Segment(answer_id, start, end, text[start:end]))
    return found
