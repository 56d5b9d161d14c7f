"""What is counted in two states of a study: each code, and as a net each group of codes and each
code with those below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.migration import merged_into
from themecoder.counts.tables import families_of

CODE, GROUP = "code", "group"


@dataclass(frozen=True, slots=True)
class Item:
    """A code, or a group of codes (also a code with those below it): its id before (``was``) and
    after (``code``), mostly the same; ``before`` and ``after``: the codes that count as it."""

    kind: str
    was: str
    code: str
    before: frozenset[str]
    after: frozenset[str]


def items(before: Codebook, after: Codebook, releases: Sequence[Codebook]) -> list[Item]:
    """All that is counted, in the order of ``after``; what only ``before`` has comes last.

    A code that was merged alone into a new code is one item: the same code with another id.
    """
    old_codes = [code.id for code in before.usable]
    new_codes = [code.id for code in after.usable]
    old_ids = _renamed(before, after, releases)
    counted = [
        Item(
            CODE,
            old_ids.get(code, code),
            code,
            frozenset((old_ids.get(code, code),)),
            frozenset((code,)),
        )
        for code in new_codes
    ]
    counted += [
        Item(CODE, code, code, frozenset((code,)), frozenset((code,)))
        for code in old_codes
        if code not in new_codes and code not in old_ids.values()
    ]
    groups = [group.id for group in (*after.groups, *before.groups)]
    for group in dict.fromkeys(groups):
        members = _codes_of_group(before, group), _codes_of_group(after, group)
        if any(members):
            counted.append(Item(GROUP, group, group, *members))
    families = families_of(before), families_of(after)
    for code in dict.fromkeys((*families[1], *families[0])):
        # where nothing is below it on one side, it is counted there as the code that it is
        own = [
            frozenset(family.get(code, (code,) if book.find(code) else ()))
            for family, book in zip(families, (before, after), strict=True)
        ]
        counted.append(Item(GROUP, code, code, own[0], own[1]))
    return counted


def _renamed(before: Codebook, after: Codebook, releases: Sequence[Codebook]) -> dict[str, str]:
    """new id -> old id, for codes that were merged one to one into a code that is new."""
    if not {before.version, after.version} <= {book.version for book in releases}:
        return {}
    onward = merged_into(releases, before.version, after.version)
    usable = {code.id for code in before.usable}
    merged_from: dict[str, list[str]] = {}
    for code, now in onward.items():
        if code in usable:
            merged_from.setdefault(now, []).append(code)
    return {
        new: codes[0]
        for new, codes in merged_from.items()
        if len(codes) == 1 and before.find(new) is None
    }


def _codes_of_group(book: Codebook, group: str) -> frozenset[str]:
    return frozenset(code.id for code in book.usable if code.group == group)
