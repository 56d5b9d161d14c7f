"""Typed edits of a draft: each gives a new draft in which the change and its why are recorded.

A code that no released version has is still free: it may be changed and taken out without a trace,
as nothing was coded with it. Where an edit would undo what somebody else recorded in the same
draft, it is refused unless ``replace`` says that this is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from themecoder.codebook.changes import Add, Merge, Move, Redefine, Rename, Retire, Split
from themecoder.codebook.diff import MEANING
from themecoder.codebook.draft import (
    Draft,
    need_code,
    need_free_label,
    need_nothing_below,
    need_place,
    need_why,
    refused,
)
from themecoder.codebook.model import Code, Example, Group, Value
from themecoder.errors import InputError, Problem

ID = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")


def add(draft: Draft, code: Code, why: str) -> Draft:
    """A new code. Raises InputError where its id was ever used, or its label is another's."""
    need_why(why)
    if not ID.fullmatch(code.id):
        raise refused("bad_id", id=code.id)
    if (known := draft.book.find(code.id)) is not None:
        raise refused("id_used", id=code.id, label=known.label, retired=known.retired)
    need_free_label(draft, code.label, code.id)
    group = need_place(draft, code.group, code.parent)
    codes, tree = list(draft.book.codes), draft.book.tree
    family = {code.parent, *tree.below(code.parent)} if code.parent else ()
    beside = [
        place
        for place, other in enumerate(codes)
        if (other.id in family if code.parent else other.group == group)
    ]
    codes.insert(beside[-1] + 1 if beside else len(codes), replace(code, group=group))
    changed = draft.changed(codes=tuple(codes))
    return changed.recorded(Add(code.id, why)) if draft.base is not None else changed


def add_group(draft: Draft, group: Group) -> Draft:
    """A new group, last in the row; the same group twice changes nothing."""
    if group in draft.book.groups:
        return draft
    if not ID.fullmatch(group.id):
        raise refused("bad_id", id=group.id)
    for known in draft.book.groups:
        if known.id == group.id or known.label.casefold() == group.label.casefold():
            raise refused("group_used", id=known.id, label=known.label)
    return draft.changed(groups=(*draft.book.groups, group))


def remove_group(draft: Draft, group: str) -> Draft:
    """A group that no code is in goes. Raises InputError where one is, retired or not."""
    if inside := [code.id for code in draft.book.codes if code.group == group]:
        raise refused("group_has_codes", group=group, codes=", ".join(inside))
    return draft.changed(groups=tuple(g for g in draft.book.groups if g.id != group))


def rename(draft: Draft, code: str, label: str, why: str, again: bool = False) -> Draft:
    """Another label for a code that means the same."""
    old = need_code(draft, code)
    if label == old.label:
        return draft
    need_why(why)
    need_free_label(draft, label, code)
    changed = draft.with_code(replace(old, label=label))
    if not draft.released(code):
        return changed
    changed, superseded = changed.without_earlier_change(Rename, code, again)
    first = superseded.before if isinstance(superseded, Rename) else old.label
    return changed if first == label else changed.recorded(Rename(code, first, label, why))


def move(
    draft: Draft, code: str, group: str, why: str, again: bool = False, parent: str = ""
) -> Draft:
    """Another group for a code, or another code above it; what is below it goes along.

    Below a ``parent`` the group is that of the top, and may be left out.
    """
    old = need_code(draft, code)
    tree = draft.book.tree
    if parent == code or parent in tree.below(code):
        raise refused("parent_ring", id=code, parent=parent)
    group = need_place(draft, group, parent)
    if (group, parent) == (old.group, old.parent):
        return draft
    need_why(why)
    changed = draft.with_code(replace(old, group=group, parent=parent))
    for one in map(draft.book.find, tree.below(code)):
        assert one is not None  # it is in the tree of the book
        changed = changed.with_code(replace(one, group=group))
    if not draft.released(code):
        return changed
    changed, superseded = changed.without_earlier_change(Move, code, again)
    first = (old.group, old.parent)
    if isinstance(superseded, Move):
        first = (superseded.before, superseded.from_parent)
    if first[1] == parent and (parent or first[0] == group):
        return changed
    return changed.recorded(Move(code, first[0], group, why, first[1], parent))


