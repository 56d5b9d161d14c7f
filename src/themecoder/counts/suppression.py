"""Small counts hidden, and others with them where the tables' sums would give a small one away.

Primary suppression hides a count below the smallest that may be shown, zero too: else its absence
would tell that a hidden one is not zero. Complementary suppression hides others until no hidden
count follows from one sum or union of the published ones (Hundepool et al. (2012), Statistical
Disclosure Control, chapter 4). What follows from several of them together is looked for in tables
that add up both ways, see ``bridges``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Hidden = Literal["small", "guard"]
"""Why a count is not shown: it is small, or it guards a small one."""


@dataclass(frozen=True, slots=True)
class Relation(Generic[Key]):
    """``whole`` counts those who are in one of the parts or more.

    Parts of different ``groups`` have nobody in common; within a group they may overlap. A sum is a
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

    ``bases``: the most that each can be. Of the counts that can be hidden as a guard the one with
    the lowest ``rank`` is, then the smallest. A zero that follows from what is shown tells of
    nobody, and is shown. ``also``: counts to hide from the start; ``known``: those that are shown
    however small.
    """
    pool = _Pool(counts, frozenset(known), rank, {})
    pool.hidden.update({k: "small" for k, n in counts.items() if n < smallest})
    pool.hidden.update({k: "guard" for k in also if k not in pool.hidden})
    for key in pool.known:
        pool.hidden.pop(key, None)
    of: dict[Key, list[int]] = {}
    for place, union in enumerate(unions):
        for key in union.keys:
            of.setdefault(key, []).append(place)

    def bounds(key: Key) -> tuple[int, int]:
        if key not in pool.hidden:
            return counts[key], counts[key]
        small = pool.hidden[key] == "small"
        return 0, min(smallest - 1, bases[key]) if small else bases[key]

    # a dict, since it keeps the order and knows what is in it
    waiting = dict.fromkeys(range(len(unions)))
    while waiting:
        place = next(iter(waiting))
        del waiting[place]
        keys = unions[place].keys
        told = [k for k, n in _told(unions[place], bounds) if k in pool.hidden and n is not None]
        if told:
            changed = told[0] if pool.show(told[0]) else pool.hide(keys)
            if changed is not None:
                waiting |= dict.fromkeys((*of[changed], place))
    _guard_chains(pool, bases, unions, of)
    return pool.hidden


@dataclass(slots=True)
class _Pool(Generic[Key]):
    """What is hidden so far, and what else can be. ``guards``: zeros that must stay hidden."""

    counts: Mapping[Key, int]
    known: frozenset[Key]
    rank: Callable[[Key], Any]
    hidden: dict[Key, Hidden]
    zeros: set[Key] = field(default_factory=set)
    guards: set[Key] = field(default_factory=set)

    def show(self, key: Key) -> bool:
        """Show a hidden count that is zero, unless it guards another. Whether it is shown."""
        if self.counts[key] or key in self.guards:
            return False
        del self.hidden[key]
        self.zeros.add(key)
        return True

    def hide(self, keys: Iterable[Key]) -> Key | None:
        """Hide one of ``keys``: of the lowest rank, rather the smallest than a zero that was shown
        again. None where all are hidden or known."""
        shown = [key for key in keys if key not in self.hidden and key not in self.known]
        if not shown:
            return None
        best = min(shown, key=lambda k: (self.rank(k), k in self.zeros, self.counts[k], repr(k)))
        if best in self.zeros:
            self.zeros.discard(best)
            self.guards.add(best)
        self.hidden[best] = "guard" if self.counts[best] else "small"
        return best


def _guard_chains(
    pool: _Pool[Key],
    bases: Mapping[Key, int],
    unions: Sequence[Relation[Key]],
    of: Mapping[Key, Sequence[int]],
) -> None:
    """Guard the small counts that several sums and unions tell one after the other."""
    while True:
        counts, hidden = pool.counts, pool.hidden
        least = {k: (0, bases[k]) if k in hidden else (n, n) for k, n in counts.items()}
        _tighten(least, unions, of)
        told = [
            key
            for key, why in hidden.items()
            if why == "small" and counts[key] and least[key][0] == least[key][1]
        ]
        guarded = []
        for key in told:
            near = {k for place in of.get(key, ()) for k in unions[place].keys}
            wider = {k for one in near for place in of[one] for k in unions[place].keys}
            guarded.append(pool.hide(near) or pool.hide(wider))
        if not any(guard is not None for guard in guarded):
            return


def _tighten(
    known: dict[Key, tuple[int, int]],
    unions: Sequence[Relation[Key]],
    of: Mapping[Key, Sequence[int]],
) -> None:
    """Narrow the least and the most of each count by each union, until none narrows them more."""
    waiting = dict.fromkeys(range(len(unions)))
    while waiting:
        place = next(iter(waiting))
        del waiting[place]
        for key, bounds in list(_narrowed(unions[place], known)):
            if bounds != known[key]:
                known[key] = bounds
                waiting |= dict.fromkeys(of[key])


def _narrowed(
    union: Relation[Key], known: Mapping[Key, tuple[int, int]]
) -> Iterable[tuple[Key, tuple[int, int]]]:
    """Each count of a union with the least and the most that the others leave it."""
    least = [max((known[key][0] for key in group), default=0) for group in union.groups]
    most = sum(known[key][1] for group in union.groups for key in group)
    low, high = known[union.whole]
    low, high = max(low, sum(least)), min(high, most)
    yield union.whole, (low, high)
    for place, group in enumerate(union.groups):
        others = sum(least) - least[place]
        for key in group:
            mine = known[key]
            yield key, (max(mine[0], low - most + mine[1]), min(mine[1], high - others))


def bridges(hidden: Iterable[tuple[Hashable, Hashable]]) -> set[tuple[Hashable, Hashable]]:
    """The hidden cells (row, column) that a table which adds up both ways still gives away.

    Such a table leaves open the cells on a ring of hidden cells that share a row or column by
    turns, and no others: seen as lines between rows and columns, a cell without which its row and
    column hang together no longer can be computed (Gusfield (1988), SIAM J. Comput. 17, 552-571).
    """
    cells = sorted(set(hidden), key=repr)
    found = set()
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
            found.add(cell)
    return found


def _told(
    union: Relation[Key], bounds: Callable[[Key], tuple[int, int]]
) -> Iterable[tuple[Key, int | None]]:
    """Each count of a union with the value that the others tell of it; None where they leave it
    open."""
    known = {key: bounds(key) for key in union.keys}
    least = [max((known[key][0] for key in group), default=0) for group in union.groups]
    most = sum(known[key][1] for group in union.groups for key in group)
    low, high = known[union.whole]
    whole = max(low, sum(least)), min(high, most)
    yield union.whole, whole[0] if whole[0] >= whole[1] else None
    for place, group in enumerate(union.groups):
        others = sum(least) - least[place]
        for key in group:
            lowest = max(known[key][0], whole[0] - (most - known[key][1]))
            highest = min(known[key][1], whole[1] - others)
            yield key, lowest if lowest >= highest else None
