"""Typed edits of a draft: each gives a new draft in which the change and its why are recorded.

A code that no released version has is still free: it may be changed and taken out without a trace,
as nothing was coded with it. Where an edit would undo what somebody else recorded in the same
draft, it is refused unless ``replace`` says that this is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.changes import (
    Add,
    Change,
    Merge,
    Move,
    Redefine,
    Rename,
    Retire,
    Split,
    concerned,
)
from themecoder.codebook.diff import MEANING
from themecoder.codebook.model import Code, Codebook, Example, Group, Value
from themecoder.codebook.versions import next_version
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean

ID = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version of a codebook: ``base`` is the newest release, None before the first."""

    base: Codebook | None
    book: Codebook

    def released(self, code: str) -> bool:
        """Whether a released version has the code: then its edits are typed changes."""
        return self.base is not None and self.base.find(code) is not None


def add(draft: Draft, code: Code, why: str) -> Draft:
    """A new code. Raises InputError where its id was ever used, or its label is another's."""
    _need_why(why)
    if not ID.fullmatch(code.id):
        raise _refused("bad_id", id=code.id)
    if (known := draft.book.find(code.id)) is not None:
        raise _refused("id_used", id=code.id, label=known.label, retired=known.retired)
    _need_free_label(draft, code.label, code.id)
    group = _need_place(draft, code.group, code.parent)
    codes, tree = list(draft.book.codes), draft.book.tree
    family = {code.parent, *tree.below(code.parent)} if code.parent else ()
    beside = [
        place
        for place, other in enumerate(codes)
        if (other.id in family if code.parent else other.group == group)
    ]
    codes.insert(beside[-1] + 1 if beside else len(codes), replace(code, group=group))
    changed = _changed(draft, codes=tuple(codes))
    return _record(changed, Add(code.id, why)) if draft.base is not None else changed


def add_group(draft: Draft, group: Group) -> Draft:
    """A new group, last in the row; the same group twice changes nothing."""
    if group in draft.book.groups:
        return draft
    if not ID.fullmatch(group.id):
        raise _refused("bad_id", id=group.id)
    for known in draft.book.groups:
        if known.id == group.id or known.label.casefold() == group.label.casefold():
            raise _refused("group_used", id=known.id, label=known.label)
    return _changed(draft, groups=(*draft.book.groups, group))


def remove_group(draft: Draft, group: str) -> Draft:
    """A group that no code is in goes. Raises InputError where one is, retired or not."""
    if inside := [code.id for code in draft.book.codes if code.group == group]:
        raise _refused("group_has_codes", group=group, codes=", ".join(inside))
    return _changed(draft, groups=tuple(g for g in draft.book.groups if g.id != group))


def rename(draft: Draft, code: str, label: str, why: str, again: bool = False) -> Draft:
    """Another label for a code that means the same."""
    old = _need_code(draft, code)
    if label == old.label:
        return draft
    _need_why(why)
    _need_free_label(draft, label, code)
    changed = _with_code(draft, replace(old, label=label))
    if not draft.released(code):
        return changed
    changed, superseded = _without_earlier_change(changed, Rename, code, again)
    first = superseded.before if isinstance(superseded, Rename) else old.label
    return changed if first == label else _record(changed, Rename(code, first, label, why))


def move(
    draft: Draft, code: str, group: str, why: str, again: bool = False, parent: str = ""
) -> Draft:
    """Another group for a code, or another code above it; what is below it goes along.

    Below a ``parent`` the group is that of the top, and may be left out.
    """
    old = _need_code(draft, code)
    tree = draft.book.tree
    if parent == code or parent in tree.below(code):
        raise _refused("parent_ring", id=code, parent=parent)
    group = _need_place(draft, group, parent)
    if (group, parent) == (old.group, old.parent):
        return draft
    _need_why(why)
    changed = _with_code(draft, replace(old, group=group, parent=parent))
    for one in map(draft.book.find, tree.below(code)):
        assert one is not None  # it is in the tree of the book
        changed = _with_code(changed, replace(one, group=group))
    if not draft.released(code):
        return changed
    changed, superseded = _without_earlier_change(changed, Move, code, again)
    first = (old.group, old.parent)
    if isinstance(superseded, Move):
        first = (superseded.before, superseded.from_parent)
    if first[1] == parent and (parent or first[0] == group):
        return changed
    return _record(changed, Move(code, first[0], group, why, first[1], parent))


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
    old = _need_code(draft, code)
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
    _need_why(why)
    changed = _with_code(draft, new)
    if not draft.released(code):
        return changed
    changed, superseded = _without_earlier_change(changed, Redefine, code, again)
    base = draft.base.find(code) if draft.base else None
    if base and all(getattr(base, name) == getattr(new, name) for name in MEANING):
        return changed
    asked = recode or (isinstance(superseded, Redefine) and superseded.recode)
    return _record(changed, Redefine(code, why, asked))


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
    return _with_code(draft, replace(_need_code(draft, code), memo=memo.strip()))


def illustrate(draft: Draft, code: str, examples: Sequence[Example]) -> Draft:
    """Other examples for a code, which change nothing of what it means; each sentence once."""
    once = {example.text: example for example in examples if example.text.strip()}
    return _with_code(draft, replace(_need_code(draft, code), examples=tuple(once.values())))


