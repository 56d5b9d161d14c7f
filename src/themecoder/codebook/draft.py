"""The draft of a codebook, and what its typed edits are made of and refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.changes import Add, Change, concerned
from themecoder.codebook.model import Code, Codebook
from themecoder.codebook.versions import next_version
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version of a codebook: ``base`` is the newest release, None before the first."""

    base: Codebook | None
    book: Codebook

    def released(self, code: str) -> bool:
        """Whether a released version has the code: then its edits are typed changes."""
        return self.base is not None and self.base.find(code) is not None

    def changed(self, **changed: object) -> Draft:
        """The draft with other parts of its book, under the number that it then has."""
        book = replace(self.book, **changed)  # type: ignore[arg-type]
        return Draft(self.base, replace(book, version=next_version(self.base, book)))

    def recorded(self, change: Change) -> Draft:
        """The draft in which ``change``, which it has been given, is told."""
        return self.changed(changes=(*self.book.changes, change))

    def with_code(self, code: Code) -> Draft:
        """The draft in which the code of this id is ``code``."""
        return self.changed(codes=tuple(code if c.id == code.id else c for c in self.book.codes))

    def without(self, code: str) -> Draft:
        """The draft without a code that was never released, nor the change that added it."""
        others = [c for c in self.book.changes if not (isinstance(c, Add) and c.code == code)]
        for change in others:
            if code in concerned(change):
                raise refused("in_use", id=code, kind=change.kind)
        if below := self.book.tree.children(code):
            raise refused("has_below", id=code, codes=", ".join(below))
        return self.changed(
            codes=tuple(other for other in self.book.codes if other.id != code),
            changes=tuple(others),
        )

    def without_earlier_change(
        self, kind: type[Change], code: str, again: bool
    ) -> tuple[Draft, Change | None]:
        """The draft without its change of this kind to this code, and that change."""
        for change in self.book.changes:
            if isinstance(change, kind) and code in concerned(change):
                if not again:
                    raise refused("already", kind=change.kind, id=code, why=change.why)
                rest = tuple(other for other in self.book.changes if other is not change)
                return self.changed(changes=rest), change
        return self, None


def need_code(draft: Draft, code: str) -> Code:
    """The code, where coders may use it. Raises InputError where they may not."""
    known = draft.book.find(code)
    if known is None:
        ids = [usable.id for usable in draft.book.usable]
        raise refused("no_such_code", id=code, near=did_you_mean(code, ids))
    if known.retired:
        raise refused("is_retired", id=code, label=known.label)
    return known


def need_group(draft: Draft, group: str) -> None:
    """Raises InputError where there is no such group; "" is none, and may always be."""
    ids = [known.id for known in draft.book.groups]
    if group and group not in ids:
        raise refused("no_such_group", group=group, near=did_you_mean(group, ids))


def need_place(draft: Draft, group: str, parent: str) -> str:
    """The group of a code that stands below ``parent``, or in ``group`` where that is ""."""
    if not parent:
        need_group(draft, group)
        return group
    above = need_code(draft, parent)
    if group not in ("", above.group):
        raise refused("parent_group", group=group, parent=parent, known=above.group or "-")
    return above.group


def need_nothing_below(draft: Draft, codes: Sequence[str]) -> None:
    """No code in use stands below one of ``codes`` that leave; those among them leave too."""
    for code in codes:
        for one in draft.book.tree.children(code):
            known = draft.book.find(one)
            if known is not None and not known.retired and one not in codes:
                raise refused("has_below", id=code, codes=one)


def need_free_label(draft: Draft, label: str, code: str) -> None:
    """Raises InputError where ``label`` is no label, or that of another code in use."""
    if not label.strip():
        raise refused("no_label", id=code)
    for other in draft.book.usable:
        if other.id != code and other.label.casefold() == label.casefold():
            raise refused("label_used", label=label, id=other.id)


def need_why(why: str) -> None:
    """Raises InputError where no reason is given."""
    if not why.strip():
        raise refused("needs_why")


def refused(key: str, **params: object) -> InputError:
    """The error that refuses an edit, for what stands under ``codebook.edit.<key>``."""
    return InputError(Problem(f"codebook.edit.{key}", dict(params)))
