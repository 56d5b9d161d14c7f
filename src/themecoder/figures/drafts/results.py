"""What is known of one amount of a sentence while it is being tied."""

from __future__ import annotations

from dataclasses import dataclass

from themecoder.figures.drafts.candidates import Number
from themecoder.figures.drafts.evidence import Likeness
from themecoder.figures.drafts.model import By, Verdict
from themecoder.figures.quantities.find import Found


@dataclass(frozen=True, slots=True)
class Candidate:
    number: Number
    by: By
    strength: float
    likeness: Likeness


@dataclass(slots=True)
class Result:
    """What is known so far of one amount; ``number`` once it is clear which it is.

    ``spoken``: all numbers with how far the words around the amount speak of them, most first.
    """

    found: Found
    spoken: list[tuple[Number, Likeness]]
    candidates: list[Candidate]
    verdict: Verdict = Verdict.NO_SOURCE
    ids: tuple[str, ...] = ()
    by: By = ""
    number: Number | None = None
    expected: str = ""
    doubted: bool = False

    def tie(self, number: Number, by: By, verdict: Verdict, expected: str = "") -> None:
        self.number, self.by, self.verdict, self.expected = number, by, verdict, expected
        self.ids = number.ids

    def doubt(self) -> None:
        """Take the tie back: the value fits, and the words speak against it."""
        self.number, self.verdict, self.expected = None, Verdict.AMBIGUOUS, ""
