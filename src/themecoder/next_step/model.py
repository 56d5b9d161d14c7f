"""One step on the way from an export to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from themecoder.errors import Problem

DONE = "done"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next: ``name`` is a key below ``next.step`` and ``next.why``, whose placeholders
    are ``params``. ``command``: the words behind themecoder; none where everything is done.
    ``problems``: what is wrong in a file that is read to tell what comes next."""

    name: str
    command: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
