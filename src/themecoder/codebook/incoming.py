"""A codebook from another tool: its tree of codes as groups and codes, and what had no place.

A node at the top that is not coded with becomes a group; all that are coded with stand below one
another as they did. A node further down that is not coded with has no place: what is below it
stands below the code above it, or in the group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.codebook.changes import concerned
from themecoder.codebook.diff import MEANING
from themecoder.codebook.draft import Draft
from themecoder.codebook.edits import ID, add, add_group, move, redefine, rename
from themecoder.codebook.memo import read_memo
from themecoder.codebook.model import Code, Codebook, Group
from themecoder.codebook.origins import fresh_id


@dataclass(frozen=True, slots=True)
class Node:
    """A code as another tool has it. ``row`` is its line in the file; ``guid`` in capitals."""

    name: str
    memo: str = ""
    codable: bool = True
    color: str = ""
    row: int | None = None
    children: tuple[Node, ...] = ()
    number: str = ""
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the other tool's that was changed or left out, for the report."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came in: ``book`` (without changes) and what to tell of it."""

    book: Codebook
    notes: tuple[Note, ...]


def gather(nodes: Sequence[Node], book: Codebook, notes: Sequence[Note] = ()) -> Incoming:
    """The groups and codes of a tree; ``book`` gives id, version, title, language and date."""
    reader = _Gatherer(list(notes))
    for node in nodes:
        reader.top(node)
    order = sorted(range(len(reader.codes)), key=lambda place: reader.places[place])
    codes = tuple(reader.codes[place] for place in order)
    sorted_notes = sorted(reader.notes, key=lambda note: note.row or 0)
    return Incoming(
        replace(book, groups=tuple(reader.groups), codes=codes, changes=()), tuple(sorted_notes)
    )


class _Gatherer:
    def __init__(self, notes: list[Note]) -> None:
        self.notes = notes
        self.groups: list[Group] = []
        self.codes: list[Code] = []
        self.places: list[float] = []
        self._labels: set[str] = set()
        self._above: set[str] = set()

    def top(self, node: Node) -> None:
        marks = read_memo(node.memo)[1]
        if node.codable and not marks.get("group"):
            parent = self.code(node, "", "", "")
            self.below(node.children, "", parent, " ".join(node.name.split()))
            return
        label = " ".join(node.name.split())
        taken = [*(earlier.id for earlier in self.groups), *self._above]
        marked_id = str(marks.get("id", ""))
        fits = ID.fullmatch(marked_id) and marked_id not in taken
        group = Group(marked_id if fits else fresh_id(label, taken), label)
        self.groups.append(group)
        if node.memo and not marks:
            self.notes.append(Note("group_memo", {"label": label}, node.row))
        self.below(node.children, group.id, "", "")

    def _free_label(self, label: str, group: str, path: str) -> str:
        """The label with where it stands, and where that is taken too with a number."""
        where = path or next((earlier.label for earlier in self.groups if earlier.id == group), "")
        longer = f"{label} ({where})" if where else label
        numbered = (f"{label} ({n})" for n in range(2, len(self.codes) + 3))
        free = (
            free_label
            for free_label in (longer, *numbered)
            if free_label.casefold() not in self._labels
        )
        return next(free)

    def below(self, nodes: Sequence[Node], group: str, parent: str, path: str) -> None:
        """The nodes below the code ``parent``, or right below the group where that is ""."""
        for node in nodes:
            name = " ".join(node.name.split())
            where = f"{path} > {name}" if path else name
            own = parent
            if node.codable:
                own = self.code(node, group, parent, path)
            else:
                self.notes.append(Note("inner_group", {"label": where}, node.row))
            self.below(node.children, group, own, where)

    def code(self, node: Node, group: str, parent: str, path: str) -> str:
        """Take the node in as a code; gives its id."""
        values, marks = read_memo(node.memo)
        label = " ".join(node.name.split())
        if label.casefold() in self._labels and not marks:
            label = self._free_label(label, group, path)
            self.notes.append(Note("same_label", {"label": label}, node.row))
        self._labels.add(label.casefold())
        taken = [code.id for code in self.codes]
        # a code with others below it and a group are both counted as a net, by their ids
        taken += [group.id for group in self.groups] if node.children else []
        marked_id = str(marks.get("id", ""))
        fits = ID.fullmatch(marked_id) and marked_id not in taken
        code = Code(
            id=marked_id if fits else fresh_id(label, taken),
            label=label,
            group=group,
            color=node.color,
            parent=parent,
            **{"number": node.number, **values},
        )
        self.codes.append(code)
        self._above |= {code.id} if node.children else set()
        order = marks.get("order")
        self.places.append(order if isinstance(order, int) else len(self.places))
        return code.id


