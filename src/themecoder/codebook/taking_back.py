"""A typed change of a draft taken back: the codes that it was about are as in the release again."""

from __future__ import annotations

from dataclasses import replace

from themecoder.codebook.changes import Add, Change, Merge, Move, Redefine, Rename, Retire, Split
from themecoder.codebook.draft import Draft, need_code, need_free_label, refused
from themecoder.codebook.edits import move, redefine, rename

_NO_WHY = "-"
"""What is as it was released is no change, and no reason is kept of it."""


def last_change(draft: Draft, code: str) -> Change:
    """The last of the draft's changes that is about ``code``. Raises InputError where none is."""
    for change in reversed(draft.book.changes):
        if code in (change.codes if isinstance(change, Merge) else (change.code,)):
            return change
    raise refused("nothing_to_take_back", id=code)


def take_back(draft: Draft, change: Change) -> Draft:
    """``draft`` without ``change``, one of its own. Codes that a split made stay, and can be taken
    out. Raises InputError where later changes stand in its way: those are taken back first."""
    match change:
        case Add():
            return draft.without(change.code)
        case Rename():
            return rename(draft, change.code, change.before, _NO_WHY, again=True)
        case Move():
            group, parent = change.before, change.from_parent
            return move(
                draft, change.code, "" if parent else group, _NO_WHY, again=True, parent=parent
            )
        case Redefine():
            base = draft.base.find(change.code) if draft.base else None
            assert base is not None  # a change of a code that was never released is not recorded
            return redefine(
                draft,
                change.code,
                _NO_WHY,
                definition=base.definition,
                include=base.include,
                exclude=base.exclude,
                exclusive=base.exclusive,
                scale=base.scale,
                values=base.values,
                again=True,
            )
        case Merge():
            return _in_use_again(draft, change.codes, change)
        case Split() | Retire():
            return _in_use_again(draft, (change.code,), change)


def _in_use_again(draft: Draft, codes: tuple[str, ...], change: Change) -> Draft:
    made = draft.changed(changes=tuple(one for one in draft.book.changes if one is not change))
    revived = [one for one in draft.book.codes if one.id in codes]
    for code in revived:
        need_free_label(made, code.label, code.id)
        made = made.with_code(replace(code, retired=False))
    for code in revived:
        if code.parent:
            need_code(made, code.parent)
    return made
