"""What a report is made of, and its words in the study's language."""

from __future__ import annotations

from dataclasses import dataclass

from themecoder.agreement.findings import AgreementFindings
from themecoder.codebook.model import Codebook
from themecoder.counts.formats.view import HIDDEN
from themecoder.counts.result import Counts
from themecoder.messages import message
from themecoder.output.numbers import number_text
from themecoder.quotes.model import Quotes
from themecoder.settings.model import StudyConfig


@dataclass(frozen=True, slots=True)
class ReportData:
    """The data of a report.

    ``target`` and ``screened`` are the numbers of respondents inside and outside the target group;
    ``findings`` is None where no two coders coded.
    """

    config: StudyConfig
    language: str
    target: int
    screened: int
    book: Codebook
    counts: Counts
    quotes: Quotes
    findings: AgreementFindings | None

    def say(self, key: str, **params: object) -> str:
        return message(f"report.{key}", self.language, **params)

    def whole(self, number: int | None) -> str:
        return number_text(number, 0, self.language)

    @property
    def questions(self) -> tuple[str, ...]:
        """The open questions that are coded, and after several of them all together."""
        return self.counts.open_questions

    @property
    def hidden_note(self) -> str:
        """What the sign for counts that are not shown means."""
        smallest = self.counts.smallest
        return message("counts.note.hidden", self.language, mark=HIDDEN, smallest=smallest)
