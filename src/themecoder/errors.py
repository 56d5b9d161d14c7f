"""What can go wrong, said so that a researcher can act on it.

Every problem names where it is (file, row, column), what was found, what was expected and what to
do. A stage collects all its problems and raises them at once; the command line renders them in the
study's language and exits with the error's ``exit_code``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in what a user gave.

    ``key`` is a key of the message catalogue (``area.name``); ``params`` fill its placeholders.
    The catalogue entry holds the problem and, under ``<key>.remedy``, what to do.
    ``row`` counts as a person sees it: the first line of a file is 1.
    """

    key: str
    params: dict[str, Any] = field(default_factory=dict)
    file: Path | str | None = None
    row: int | None = None
    column: str | int | None = None


_words: list[Callable[[Problem], str]] = [lambda problem: f"{problem.key} {problem.params}"]


def say_problems_by(words: Callable[[Problem], str]) -> None:
    """How an error that nobody caught says its problems; the catalogue of messages, which stands
    above this module, says so when it is loaded."""
    _words[:] = [words]


class ThemecoderError(Exception):
    """An error a user can act on; carries every problem found, never only the first."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Every problem as a person reads it: where, what, and what to do."""
        return "\n".join(_words[-1](problem) for problem in self.problems)


class InputError(ThemecoderError):
    """What the user gave can't be used: a file, a setting, an expression, an argument."""

    exit_code = 2


class CheckFailed(ThemecoderError):
    """A check that the user asked for does not hold."""

    exit_code = 1


class ServiceError(ThemecoderError):
    """A service that the command needs can't be reached."""

    exit_code = 3