def retire(draft: Draft, code: str, why: str) -> Draft:
    """The code is no longer used; one that was never released is taken out."""
    old = _need_code(draft, code)
    _need_why(why)
    _need_nothing_below(draft, [code])
    if not draft.released(code):
        return _without(draft, code)
    return _record(_with_code(draft, replace(old, retired=True)), Retire(code, why))


def merge(draft: Draft, codes: Sequence[str], into: str, why: str) -> Draft:
    """What was coded with ``codes`` is from now on ``into``, a code that is in the draft."""
    _need_why(why)
    if into in codes or len(set(codes)) != len(codes) or not codes:
        raise _refused("merge_itself", into=into, codes=", ".join(codes))
    olds = [_need_code(draft, code) for code in codes]
    target = _need_code(draft, into)
    if target.exclusive and not all(old.exclusive for old in olds):
        raise _refused("merge_exclusive", into=into)
    if lacking := sorted(
        {v.id for old in olds for v in old.values} - {v.id for v in target.values}
    ):
        raise _refused("merge_values", into=into, values=", ".join(lacking))
    _need_nothing_below(draft, codes)
    released = tuple(code for code in codes if draft.released(code))
    tree = draft.book.tree
    for old in sorted(olds, key=lambda old: tree.depth(old.id), reverse=True):
        if old.id in released:
            draft = _with_code(draft, replace(old, retired=True))
        else:
            draft = _without(draft, old.id)
    return _record(draft, Merge(released, into, why)) if released else draft


def split(draft: Draft, code: str, into: Sequence[str], why: str) -> Draft:
    """A person says which of ``into``, codes of the draft, each answer with ``code`` belongs to."""
    _need_why(why)
    old = _need_code(draft, code)
    if code in into or len(set(into)) != len(into) or len(into) < 2:
        raise _refused("split_few", code=code)
    for target in into:
        _need_code(draft, target)
    _need_nothing_below(draft, [code])
    if not draft.released(code):
        return _without(draft, code)
    return _record(_with_code(draft, replace(old, retired=True)), Split(code, tuple(into), why))


def _changed(draft: Draft, **changed: object) -> Draft:
    book = replace(draft.book, **changed)  # type: ignore[arg-type]
    return Draft(draft.base, replace(book, version=next_version(draft.base, book)))


def _record(draft: Draft, change: Change) -> Draft:
    return _changed(draft, changes=(*draft.book.changes, change))


def _with_code(draft: Draft, code: Code) -> Draft:
    return _changed(draft, codes=tuple(code if c.id == code.id else c for c in draft.book.codes))


def _without(draft: Draft, code: str) -> Draft:
    """The draft without a code that was never released, and without the change that added it."""
    others = [c for c in draft.book.changes if not (isinstance(c, Add) and c.code == code)]
    for change in others:
        if code in concerned(change):
            raise _refused("in_use", id=code, kind=change.kind)
    if below := draft.book.tree.children(code):
        raise _refused("has_below", id=code, codes=", ".join(below))
    return _changed(
        draft,
        codes=tuple(other for other in draft.book.codes if other.id != code),
        changes=tuple(others),
    )


def _without_earlier_change(
    draft: Draft, kind: type[Change], code: str, again: bool
) -> tuple[Draft, Change | None]:
    """The draft without its change of this kind to this code, and that change."""
    for change in draft.book.changes:
        if isinstance(change, kind) and code in concerned(change):
            if not again:
                raise _refused("already", kind=change.kind, id=code, why=change.why)
            rest = tuple(other for other in draft.book.changes if other is not change)
            return _changed(draft, changes=rest), change
    return draft, None


def _need_code(draft: Draft, code: str) -> Code:
    known = draft.book.find(code)
    if known is None:
        ids = [usable.id for usable in draft.book.usable]
        raise _refused("no_such_code", id=code, near=did_you_mean(code, ids))
    if known.retired:
        raise _refused("is_retired", id=code, label=known.label)
    return known


def _need_group(draft: Draft, group: str) -> None:
    ids = [known.id for known in draft.book.groups]
    if group and group not in ids:
        raise _refused("no_such_group", group=group, near=did_you_mean(group, ids))


def _need_place(draft: Draft, group: str, parent: str) -> str:
    """The group of a code that stands below ``parent``, or in ``group`` where that is ""."""
    if not parent:
        _need_group(draft, group)
        return group
    above = _need_code(draft, parent)
    if group not in ("", above.group):
        raise _refused("parent_group", group=group, parent=parent, known=above.group or "-")
    return above.group


def _need_nothing_below(draft: Draft, codes: Sequence[str]) -> None:
    """No code in use stands below one of ``codes`` that leave; those among them leave too."""
    for code in codes:
        for one in draft.book.tree.children(code):
            known = draft.book.find(one)
            if known is not None and not known.retired and one not in codes:
                raise _refused("has_below", id=code, codes=one)


def _need_free_label(draft: Draft, label: str, code: str) -> None:
    if not label.strip():
        raise _refused("no_label", id=code)
    for other in draft.book.usable:
        if other.id != code and other.label.casefold() == label.casefold():
            raise _refused("label_used", label=label, id=other.id)


def _need_why(why: str) -> None:
    if not why.strip():
        raise _refused("needs_why")


def _refused(key: str, **params: object) -> InputError:
    return InputError(Problem(f"codebook.edit.{key}", dict(params)))
