"""What is counted: the rows of a question, and the subgroups to break them down by."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from themecoder.coding.coded import CodedQuestion
from themecoder.survey.groups import Groups

ALL_RESPONDENTS = "all"
RowKey = TypeVar("RowKey", bound=Hashable)
Hidden = Literal["small", "guard"]
"""Why a count is not shown: it is small (primary suppression), or it guards a small one (secondary
suppression)."""


@dataclass(frozen=True, slots=True)
class Relation(Generic[RowKey]):
    """A union: ``whole`` counts the respondents who are in at least one of the parts.

    Parts of different ``groups`` have nobody in common; parts of one group may overlap. A sum is a
    union with a group for each part.
    """

    whole: RowKey
    groups: tuple[tuple[RowKey, ...], ...]


def total(whole: RowKey, parts: Iterable[RowKey]) -> Relation[RowKey]:
    """A whole that is the sum of its parts."""
    return Relation(whole, tuple((part,) for part in parts))


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A question to count. ``rows``: name -> the codes that count as the row, in the order to show.

    ``relations`` say which rows are unions of which, such as nets of codes. ``open``: rows that are
    shown however small, such as who answered a closed question at all, since the bases reveal
    as much. ``disjoint``: rows that have no respondent in common, which need not be all of them.
    ``codes_overlap``: a respondent may have several of the codes, and the pairs are counted too.
    ``values``: of codes that have values, code -> value -> the row of the respondents in whom the
    code has it; the value "" are those of whom none is known, so that each respondent with the code
    is in one of its rows. These are rows that follow the code's and count as its code.
    """

    coded: CodedQuestion
    rows: Mapping[str, Collection[str]]
    relations: tuple[Relation[str], ...] = ()
    open: frozenset[str] = frozenset()
    disjoint: tuple[str, ...] = ()
    codes_overlap: bool = False
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def value_rows(self) -> frozenset[str]:
        """The rows that are no codes or unions of codes, but a part of a code."""
        return frozenset(row for rows in self.values.values() for row in rows.values())


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

    def part(self, places: Iterable[int]) -> Breakdown:
        """The attributes at ``places`` alone, with the same groups: a study's closed questions are
        broken down by nearly the same, and the sets of a million respondents are kept once."""
        attributes = tuple(self.attributes[place] for place in places)
        names = [name for attribute in attributes for name in attribute]
        return Breakdown({name: self.members[name] for name in names}, attributes)
