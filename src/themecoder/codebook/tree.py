"""The tree that codes may stand in: which stand below which, and in what order they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeTree:
    """``parents``: code -> the code that it stands right below, "" at the top; ``order``: each code
    after the one above it, those of one parent in the order of the file."""

    parents: Mapping[str, str]
    order: tuple[str, ...]

    @property
    def is_flat(self) -> bool:
        """Whether no code stands below another, as in most codebooks."""
        return not any(self.parents.values())

    def above(self, code: str) -> tuple[str, ...]:
        """The codes above this one, the top one first."""
        found: list[str] = []
        while parent := self.parents.get(found[-1] if found else code, ""):
            found.append(parent)
        return tuple(reversed(found))

    def root(self, code: str) -> str:
        """The top of the tree that the code stands in: itself, where nothing is above it."""
        return (*self.above(code), code)[0]

    def depth(self, code: str) -> int:
        """How many codes are above this one."""
        return len(self.above(code))

    def children(self, code: str) -> tuple[str, ...]:
        """The codes right below this one."""
        return tuple(one for one in self.order if code and self.parents[one] == code)

    def below(self, code: str) -> tuple[str, ...]:
        """All codes below this one, at whatever depth, in order."""
        return tuple(one for one in self.order if code in self.above(one))


def code_tree(codes: Iterable[tuple[str, str]]) -> CodeTree:
    """The tree of (code, its parent or ""), in the order of the file.

    Whatever was typed gives a tree that has every code: one whose parent is not there, or that
    stands below itself in a ring, is at the top; the checks of a codebook report such parents. One
    without an id is left out.
    """
    typed = {code: parent for code, parent in codes if code}
    parents = {
        code: parent if parent in typed and code not in _line(code, typed) else ""
        for code, parent in typed.items()
    }
    below: dict[str, list[str]] = {}
    for code, parent in parents.items():
        below.setdefault(parent, []).append(code)
    order: list[str] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        code = waiting.pop()
        order.append(code)
        waiting += below.get(code, [])[::-1]
    return CodeTree(parents, tuple(order))


def _line(code: str, typed: Mapping[str, str]) -> list[str]:
    """The codes above ``code`` as they are typed, the nearest first; a ring is gone round once."""
    line: list[str] = []
    parent = typed[code]
    while parent in typed and parent not in line:
        line.append(parent)
        parent = typed[parent]
    return line