def redefine(
    draft: Draft,
    code: str,
    why: str,
    *,
    definition: str | None = None,
    include: str | None = None,
    exclude: str | None = None,
    exclusive: bool | None = None,
    scale: str | None = None,
    values: tuple[Value, ...] | None = None,
    recode: bool = True,
    again: bool = False,
) -> Draft:
    """Another definition, include or exclude text, other values; None keeps what there is.

    ``recode`` false: the wording is better but nothing else is covered, so that codings stand.
    """
    old = need_code(draft, code)
    given = {
        "definition": definition,
        "include": include,
        "exclude": exclude,
        "exclusive": exclusive,
        "scale": scale,
        "values": values,
    }
    new = replace(old, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    if new == old:
        return draft
    need_why(why)
    changed = draft.with_code(new)
    if not draft.released(code):
        return changed
    changed, superseded = changed.without_earlier_change(Redefine, code, again)
    base = draft.base.find(code) if draft.base else None
    if base and all(getattr(base, name) == getattr(new, name) for name in MEANING):
        return changed
    asked = recode or (isinstance(superseded, Redefine) and superseded.recode)
    return changed.recorded(Redefine(code, why, asked))


def values_of(texts: Sequence[str]) -> tuple[Value, ...]:
    """Values as they are typed, ``id=label``. Raises InputError for each that is no such thing."""
    pairs = [text.partition("=") for text in texts]
    wrong = [
        Problem("codebook.edit.bad_value", {"found": text})
        for text, (value, _, label) in zip(texts, pairs, strict=True)
        if not ID.fullmatch(value.strip()) or not label.strip()
    ]
    if wrong:
        raise InputError(wrong)
    return tuple(Value(value.strip(), label.strip()) for value, _, label in pairs)


def annotate(draft: Draft, code: str, memo: str) -> Draft:
    """Another memo for a code, which changes nothing of what it means."""
    return draft.with_code(replace(need_code(draft, code), memo=memo.strip()))


def illustrate(draft: Draft, code: str, examples: Sequence[Example]) -> Draft:
    """Other examples for a code, which change nothing of what it means; each sentence once."""
    once = {example.text: example for example in examples if example.text.strip()}
    return draft.with_code(replace(need_code(draft, code), examples=tuple(once.values())))


def retire(draft: Draft, code: str, why: str) -> Draft:
    """The code is no longer used; one that was never released is taken out."""
    old = need_code(draft, code)
    need_why(why)
    need_nothing_below(draft, [code])
    if not draft.released(code):
        return draft.without(code)
    return draft.with_code(replace(old, retired=True)).recorded(Retire(code, why))


def merge(draft: Draft, codes: Sequence[str], into: str, why: str) -> Draft:
    """What was coded with ``codes`` is from now on ``into``, a code that is in the draft."""
    need_why(why)
    if into in codes or len(set(codes)) != len(codes) or not codes:
        raise refused("merge_itself", into=into, codes=", ".join(codes))
    olds = [need_code(draft, code) for code in codes]
    target = need_code(draft, into)
    if target.exclusive and not all(old.exclusive for old in olds):
        raise refused("merge_exclusive", into=into)
    if lacking := sorted(
        {v.id for old in olds for v in old.values} - {v.id for v in target.values}
    ):
        raise refused("merge_values", into=into, values=", ".join(lacking))
    need_nothing_below(draft, codes)
    released = tuple(code for code in codes if draft.released(code))
    tree = draft.book.tree
    for old in sorted(olds, key=lambda old: tree.depth(old.id), reverse=True):
        if old.id in released:
            draft = draft.with_code(replace(old, retired=True))
        else:
            draft = draft.without(old.id)
    return draft.recorded(Merge(released, into, why)) if released else draft


def split(draft: Draft, code: str, into: Sequence[str], why: str) -> Draft:
    """A person says which of ``into``, codes of the draft, each answer with ``code`` belongs to."""
    need_why(why)
    old = need_code(draft, code)
    if code in into or len(set(into)) != len(into) or len(into) < 2:
        raise refused("split_few", code=code)
    for target in into:
        need_code(draft, target)
    need_nothing_below(draft, [code])
    if not draft.released(code):
        return draft.without(code)
    retired = draft.with_code(replace(old, retired=True))
    return retired.recorded(Split(code, tuple(into), why))
