"""A user's text pattern searched in cells, within a time that is kept.

What ``patterns`` lets through can still take hours (``a{0,20}`` six times over): the matcher of the
package regex, which reads patterns as Python's own does, stops when its time is over.
"""

from __future__ import annotations

import time

import regex

from themecoder.errors import InputError, Problem

SECONDS = 20.0
"""For all cells of a column together; a million cells and a usual pattern take one or two."""


class PatternSearch:
    """Says of cell after cell whether the pattern occurs in it, in either case."""

    def __init__(self, pattern: str, seconds: float = SECONDS) -> None:
        self._pattern = pattern
        self._search = regex.compile(pattern, regex.IGNORECASE | regex.VERSION0).search
        self._left = seconds

    def __call__(self, cell: str) -> bool:
        """Raises InputError where the time for all cells is over."""
        started = time.perf_counter()
        try:
            found = self._search(cell, timeout=max(self._left, 0.001)) is not None
        except TimeoutError:
            problem = Problem("expression.pattern_slow_here", {"pattern": self._pattern})
            raise InputError(problem) from None
        self._left -= time.perf_counter() - started
        return found
