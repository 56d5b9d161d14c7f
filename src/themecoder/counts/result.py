"""Everything that is counted of a study, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import Count
from themecoder.counts.differences import CountDifference
from themecoder.counts.numbers import NumberSummary
from themecoder.counts.pairs import Pair

ALL_QUESTIONS = "all"
"""The open questions as one: each respondent counts once, however many of them were answered."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the counts of a question rest on, in respondents.

    ``asked``: those whom the routing led to the question; ``content``: those who gave an answer
    with content; ``coded``: those whose answer is coded; ``uncoded``: those with content whose
    answer is not coded. Each code may have that many respondents more.
    """

    question: str
    asked: int
    content: int
    coded: int
    uncoded: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a study.

    ``rows`` are those of the open questions, then of all of them together (``ALL_QUESTIONS``), then
    of the closed questions. The labels name what the ids stand for. ``effective_base``: the number
    of equally weighted respondents that a weighted study is worth, None without weights.
    ``open_questions``: the coded ones that are counted, then ``ALL_QUESTIONS`` where there are
    several. ``not_coded``: the open questions of which nothing is coded; they are not counted,
    since nobody knows their counts.
    """

    source: CodingSource
    version: str
    base: str
    level: float
    smallest: int
    bases: tuple[Coverage, ...]
    rows: tuple[Count, ...]
    numbers: tuple[NumberSummary, ...]
    differences: tuple[CountDifference, ...]
    pairs: tuple[Pair, ...]
    question_labels: Mapping[str, str]
    code_labels: Mapping[tuple[str, str], str]
    subgroup_labels: Mapping[str, str]
    effective_base: float | None = None
    open_questions: tuple[str, ...] = ()
    not_coded: tuple[str, ...] = ()

    def find(self, code: str, question: str = ALL_QUESTIONS, subgroup: str = "all") -> Count | None:
        """The count of a code, or None where it was not counted."""
        wanted = (question, code, subgroup)
        return next((r for r in self.rows if (r.question, r.code, r.subgroup) == wanted), None)
