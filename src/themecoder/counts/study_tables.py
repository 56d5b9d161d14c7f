"""What is counted of a study: the tables of its questions, and the groups to break them down by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.read import coded, source_for
from themecoder.coding.source import DECIDED, CodingSource
from themecoder.counts.breakdowns import breakdowns
from themecoder.counts.count_rows import BASES, CONTENT
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import closed_table, open_table
from themecoder.errors import InputError, Problem
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.groups import Groups
from themecoder.workspace.folder import StudyFolder

_NO_CODEBOOK = Codebook("", "", ())


@dataclass(frozen=True, slots=True)
class StudyTables:
    """The tables to count.

    ``tables``: of the open questions that are coded; ``pooled``: of all of them as one, where there
    are several; ``closed``: of the closed questions, each with the groups that it is broken down
    by. ``numbers``: the closed questions that ask for a number. ``not_coded``: the open questions
    of which nothing is coded.
    """

    source: CodingSource
    book: Codebook
    base: str
    tables: tuple[CodeTable, ...]
    pooled: CodeTable | None
    columns: Breakdown
    attributes: tuple[Groups, ...]
    closed: tuple[tuple[CodeTable, Breakdown], ...]
    numbers: tuple[ClosedSettings, ...]
    not_coded: tuple[str, ...]

    @property
    def coded_tables(self) -> tuple[CodeTable, ...]:
        """Of the open questions, and of all of them as one."""
        return (*self.tables, self.pooled) if self.pooled else self.tables

    @property
    def everything(self) -> tuple[CodeTable, ...]:
        return (*self.coded_tables, *(table for table, _ in self.closed))


def study_tables(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    by: Sequence[str] | None = None,
    base: str | None = None,
) -> StudyTables:
    """The tables of ``questions`` or of all; the other options are those of ``Study.counts``.

    Raises InputError for a question, a group or a base that the study does not have.
    """
    base = base or study.config.counts.base
    if base not in BASES:
        known = ", ".join(BASES)
        raise InputError(Problem("counts.base", {"found": base, "known": known}))
    open_ones, closed_ones = _chosen_questions(study, questions)
    broken_down = breakdowns(study, by)
    source, book, parts, not_coded = _coded_questions(
        study, open_ones, source, required=bool(questions)
    )
    whole = pool(parts, ALL_QUESTIONS, of_content=base == CONTENT)
    groups = [breakdown.groups for breakdown in broken_down]
    columns = Breakdown.of(groups, study.survey.respondents)
    closed = []
    for question in closed_ones:
        if question.kind != "number":
            # a breakdown of a question by its own answers would say nothing
            others = [
                place
                for place, breakdown in enumerate(broken_down)
                if breakdown.columns.isdisjoint(question.columns)
            ]
            closed.append((closed_question_table(study, question), columns.part(others)))
    return StudyTables(
        source=source,
        book=book,
        base=base,
        # a machine suggests codes and no values
        tables=tuple(open_table(part, book, with_values=source.confirmed) for part in parts),
        pooled=open_table(whole, book, with_values=False) if len(parts) > 1 else None,
        columns=columns,
        attributes=tuple(groups),
        closed=tuple(closed),
        numbers=tuple(question for question in closed_ones if question.kind == "number"),
        not_coded=not_coded,
    )


def _coded_questions(
    study: StudyFolder, questions: Sequence[str], source: CodingSource | None, *, required: bool
) -> tuple[CodingSource, Codebook, list[CodedQuestion], tuple[str, ...]]:
    """The coding of the open ``questions``, and the questions of which nothing is coded.

    A question that nobody coded is left out, since a count of zero would be false; where the
    questions are ``required`` that is an InputError. Closed questions need neither a codebook nor
    coding.
    """
    if not questions or not (required or study.codebook):
        return source or CodingSource(DECIDED), _NO_CODEBOOK, [], tuple(questions)
    book = study.required_codebook()
    source = source or source_for(study, machine=True)
    parts = [coded(study, question, source, book) for question in questions]
    coded_parts = [part for part in parts if part.codes]
    missing = tuple(part.question for part in parts if not part.codes)
    if required and missing:
        params = {"source": str(source), "version": book.version}
        raise InputError(
            [Problem("counts.no_coding", {"question": question, **params}) for question in missing]
        )
    return source, book, coded_parts, missing


def _chosen_questions(
    study: StudyFolder, questions: Sequence[str]
) -> tuple[list[str], list[ClosedSettings]]:
    """The open and closed questions to count: all, or those with an id in ``questions``."""
    closed = study.survey.closed
    known = [*study.questions, *(question.id for question in closed)]
    unknown = [question for question in questions if question not in known]
    if unknown:
        raise InputError(
            [
                Problem("cli.question_unknown", {"found": question, "known": ", ".join(known)})
                for question in unknown
            ]
        )
    wanted = questions or known
    return [q for q in study.questions if q in wanted], [
        question for question in closed if question.id in wanted
    ]


def closed_question_table(study: StudyFolder, config: ClosedSettings) -> CodeTable:
    """The table of a closed question that does not ask for a number."""
    survey = study.survey
    column = survey.columns.get(config.columns[0])
    labels = column.values if column else {}
    return closed_table(
        config,
        labels,
        survey.frame,
        survey.members(config.asked),
        survey.ticks.get(config.id, {}),
    )
