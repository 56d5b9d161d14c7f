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
    """A question to count. ``rows``: name -> the codes that count as the row, in the order to show.

    ``relations`` say which rows are unions of which, such as nets of codes. ``additive``: apart
    from the wholes, the rows exclude one another, so that they add up. ``open``: rows that are
    shown however small, such as who answered a closed question at all, since the bases reveal
    as much.
    """

    coded: CodedQuestion
    rows: Mapping[str, Collection[str]]
    relations: tuple[Relation[str], ...] = ()
    additive: bool = False
    open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The subgroups to break down by: the respondents of each, and their names per attribute."""

    members: Mapping[str, frozenset[str]]
    attributes: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, attributes: Iterable[Groups], everyone: Iterable[str]) -> Breakdown:
        """The groups of ``attributes``, and a group without a name for those of ``everyone`` who
        have no value."""
        members: dict[str, frozenset[str]] = {}
        names = []
        everybody = frozenset(everyone)
        for attribute in attributes:
            by_name = {f"{attribute.attribute}={g}": attribute.members(g) for g in attribute.labels}
            groups = {name: frozenset(who) & everybody for name, who in by_name.items()}
            rest = everybody.difference(*groups.values())
            if rest:
                groups[f"{attribute.attribute}="] = rest
            members |= groups
            names.append(tuple(groups))
        return cls(members, tuple(names))
