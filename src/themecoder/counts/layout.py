"""What is counted: the rows of a question, and the subgroups to break them down by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.suppression import Relation
from themecoder.survey.groups import Groups

ALL_RESPONDENTS = "all"


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A question to count. ``rows``: name -> the codes that count as it, in the order to show.

    ``relations`` say which rows are unions of which (nets of codes); ``additive``: the rows but the
    wholes exclude one another, so that they add up. ``open``: rows that are shown however small,
    such as who answered a closed question at all: the bases tell as much.
    """

    coded: CodedQuestion
    rows: Mapping[str, Collection[str]]
    relations: tuple[Relation[str], ...] = ()
    additive: bool = False
    open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The subgroups to break down by: who is in each, and per attribute their names."""

    members: Mapping[str, frozenset[str]]
    attributes: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, attributes: Iterable[Groups], everyone: Iterable[str]) -> Breakdown:
        """The groups of ``attributes``, and per attribute those of ``everyone`` without a value."""
        members: dict[str, frozenset[str]] = {}
        names = []
        all_of_them = frozenset(everyone)
        for attribute in attributes:
            own = {f"{attribute.attribute}={g}": attribute.members(g) for g in attribute.labels}
            found = {name: frozenset(who) & all_of_them for name, who in own.items()}
            rest = all_of_them.difference(*found.values())
            if rest:
                found[f"{attribute.attribute}="] = rest
            members |= found
            names.append(tuple(found))
        return cls(members, tuple(names))
