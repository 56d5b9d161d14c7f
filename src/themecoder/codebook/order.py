"""The order of the codes of a draft, which is how coders are shown them. It changes no coding."""

from __future__ import annotations

from themecoder.codebook.draft import Draft, need_code, refused
from themecoder.codebook.edits import move


def place_beside(draft: Draft, code: str, beside: str, why: str, *, after: bool) -> Draft:
    """``code`` right before or ``after`` another one: in its group, and below the code that it
    stands below. What stands below ``code`` goes along.

    ``why`` is told only where the group or the code above differs, which is a typed change.
    """
    other = need_code(draft, beside)
    need_code(draft, code)
    tree = draft.book.tree
    below = tree.below(code)
    if beside == code:
        return draft
    if beside in below:
        raise refused("parent_ring", id=code, parent=beside)
    moved = move(draft, code, other.group, why, again=True, parent=other.parent)
    family = {code, *below}
    own = [one for one in moved.book.codes if one.id in family]
    rest = [one for one in moved.book.codes if one.id not in family]
    at = [one.id for one in rest].index(beside)
    if after:
        at += 1
        # what stands right behind the other one and below it stays with it
        while at < len(rest) and rest[at].id in tree.below(beside):
            at += 1
    codes = (*rest[:at], *own, *rest[at:])
    return moved if codes == moved.book.codes else moved.changed(codes=codes)


def step(draft: Draft, code: str, by: int) -> Draft:
    """``code`` so many places further down (up where negative) among the codes in use of its group
    and below the same code; no further than the first and the last."""
    own = need_code(draft, code)
    beside = [
        one.id
        for one in draft.book.in_order
        if not one.retired and (one.group, one.parent) == (own.group, own.parent)
    ]
    to = max(0, min(len(beside) - 1, beside.index(code) + by))
    return place_beside(draft, code, beside[to], "", after=by > 0)
