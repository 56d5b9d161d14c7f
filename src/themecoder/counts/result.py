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
"""The open questions as one: respondents count once, whatever they answered how often."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the counts of a question rest on, in respondents: ``asked`` as the routing has it,
    ``content`` who gave an answer with content, ``coded`` whose answer is coded. ``uncoded`` of
    those with content are not: each code may have that many more."""

    question: str
    asked: int
    content: int
    coded: int
    uncoded: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a study.

    ``rows`` are of the open questions, then of them together (``ALL_QUESTIONS``), then of the
    closed ones;
    ``labels`` name what their ids stand for: (question, code) and subgroup -> text.
    ``effective_base``: by how many respondents of equal weight a weighted study counts.
    ``open_questions``: the coded ones that are counted, then ``ALL_QUESTIONS`` where there are
    several;
    ``not_coded``: those of which nothing is coded, which are not counted: nobody knows.
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
        """The count of a code, or None where there is none such."""
        wanted = (question, code, subgroup)
        return next((r for r in self.rows if (r.question, r.code, r.subgroup) == wanted), None)
