"""What everybody knows of nets: which lie within which, and what they have in common."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import partial
from itertools import combinations

from themecoder.counts.disclosure.system import System, at_most
from themecoder.counts.layout import CodeTable

Key = tuple[str, str, str]
OVERLAP = " overlap"
"""Of what no question can be called: an id has no space."""


def overlap_key(question: str, rows: tuple[str, str], subgroup: str) -> Hashable:
    """The variable of the respondents who are in two rows."""
    return (OVERLAP, question, *rows, subgroup)


class NestedNets:
    """The nets of a table, each with the nets and codes that it is made of.

    Codes that stand alone are left out of what is compared: who has one has no other, so that they
    are added and taken off as they are.
    """

    def __init__(self, table: CodeTable, pairs: Collection[tuple[str, str]] | None) -> None:
        self._question = table.coded.question
        codes = [row for row, members in table.rows.items() if tuple(members) == (row,)]
        self._alone = frozenset(table.disjoint).intersection(codes)
        self._nets = {
            row: frozenset(members)
            for row, members in table.rows.items()
            if len(members) > 1 and frozenset(members) <= frozenset(codes)
        }
        self._members = self._nets | {code: frozenset((code,)) for code in codes}
        self._order = {row: place for place, row in enumerate(table.rows)}
        self._parts = {net: self._parts_of(net) for net in self._nets}
        self.overlaps: dict[tuple[str, str], list[tuple[str, str]]] = {}
        """The rows that stand beside each other in a net -> the pairs of codes that go across."""
        for parts in self._parts.values() if pairs is not None else ():
            for two in combinations(parts, 2):
                across = [pair for pair in pairs or () if self._goes_across(pair, two)]
                if across and self._is_made_of_nets(parts):
                    self.overlaps[two] = across
        self._pairs_known = pairs is not None

    def add(
        self,
        system: System,
        subgroup: str,
        everyone: int,
        having: Mapping[Key, frozenset[str]],
        pair_keys: Mapping[tuple[str, str], Hashable],
    ) -> None:
        """The variables and statements about one subgroup of ``everyone``. ``pair_keys``: the
        variables of the pairs of codes."""
        key = partial(self._key, subgroup)

        for two, across in self.overlaps.items():
            a, b = map(key, two)
            both = overlap_key(self._question, two, subgroup)
            system.add(both, subgroup, len(having[a] & having[b]), everyone)
            system.say(at_most([both], [one]) for one in (a, b))
            system.say(at_most([pair_keys[pair]], [both]) for pair in across)
            system.say([at_most([both], [pair_keys[pair] for pair in across])])
        for inner, outer in ((a, b) for a in self._nets for b in self._nets if a != b):
            if self._together(inner) <= self._together(outer):
                # both without the codes that stand alone, of which each may have others
                less, more = (
                    [key(code) for code in self._only(a, b)]
                    for a, b in ((inner, outer), (outer, inner))
                )
                system.say([at_most([key(inner), *more], [key(outer), *less])])
            elif not self._nets[inner].isdisjoint(self._nets[outer]):
                rest = self._nets[inner] - self._nets[outer]
                system.say([at_most([key(inner)], [key(outer), *map(key, sorted(rest))])])
        for net, parts in self._parts.items():
            if self._is_made_of_nets(parts):
                self._say_parts(system, subgroup, net, parts)

    def _say_parts(self, system: System, subgroup: str, net: str, parts: Sequence[str]) -> None:
        """A net is at most its parts together, and at least these less what they have in common."""
        key = partial(self._key, subgroup)
        beyond = [key(code) for part in parts for code in self._only(part, net)]
        own = [key(part) for part in parts]
        system.say([at_most([key(net), *beyond], own)])
        if not self._pairs_known:
            return
        common = [two for two in combinations(parts, 2) if two in self.overlaps]
        keys = [overlap_key(self._question, two, subgroup) for two in common]
        # nobody is counted more often than the overlaps that they are in (Bonferroni)
        system.say([at_most(own, [key(net), *beyond, *keys])])
        for part in parts:
            shared = [k for two, k in zip(common, keys, strict=True) if part in two]
            if shared:
                system.say([at_most([key(net), *beyond, *shared], own)])

    def _key(self, subgroup: str, row: str) -> Key:
        return (self._question, row, subgroup)

    def _parts_of(self, net: str) -> tuple[str, ...]:
        """The largest nets within a net, and the codes that are in none of them."""
        within = self._together(net)
        inner = [one for one in self._nets if self._together(one) and self._together(one) < within]
        inner.sort(key=lambda one: (-len(self._together(one)), self._order[one]))
        parts: list[str] = []
        taken: frozenset[str] = frozenset()
        for one in inner:
            if taken.isdisjoint(self._together(one)):
                parts.append(one)
                taken |= self._together(one)
        alone = frozenset().union(*(self._members[one] for one in parts)) & self._alone
        rest = self._members[net] - taken - alone
        return tuple(sorted([*parts, *rest], key=self._order.__getitem__))

    def _together(self, row: str) -> frozenset[str]:
        """The codes of a row but those that stand alone."""
        return self._members[row] - self._alone

    def _only(self, row: str, other: str) -> list[str]:
        """The codes that stand alone, which the one has and the other has not."""
        codes = (self._members[row] - self._members[other]) & self._alone
        return sorted(codes, key=self._order.__getitem__)

    def _is_made_of_nets(self, parts: Sequence[str]) -> bool:
        """Whether any of the parts is a net; of a net of codes all is said where unions are."""
        return any(part in self._nets for part in parts)

    def _goes_across(self, pair: tuple[str, str], two: tuple[str, str]) -> bool:
        a, b = (self._members[row] for row in two)
        return (pair[0] in a and pair[1] in b) or (pair[1] in a and pair[0] in b)
