"""``21018833:q7``: which respondent answered which question, as every file names an answer."""

from __future__ import annotations

from typing import NamedTuple


class AnswerId(NamedTuple):
    """An answer's id in its parts. A respondent's id may hold a colon, a question's never does."""

    respondent: str
    question: str

    @classmethod
    def parse(cls, text: str) -> AnswerId:
        """The parts of an answer_id; of a text without a colon all is the question."""
        respondent, _, question = text.rpartition(":")
        return cls(respondent, question)

    def __str__(self) -> str:
        return f"{self.respondent}:{self.question}"
