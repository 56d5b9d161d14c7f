"""The seven kinds of change that a codebook knows between two versions.

add, rename (of the label) and move (to another group, or below another code) leave every coding as
it is; so does a merge, after which a coding has the code that it was merged into. A retired code
leaves the counts. After redefine and split a person must look at the answers again. A code's id
never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Add:
    """``code`` is new."""

    kind: ClassVar[str] = "add"
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Rename:
    """``code`` has another label; it means the same."""

    kind: ClassVar[str] = "rename"
    code: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Redefine:
    """``code`` covers something else. ``recode`` false: only its wording is better."""

    kind: ClassVar[str] = "redefine"
    code: str
    why: str
    recode: bool = True


@dataclass(frozen=True, slots=True)
class Merge:
    """``codes`` are retired; what was coded with them is coded ``into``."""

    kind: ClassVar[str] = "merge"
    codes: tuple[str, ...]
    into: str
    why: str


@dataclass(frozen=True, slots=True)
class Split:
    """``code`` is retired; a person says which of ``into`` each of its answers belongs to."""

    kind: ClassVar[str] = "split"
    code: str
    into: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Retire:
    """``code`` is no longer used; its codings stay where they are and leave the counts."""

    kind: ClassVar[str] = "retire"
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Move:
    """``code`` stands in another group (``before`` and ``after``), or below another code
    (``from_parent`` and ``to_parent``, "" at the top); its group is then that of the top."""

    kind: ClassVar[str] = "move"
    code: str
    before: str
    after: str
    why: str
    from_parent: str = ""
    to_parent: str = ""


Change = Add | Rename | Redefine | Merge | Split | Retire | Move
KINDS = ("add", "rename", "redefine", "merge", "split", "retire", "move")


def concerned(change: Change) -> tuple[str, ...]:
    """The codes that the change is about."""
    match change:
        case Merge():
            return (*change.codes, change.into)
        case Split():
            return (change.code, *change.into)
    return (change.code,)


def record(change: Change) -> dict[str, Any]:
    """The change as it stands in a codebook file: its type, what it concerns, and why."""
    entry: dict[str, Any] = {"type": change.kind}
    match change:
        case Add() | Retire():
            entry["code"] = change.code
        case Rename() | Move():
            entry |= {"code": change.code, "from": change.before, "to": change.after}
            if isinstance(change, Move) and (change.from_parent or change.to_parent):
                entry |= {"from_parent": change.from_parent, "to_parent": change.to_parent}
        case Redefine():
            entry["code"] = change.code
            if not change.recode:
                entry["recode"] = False
        case Merge():
            entry |= {"from": list(change.codes), "into": change.into}
        case Split():
            entry |= {"from": change.code, "into": list(change.into)}
    return entry | {"why": change.why}
