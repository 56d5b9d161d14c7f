"""Everything that is counted of a study, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from themecoder.coding.machine_coding import StatedAccuracy
from themecoder.coding.settled import Settled
from themecoder.coding.source import CodingSource
from themecoder.counts.coded_twice import CoderError
from themecoder.counts.count_rows import Count
from themecoder.counts.differences import CountDifference
from themecoder.counts.estimates import PpiCounts
from themecoder.counts.numbers import NumberSummary
from themecoder.counts.pairs import Pair

if TYPE_CHECKING:
    import pandas

INDENT = "\u2003"
"""A space as wide as a letter m, which tables keep at the beginning of a cell."""
ALL_QUESTIONS = "all"
"""The open questions as one: each respondent counts once, however many of them were answered."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the counts of a question rest on, in respondents.

    ``asked``: those whom the routing led to the question; ``content``: those who gave an answer
    with content; ``coded``: those whose answer is coded; ``uncoded``: those with content whose
    answer is not coded. Each code may have that many respondents more. ``settled``: in how many
    answers the coding is settled in which way, see ``Settled``; of several questions as one all
    their answers. ``machine``: how far the codes that the machine gave are those of people, where
    they are counted.
    """

    question: str
    asked: int
    content: int
    coded: int
    uncoded: int
    settled: Settled = field(default_factory=Settled)
    machine: StatedAccuracy | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a study.

    ``rows`` are those of the open questions, then of all of them together (``ALL_QUESTIONS``), then
    of the closed questions. The labels name what the ids stand for. ``effective_base``: the number
    of equally weighted respondents that a weighted study is worth, None without weights.
    ``open_questions``: the coded ones that are counted, then ``ALL_QUESTIONS`` where there are
    several. ``not_coded``: the open questions of which nothing is coded; they are not counted,
    since nobody knows their counts. ``coder_errors``: of the codes of each open question by itself.
    ``levels``: how far the rows of open questions stand in, where codes stand below codes.
    ``estimate``: what the shares of open questions are, where they are no counts but estimates from
    machine codes and a part that people coded; ``source`` is then ``ppi``.
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
    coder_errors: tuple[CoderError, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    estimate: PpiCounts | None = None

    def __repr__(self) -> str:
        questions = ", ".join(dict.fromkeys(row.question for row in self.rows))
        return (
            f"Counts({questions}: {len(self.rows)} rows, source {self.source},"
            f" codebook {self.version})"
        )

    def to_frame(self) -> pandas.DataFrame:
        """A row per count, with the labels of question, code and subgroup; what is hidden is
        missing, and ``suppressed`` says why."""
        import pandas as pd

        rows = []
        for row in self.rows:
            values = asdict(row)
            weighted = values.pop("weighted", None) or {}
            rows.append(
                {
                    **values,
                    **{f"weighted_{name}": value for name, value in weighted.items()},
                    "question_label": self.question_labels.get(row.question, ""),
                    "code_label": self.code_labels.get((row.question, row.code), ""),
                    "subgroup_label": self.subgroup_labels.get(row.subgroup, ""),
                }
            )
        return pd.DataFrame(rows)

    def row_label(self, question: str, code: str) -> str:
        """The label of a row of a table, which stands in as far as its code is below others."""
        level = self.levels.get(code, 0) if question in self.open_questions else 0
        return INDENT * level + self.code_labels[question, code]

    def find(self, code: str, question: str = ALL_QUESTIONS, subgroup: str = "all") -> Count | None:
        """The count of a code, or None where it was not counted."""
        wanted = (question, code, subgroup)
        return next((r for r in self.rows if (r.question, r.code, r.subgroup) == wanted), None)

    def coder_intervals(self, question: str = "") -> dict[tuple[str, str], CoderError]:
        """(question, code) -> the coder errors that have an interval; of all questions, or one."""
        return {
            (error.question, error.code): error
            for error in self.coder_errors
            if error.low is not None and question in ("", error.question)
        }
