"""A block of text cut into sentences, numbers and abbreviations left whole."""

from __future__ import annotations

import re
from itertools import pairwise

_END = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*|\n)\s*")
_NEXT = re.compile(r"[\"'“„‘«(\[]*[^\W_a-zß-öø-ÿ]")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|bijv|bv|ca|circa|d\.w\.z|dr|drs|etc|fig|i\.p\.v|m\.a\.w|max|min|mr|nr|"
    r"o\.a|pag|blz|pp|par|prof|resp|tab|t\.o\.v|vgl|e\.g|i\.e|vs|no|approx|n\.v\.t)\.$"
    r"|^\s*\d{1,3}\.$",  # the number before a heading or in a list
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of ``text``, white space around it left out, in order."""
    cuts = [0]
    for end in _END.finditer(text):
        if end[0].startswith("\n"):
            cuts.append(end.end())
            continue
        follows = end[0][-1].isspace() and _NEXT.match(text, end.end())
        if follows and not _ABBREVIATION.search(text[cuts[-1] : end.start() + 1]):
            cuts.append(end.end())
    cuts.append(len(text))
    bounds = []
    for start, stop in pairwise(cuts):
        piece = text[start:stop]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            bounds.append((left, left + len(piece.strip())))
    return bounds
