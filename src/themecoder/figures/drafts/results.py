"""The state of one amount of a sentence while it is matched to a number."""

from __future__ import annotations

from dataclasses import dataclass

from themecoder.figures.drafts.candidates import NumberInDraft
from themecoder.figures.drafts.evidence import FigureLikeness
from themecoder.figures.drafts.model import By, Verdict
from themecoder.figures.quantities.find import FoundQuantity


@dataclass(frozen=True, slots=True)
class FigureCandidate:
    number: NumberInDraft
    by: By
    strength: float
    likeness: FigureLikeness


@dataclass(slots=True)
class SentenceResult:
    """What is known so far of one amount; ``number`` once it is clear which it is.

    ``spoken``: all numbers with how far the words around the amount speak of them, most first.
    """

    quantity: FoundQuantity
    spoken: list[tuple[NumberInDraft, FigureLikeness]]
    candidates: list[FigureCandidate]
    verdict: Verdict = Verdict.NO_SOURCE
    ids: tuple[str, ...] = ()
    by: By = ""
    number: NumberInDraft | None = None
    expected: str = ""
    doubted: bool = False

    def tie(self, number: NumberInDraft, by: By, verdict: Verdict, expected: str = "") -> None:
        self.number, self.by, self.verdict, self.expected = number, by, verdict, expected
        self.ids = number.ids

    def doubt(self) -> None:
        """Take the tie back: the value fits, and the words speak against it."""
        self.number, self.verdict, self.expected = None, Verdict.AMBIGUOUS, ""
