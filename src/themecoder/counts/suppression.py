"""Hides small counts, and others with them where the tables' sums would give a small one away.

Primary suppression hides every count below the smallest that may be shown, zeros too: otherwise
their absence would reveal that a hidden count is not zero. Secondary suppression hides others until
no hidden count follows from one sum or union of the published ones (Hundepool et al. (2012),
Statistical Disclosure Control, chapter 4). What follows from several of them together is looked for
in tables that add up both ways, see ``bridges``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Hidden = Literal["small", "guard"]
"""Why a count is not shown: it is small (primary suppression), or it guards a small one (secondary
suppression)."""


@dataclass(frozen=True, slots=True)
class Relation(Generic[Key]):
    """A union: ``whole`` counts the respondents who are in at least one of the parts.

    Parts of different ``groups`` have nobody in common; parts of one group may overlap. A sum is a
    union with a group for each part.
    """

    whole: Key
    groups: tuple[tuple[Key, ...], ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        return (self.whole, *(key for group in self.groups for key in group))


def total(whole: Key, parts: Iterable[Key]) -> Relation[Key]:
    """A whole that is the sum of its parts."""
    return Relation(whole, tuple((part,) for part in parts))


def suppress(
    counts: Mapping[Key, int],
    bases: Mapping[Key, int],
    unions: Sequence[Relation[Key]],
    smallest: int,
    rank: Callable[[Key], Any],
    also: Iterable[Key] = (),
    known: Iterable[Key] = (),
) -> dict[Key, Hidden]:
    """Which of ``counts`` must not be shown, and why.

    ``bases``: the most that each count can be. Where one more count must be hidden, it is the one
    with the lowest ``rank``, and of those the smallest. A zero that follows from what is shown
    reveals nothing about anybody, and is shown. ``also``: counts to hide from the start; ``known``:
    counts that are shown however small.
    """
    suppression = _Suppression(counts, frozenset(known), rank, {})
    suppression.hidden.update({k: "small" for k, n in counts.items() if n < smallest})
    suppression.hidden.update({k: "guard" for k in also if k not in suppression.hidden})
    for key in suppression.known:
        suppression.hidden.pop(key, None)
    unions_of: dict[Key, list[int]] = {}
    for place, union in enumerate(unions):
        for key in union.keys:
            unions_of.setdefault(key, []).append(place)

    def bounds(key: Key) -> tuple[int, int]:
        if key not in suppression.hidden:
            return counts[key], counts[key]
        small = suppression.hidden[key] == "small"
        return 0, min(smallest - 1, bases[key]) if small else bases[key]

    # a dict serves as a queue in which each union stands once
    waiting = dict.fromkeys(range(len(unions)))
    while waiting:
        place = next(iter(waiting))
        del waiting[place]
        keys = unions[place].keys
        narrowed = _narrowed(unions[place], {key: bounds(key) for key in keys})
        exact = [key for key, (low, high) in narrowed if key in suppression.hidden and low >= high]
        if exact:
            changed = exact[0] if suppression.show(exact[0]) else suppression.hide(keys)
            if changed is not None:
                waiting |= dict.fromkeys((*unions_of[changed], place))
    _hide_against_chains(suppression, bases, unions, unions_of)
    return suppression.hidden


@dataclass(slots=True)
class _Suppression(Generic[Key]):
    """What is hidden so far. ``zeros`` were hidden and are shown again; ``guards`` are zeros that
    must stay hidden."""

    counts: Mapping[Key, int]
    known: frozenset[Key]
    rank: Callable[[Key], Any]
    hidden: dict[Key, Hidden]
    zeros: set[Key] = field(default_factory=set)
    guards: set[Key] = field(default_factory=set)

    def show(self, key: Key) -> bool:
        """Show a hidden count that is zero, unless it guards another; returns whether it did."""
        if self.counts[key] or key in self.guards:
            return False
        del self.hidden[key]
        self.zeros.add(key)
        return True

    def hide(self, keys: Iterable[Key]) -> Key | None:
        """Hide the one of ``keys`` with the lowest rank; of equals the smallest, and a zero that
        was shown again only last. None where all of them are hidden or known."""
        shown = [key for key in keys if key not in self.hidden and key not in self.known]
        if not shown:
            return None
        best = min(shown, key=lambda k: (self.rank(k), k in self.zeros, self.counts[k], repr(k)))
        if best in self.zeros:
            self.zeros.discard(best)
            self.guards.add(best)
        self.hidden[best] = "guard" if self.counts[best] else "small"
        return best


def _hide_against_chains(
    suppression: _Suppression[Key],
    bases: Mapping[Key, int],
    unions: Sequence[Relation[Key]],
    unions_of: Mapping[Key, Sequence[int]],
) -> None:
    """Hide more where several sums and unions, one after the other, give a small count away."""
    while True:
        counts, hidden = suppression.counts, suppression.hidden
        bounds = {k: (0, bases[k]) if k in hidden else (n, n) for k, n in counts.items()}
        _tighten(bounds, unions, unions_of)
        exact = [
            key
            for key, why in hidden.items()
            if why == "small" and counts[key] and bounds[key][0] == bounds[key][1]
        ]
        guarded = []
        for key in exact:
            neighbours = {k for place in unions_of.get(key, ()) for k in unions[place].keys}
            wider = {
                k for other in neighbours for place in unions_of[other] for k in unions[place].keys
            }
            guarded.append(suppression.hide(neighbours) or suppression.hide(wider))
        if not any(guard is not None for guard in guarded):
            return


def _tighten(
    known: dict[Key, tuple[int, int]],
    unions: Sequence[Relation[Key]],
    unions_of: Mapping[Key, Sequence[int]],
) -> None:
    """Narrow the lowest and the highest value of each count until no union narrows them further."""
    waiting = dict.fromkeys(range(len(unions)))
    while waiting:
        place = next(iter(waiting))
        del waiting[place]
        for key, bounds in list(_narrowed(unions[place], known)):
            if bounds != known[key]:
                known[key] = bounds
                waiting |= dict.fromkeys(unions_of[key])


def _narrowed(
    union: Relation[Key], known: Mapping[Key, tuple[int, int]]
) -> Iterable[tuple[Key, tuple[int, int]]]:
    """Each count of a union with the lowest and the highest value that the others leave it."""
    least = [max((known[key][0] for key in group), default=0) for group in union.groups]
    most = sum(known[key][1] for group in union.groups for key in group)
    low, high = known[union.whole]
    low, high = max(low, sum(least)), min(high, most)
    yield union.whole, (low, high)
    for place, group in enumerate(union.groups):
        others = sum(least) - least[place]
        for key in group:
            own = known[key]
            yield key, (max(own[0], low - most + own[1]), min(own[1], high - others))


def bridges(hidden: Iterable[tuple[Hashable, Hashable]]) -> set[tuple[Hashable, Hashable]]:
    """The hidden cells (row, column) that a table which adds up both ways still gives away.

    Such a table leaves open the cells on a ring of hidden cells that share a row or column by
    turns, and no others: seen as lines between rows and columns, a cell without which its row and
    column hang together no longer can be computed (Gusfield (1988), SIAM J. Comput. 17, 552-571).
    """
    cells = sorted(set(hidden), key=repr)
    bridge_cells = set()
    for cell in cells:
        lines: dict[tuple[str, Hashable], list[tuple[str, Hashable]]] = {}
        for row, column in cells:
            if (row, column) != cell:
                lines.setdefault(("row", row), []).append(("column", column))
                lines.setdefault(("column", column), []).append(("row", row))
        reached = {("row", cell[0])}
        pending = list(reached)
        while pending:
            for other in lines.get(pending.pop(), ()):
                if other not in reached:
                    reached.add(other)
                    pending.append(other)
        if ("column", cell[1]) not in reached:
            bridge_cells.add(cell)
    return bridge_cells
