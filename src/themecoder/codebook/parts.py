"""A split into parts of which some are new."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.codebook.draft import Draft, need_code
from themecoder.codebook.edits import add, split
from themecoder.codebook.model import Code
from themecoder.codebook.order import place_beside
from themecoder.codebook.origins import fresh_id


def split_into(draft: Draft, code: str, new: Sequence[str], into: Sequence[str], why: str) -> Draft:
    """``code`` split into the codes ``into`` and ``new`` ones, by their labels, which stand where
    it stood and are expected at the same questions; what they cover is still to be written."""
    old = need_code(draft, code)
    made = draft
    parts: list[str] = []
    for label in new:
        part = fresh_id(label, [one.id for one in made.book.codes])
        one = Code(part, label.strip(), old.group, questions=old.questions, parent=old.parent)
        made = place_beside(add(made, one, why), part, [code, *parts][-1], why, after=True)
        parts.append(part)
    return split(made, code, [*into, *parts], why)
