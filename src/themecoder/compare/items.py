"""What is counted in two states of a study: each code, and each group of codes as a net."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.migration import merged_into

CODE, GROUP = "code", "group"


@dataclass(frozen=True, slots=True)
class Item:
    """A code or a group: ``was`` its id before, ``code`` its id after, the same where it kept its
    name. ``before`` and ``after``: the codes that count as it."""

    kind: str
    was: str
    code: str
    before: frozenset[str]
    after: frozenset[str]


def items(before: Codebook, after: Codebook, releases: Sequence[Codebook]) -> list[Item]:
    """All that is counted, in the order of ``after``; what only ``before`` has comes last.

    A code that went as the only one into a new code has another id and is the same: one item.
    """
    olds = [code.id for code in before.usable]
    news = [code.id for code in after.usable]
    once = _renamed(before, after, releases)
    found = [
        Item(
            CODE, once.get(code, code), code, frozenset((once.get(code, code),)), frozenset((code,))
        )
        for code in news
    ]
    found += [
        Item(CODE, code, code, frozenset((code,)), frozenset((code,)))
        for code in olds
        if code not in news and code not in once.values()
    ]
    groups = [group.id for group in (*after.groups, *before.groups)]
    for group in dict.fromkeys(groups):
        mine = _members(before, group), _members(after, group)
        if any(mine):
            found.append(Item(GROUP, group, group, *mine))
    return found


def _renamed(before: Codebook, after: Codebook, releases: Sequence[Codebook]) -> dict[str, str]:
    """New id -> old id, of codes that were merged one to one into a code that was not there."""
    if not {before.version, after.version} <= {book.version for book in releases}:
        return {}
    onward = merged_into(releases, before.version, after.version)
    usable = {code.id for code in before.usable}
    came: dict[str, list[str]] = {}
    for code, now in onward.items():
        if code in usable:
            came.setdefault(now, []).append(code)
    return {
        now: codes[0] for now, codes in came.items() if len(codes) == 1 and before.find(now) is None
    }


def _members(book: Codebook, group: str) -> frozenset[str]:
    return frozenset(code.id for code in book.usable if code.group == group)
