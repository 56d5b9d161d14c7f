"""Which suggestions a coder is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable

SHOWN = 3
"""Suggestions at most that a coder sees."""
LIKELY = 0.4
"""The score from which a code is shown: a wrong one costs a coder more than a missing one."""


def shown_suggestions(
    suggested: Iterable[tuple[str, float]], usable: Collection[str]
) -> list[tuple[str, float]]:
    """The suggestions for an answer, best first, that its coder sees unless it is coded blind."""
    found = [(code, score) for code, score in suggested if code in usable and score >= LIKELY]
    return found[:SHOWN]