def take_over(
    draft: Draft, incoming: Codebook, why: str, wording: bool = False
) -> tuple[Draft, tuple[Note, ...]]:
    """The draft with what came in: new codes are added, the others' differences typed changes.

    Codes are the same by id, else by label, else by number. What the draft has and the other tool
    has not stays as it is: nothing is retired by an import, no change that somebody put down in the
    draft is undone, and a list that describes no code leaves what is said of them. Such things are
    in the notes. ``wording``: texts differ in words only.
    """
    notes = [
        Note("kept", {"code": code.id, "label": code.label})
        for code in _codes_kept(draft, incoming)
    ]
    describes = any(code.texts[1:] for code in incoming.codes)
    names = {group.id: group for group in draft.book.groups}
    by_label = {group.label.casefold(): group.id for group in draft.book.groups}
    groups: dict[str, str] = {}
    for group in incoming.groups:
        if group.label.casefold() in by_label:
            groups[group.id] = by_label[group.label.casefold()]
            continue
        added = group if group.id not in names else Group(fresh_id(group.label, names), group.label)
        draft = add_group(draft, added)
        names[added.id] = added
        groups[group.id] = added.id
    tree = incoming.tree
    ids: dict[str, str] = {}  # id in what came in -> id of the same code in the draft
    for code in sorted(incoming.codes, key=lambda code: tree.depth(code.id)):
        above = [ids[one] for one in tree.above(code.id) if one in ids]
        parent = above[-1] if above else ""
        group_id = groups.get(code.group, "")
        old = _same_code(draft, code)
        if old is None:
            taken = [known.id for known in draft.book.codes]
            taken += [*names] if tree.children(code.id) else []
            fresh = code.id if code.id not in taken else fresh_id(code.label, taken)
            if not code.retired:
                group_id = _group_of(draft, parent, group_id)
                draft = add(draft, replace(code, id=fresh, group=group_id, parent=parent), why)
                ids[code.id] = fresh
            continue
        if old.retired:
            if not code.retired:
                notes.append(Note("stays_retired", {"code": old.id, "label": old.label}))
            continue
        ids[code.id] = old.id
        if parent in (old.id, *draft.book.tree.below(old.id)):
            notes.append(Note("stays_above", {"code": old.id, "parent": parent}))
            parent = old.parent
        new = replace(code, group=_group_of(draft, parent, group_id), parent=parent)
        if not describes:
            new = replace(new, **{name: getattr(old, name) for name in MEANING})
        if not code.values:
            # other tools have no place for values
            new = replace(new, values=old.values, scale=old.scale)
        draft, pending = _with_typed_changes(draft, old, new, why, wording)
        notes += [Note("pending", {"code": old.id, "kind": kind}) for kind in pending]
        draft = _with_untyped_fields(draft, old.id, code)
    return draft, tuple(notes)


def _with_typed_changes(
    draft: Draft, old: Code, new: Code, why: str, wording: bool
) -> tuple[Draft, list[str]]:
    """The draft with the typed changes from ``old`` to ``new``, and the kinds it had before."""
    known = {change.kind for change in draft.book.changes if old.id in concerned(change)}
    # below another code the group follows that of the top
    place = ("parent",) if old.parent and new.parent else ("parent", "group")
    differ = {
        kind
        for kind, names in (("rename", ("label",)), ("move", place), ("redefine", MEANING))
        if any(getattr(old, name) != getattr(new, name) for name in names)
    }
    if "rename" in differ - known:
        draft = rename(draft, old.id, new.label, why)
    if "move" in differ - known:
        draft = move(draft, old.id, new.group, why, parent=new.parent)
    if "redefine" in differ - known:
        texts = {name: getattr(new, name) for name in MEANING}
        draft = redefine(draft, old.id, why, **texts, recode=not wording)
    return draft, sorted(differ & known)


def _group_of(draft: Draft, parent: str, group: str) -> str:
    """The group of a code that stands below ``parent``, or in ``group`` where that is ""."""
    above = draft.book.find(parent)
    return above.group if above else group


def _codes_kept(draft: Draft, incoming: Codebook) -> Iterator[Code]:
    """The codes of the draft that the other tool's codebook does not have."""
    known = {same.id for code in incoming.codes if (same := _same_code(draft, code))}
    return (code for code in draft.book.usable if code.id not in known)


def _same_code(draft: Draft, code: Code) -> Code | None:
    by_id = draft.book.find(code.id)
    if by_id is not None:
        return by_id
    labels = {usable.label.casefold(): usable for usable in draft.book.usable}
    numbers = {usable.number: usable for usable in draft.book.usable if usable.number}
    return labels.get(code.label.casefold()) or numbers.get(code.number)


def _with_untyped_fields(draft: Draft, code: str, new: Code) -> Draft:
    """What changes no coding and so needs no typed change: examples, questions, colour, key,
    number, memo."""
    names = ("examples", "questions", "color", "hotkey", "number", "memo")
    given = {name: getattr(new, name) for name in names if getattr(new, name)}
    codes = tuple(replace(c, **given) if c.id == code else c for c in draft.book.codes)
    return Draft(draft.base, replace(draft.book, codes=codes))
