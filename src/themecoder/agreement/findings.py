"""Everything that is reported on a study's agreement, computed from its coding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from themecoder.agreement.anchoring import Anchoring, Rate, agreement_gap, anchoring
from themecoder.agreement.confusion import Confusion, confusions
from themecoder.agreement.machine import CERTAIN, machine_codings, machine_rows
from themecoder.agreement.parts import Part, part_rows, parts
from themecoder.agreement.planning import AnswersNeeded, answers_needed
from themecoder.agreement.rows import ALL, SET_METRICS, AgreementRow, agreement_rows
from themecoder.agreement.table import CodingTable, LeftOut
from themecoder.agreement.tendencies import Habit, Tendency, habits, tendencies

if TYPE_CHECKING:
    import pandas

RESAMPLES = 1000
PLANNED = "krippendorff_alpha"
Suggested = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class CodingExtent:
    """How much of a question (or ``all``) is coded: by anyone, by two coders or more."""

    question: str
    answers: int
    doubled: int
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementFindings:
    """The agreement of a study; ``rows`` per question and, as question ``all``, of all together.

    ``parts`` with their rows, ``confused``, ``tendencies``, ``habits``,
    ``anchoring`` and ``gap`` are of all questions. ``machine`` compares the suggestions with each
    coder; they are in none of the other rows. ``needed`` is empty unless a width was asked for.
    ``available`` counts the answers that can be coded: those with content, and any that are coded.
    ``resamples`` draws of respondents by ``seed`` are what the intervals of ``tendencies``,
    ``anchoring`` and ``gap`` rest on.
    """

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    version: str
    coded: tuple[CodingExtent, ...]
    rows: tuple[AgreementRow, ...]
    parts: tuple[tuple[Part, AgreementRow], ...]
    confused: tuple[Confusion, ...]
    tendencies: tuple[Tendency, ...]
    habits: tuple[Habit, ...]
    anchoring: tuple[Anchoring, ...]
    gap: tuple[Rate, ...]
    machine: tuple[AgreementRow, ...]
    needed: tuple[AnswersNeeded, ...]
    available: int
    left_out: LeftOut
    resamples: int
    seed: int
    level: float

    def __repr__(self) -> str:
        questions = ", ".join(extent.question for extent in self.coded if extent.question != ALL)
        coders = ", ".join(self.coders)
        return f"AgreementFindings({questions}: {len(self.rows)} rows, coders {coders})"

    def to_frame(self) -> pandas.DataFrame:
        """A row per coefficient, of every question, pair of coders and code."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])


def findings(
    table: CodingTable,
    version: str,
    *,
    suggested: Suggested | None = None,
    machine: Suggested | None = None,
    threshold: float = CERTAIN,
    width: float | None = None,
    available: int = 0,
    coefficient: str = PLANNED,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = 0.95,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> AgreementFindings:
    """The findings on a table of coding.

    ``suggested`` are the suggestions that coders saw or would have seen, ``machine`` those to
    compare as if a coder had made them. With ``width`` it is computed how many of the ``available``
    answers must be coded twice for an interval of that width.
    """
    questions = table.questions()
    by_question = {q: table.where(lambda c, q=q: c.question == q) for q in questions}  # type: ignore[misc]
    by_question[ALL] = table
    settings = {"resamples": resamples, "seed": seed}
    steps = len(by_question) + 2
    rows: list[AgreementRow] = []
    for done, (name, part) in enumerate(by_question.items(), start=1):
        rows += agreement_rows(part, name, level=level)
        advance(done, steps)
    apart_rows = part_rows(parts(table), ALL, level)
    advance(steps - 1, steps)
    machine_rows_found: list[AgreementRow] = []
    if machine is not None:
        codings = machine_codings(machine, table.answers, version, threshold)
        for name, part in by_question.items():
            machine_rows_found += machine_rows(part, codings, name, level)
    rows_of_all = [row for row in rows if row.question == ALL]
    plans: list[AnswersNeeded] = []
    if width is not None:
        plans = answers_needed(rows_of_all, width, available, coefficient, level)
        if coefficient == PLANNED:
            for name in SET_METRICS:
                plans += answers_needed(rows_of_all, width, available, name, level)
    shown = {answer: [code for code, _ in codes] for answer, codes in (suggested or {}).items()}
    result = AgreementFindings(
        coders=table.coders,
        codes=table.codes,
        version=version,
        coded=tuple(
            CodingExtent(name, len(part.answers), part.doubled, part.coders)
            for name, part in by_question.items()
        ),
        rows=tuple(rows),
        parts=tuple(apart_rows),
        confused=tuple(confusions(table)),
        tendencies=tuple(tendencies(table, level=level, **settings)),
        habits=tuple(habits(table)),
        anchoring=tuple(anchoring(table, shown, level=level, **settings)),
        gap=tuple(agreement_gap(table, level=level, **settings)),
        machine=tuple(machine_rows_found),
        needed=tuple(plans),
        available=available,
        left_out=table.left_out,
        resamples=resamples,
        seed=seed,
        level=level,
    )
    advance(steps, steps)
    return result
