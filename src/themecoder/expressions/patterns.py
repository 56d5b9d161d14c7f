"""Which text patterns are taken: those that can't keep the machine busy without end.

Python's matcher backtracks: a repetition of something that can itself match in several ways takes
time exponential in the length of a cell, ``(a+)+b`` on forty letters a does not come back. Refused
are therefore a repetition around a repetition, an alternation or an optional part, backward
references, and more repetitions than ``MOST_REPEATS`` (one without end can multiply the time by
the cell's length). What is left can still be slow; ``matching`` keeps a time.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 200
MOST_REPEATS = 10
MOST_UNBOUNDED = 2
_UNBOUNDED = 20  # a repetition of more than so many counts as one without end


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a pattern is refused: "long", "syntax" (with the matcher's own words) or "slow"."""

    kind: str
    reason: str = ""


def flaw(pattern: str) -> Flaw | None:
    """What is wrong with ``pattern``; None where it can be used."""
    if len(pattern) > LONGEST:
        return Flaw("long")
    if not pattern.strip():
        return Flaw("syntax", "empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern, re.IGNORECASE)
            # the matcher's own parse, private but unchanged since Python 2: no other gives the tree
            tree = re._parser.parse(pattern, re.IGNORECASE)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        return Flaw("syntax", str(error))
    repeats = list(_repeats(tree))
    unbounded = [most for _, most, _ in repeats if most > _UNBOUNDED]
    nested = any(most > 1 and _ambiguous(body) for _, most, body in repeats)
    varying = [least for least, most, _ in repeats if most != least]
    if nested or len(varying) > MOST_REPEATS or len(unbounded) > MOST_UNBOUNDED:
        return Flaw("slow")
    if any(str(operator).startswith("GROUPREF") for operator, _ in _walk(tree)):
        return Flaw("slow")
    return None


def _walk(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (operator, argument) of a parsed pattern, depth first."""
    for operator, argument in tree:
        yield operator, argument
        for part in _subtrees(argument):
            yield from _walk(part)


def _subtrees(argument: Any) -> Iterator[Any]:
    if isinstance(argument, re._parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from _subtrees(part)


def _repeats(tree: Any) -> Iterator[tuple[int, int, Any]]:
    for operator, argument in _walk(tree):
        if "REPEAT" in str(operator):
            least, most, body = argument
            yield int(least), int(most), body


def _ambiguous(body: Iterable[Any]) -> bool:
    return any(
        "REPEAT" in str(operator) or str(operator) == "BRANCH" for operator, _ in _walk(body)
    )
