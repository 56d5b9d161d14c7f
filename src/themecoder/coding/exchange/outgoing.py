"""Coding on its way to another tool: masked answers, who coded them how, and what gets lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.beside import Beside
from themecoder.coding.model import Coding


@dataclass(frozen=True, slots=True)
class OutgoingAnswer:
    """An answer as it may leave the study: ``text`` is masked."""

    answer_id: str
    respondent: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The answers to some questions with their coding.

    ``questions``: id -> wording, in the study's order. ``answers`` by question and id.
    ``codings`` by answer and coder; the places of their quotes are those in the masked text.
    ``beside``: what is told of respondents.
    """

    study: str
    title: str
    language: str
    book: Codebook
    questions: Mapping[str, str]
    answers: tuple[OutgoingAnswer, ...]
    codings: tuple[Coding, ...]
    beside: tuple[Beside, ...] = ()

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(sorted({coding.coder for coding in self.codings}))

    @property
    def by_answer(self) -> dict[str, dict[str, Coding]]:
        """answer_id -> coder -> coding."""
        found: dict[str, dict[str, Coding]] = {}
        for coding in self.codings:
            found.setdefault(coding.answer_id, {})[coding.coder] = coding
        return found

    def texts(self) -> dict[str, str]:
        """answer_id -> masked text."""
        return {answer.answer_id: answer.text for answer in self.answers}


_PARTS: Mapping[str, Callable[[Coding], bool]] = {
    "quotes": lambda coding: bool(coding.quotes),
    "comments": lambda coding: bool(coding.comment),
    "uncertain": lambda coding: coding.uncertain,
    "skipped": lambda coding: coding.state == "skipped",
    "shown": lambda coding: coding.shown is not None,
    "rounds": lambda coding: coding.round > 1,
    "times": lambda coding: bool(coding.created_at or coding.updated_at),
    "seconds": lambda coding: coding.seconds is not None,
    "stale": lambda coding: bool(coding.stale),
    "values": lambda coding: bool(coding.values),
}
PARTS = frozenset((*_PARTS, "beside"))
"""What a format may have no place for."""


def lost(outgoing: Outgoing, holds: Collection[str]) -> dict[str, int]:
    """What of a coding a format that ``holds`` some of ``PARTS`` has no place for -> in how many
    codings that is, or how many columns; without what is nowhere."""
    found = {
        part: sum(map(there, outgoing.codings))
        for part, there in _PARTS.items()
        if part not in holds
    }
    if "beside" not in holds:
        found["beside"] = len(outgoing.beside)
    return {part: n for part, n in found.items() if n}
