"""A study's counts: from coding and closed answers to the rows of a report's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.read import coded, source_for
from themecoder.coding.source import MAJORITY, CodingSource
from themecoder.counts.breakdowns import (
    breakdowns,
    code_labels,
    question_labels,
    subgroup_labels,
)
from themecoder.counts.coding_export import coding_sav, matrix_csv
from themecoder.counts.count_rows import BASES, CONTENT, base_members, count_rows
from themecoder.counts.differences import count_differences
from themecoder.counts.formats.files import FORMATS, count_files, stem
from themecoder.counts.intervals import effective_base
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.numbers import NumberSummary, number_summaries
from themecoder.counts.pairs import pairs
from themecoder.counts.result import ALL_QUESTIONS, Counts, Coverage
from themecoder.counts.tables import closed_table, open_table
from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty, number
from themecoder.settings.closed import ClosedSettings
from themecoder.storage.atomic import write_together
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from pathlib import Path


_NO_CODEBOOK = Codebook("", "", ())


def study_counts(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    by: Sequence[str] | None = None,
    base: str | None = None,
) -> Counts:
    """See ``Study.counts``."""
    settings, survey, language = study.config.counts, study.survey, study.config.interface_language
    base = base or settings.base
    if base not in BASES:
        known = ", ".join(BASES)
        raise InputError(Problem("counts.base", {"found": base, "known": known}))
    smallest = study.config.report.smallest_cell
    open_ones, closed_ones = _chosen_questions(study, questions)
    broken_down = breakdowns(study, by)
    columns = Breakdown.of([breakdown.groups for breakdown in broken_down], survey.respondents)
    weights = study_weights(study)
    source, book, parts, not_coded = _coded_questions(
        study, open_ones, source, required=bool(questions)
    )
    tables = [open_table(part, book) for part in parts]
    whole = pool(parts, ALL_QUESTIONS, of_content=base == CONTENT)
    pooled = open_table(whole, book) if len(parts) > 1 else None
    rows = count_rows(
        tables,
        columns,
        base=base,
        smallest=smallest,
        level=settings.level,
        weights=weights,
        pooled=pooled,
    )
    closed = [
        (question, closed_question_table(study, question))
        for question in closed_ones
        if question.kind != "number"
    ]
    for config, table in closed:
        # a breakdown of a question by its own answers would say nothing
        others = Breakdown.of(
            [
                breakdown.groups
                for breakdown in broken_down
                if breakdown.columns.isdisjoint(config.columns)
            ],
            survey.respondents,
        )
        rows += count_rows(
            [table], others, base=base, smallest=smallest, level=settings.level, weights=weights
        )
    coded_tables = [*tables, pooled] if pooled else tables
    everything = [*coded_tables, *(table for _, table in closed)]
    wholes = {t.coded.question: [r.whole for r in t.relations] for t in everything}
    found_pairs = []
    codes = [code.id for code in book.usable]
    for table in coded_tables:
        question = table.coded.question
        shown = {
            r.code: r.n is not None
            for r in rows
            if (r.question, r.subgroup) == (question, ALL_RESPONDENTS)
        }
        members = base_members(table.coded, base)
        found_pairs += pairs(table.coded, codes, members, shown, smallest)
    return Counts(
        source=source,
        version=book.version,
        base=base,
        level=settings.level,
        smallest=smallest,
        bases=tuple(_coverage(table.coded) for table in everything),
        rows=tuple(rows),
        numbers=tuple(
            row
            for question in closed_ones
            if question.kind == "number"
            for row in _number_rows(study, question, columns)
        ),
        differences=tuple(count_differences(rows, columns, wholes)),
        pairs=tuple(found_pairs),
        question_labels=question_labels(study),
        code_labels=code_labels(study, book, everything),
        subgroup_labels=subgroup_labels(
            [breakdown.groups for breakdown in broken_down], columns, language
        ),
        effective_base=effective_base(list(weights.values())) if weights else None,
        open_questions=tuple(table.coded.question for table in coded_tables),
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
        return source or CodingSource(MAJORITY), _NO_CODEBOOK, [], tuple(questions)
    book = study.required_codebook()
    source = source or source_for(study)
    parts = [coded(study, question, source, book) for question in questions]
    coded_parts = [part for part in parts if part.codes]
    missing = tuple(part.question for part in parts if not part.codes)
    if required and missing:
        params = {"source": str(source), "version": book.version}
        raise InputError(
            [Problem("counts.no_coding", {"question": question, **params}) for question in missing]
        )
    return source, book, coded_parts, missing


def study_weights(study: StudyFolder) -> dict[str, float] | None:
    """respondent -> weight; None where the study has no weights.

    Raises InputError with every cell that is not a weight: empty, not a number, or below zero.
    """
    column = study.config.survey.weight
    if column is None:
        return None
    frame = study.survey.frame
    weights: dict[str, float] = {}
    problems = []
    for respondent, cell in zip(study.survey.respondents, frame[column].tolist(), strict=True):
        value = None if is_empty(cell) else number(cell)
        if value is None or value < 0:
            params = {"respondent": respondent, "found": "" if is_empty(cell) else cell}
            file = study.paths.root / study.config.survey.file
            problems.append(Problem("counts.weight", params, file=file, column=column))
        else:
            weights[respondent] = value
    if problems:
        raise InputError(problems)
    return weights


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


def _number_rows(
    study: StudyFolder, config: ClosedSettings, columns: Breakdown
) -> list[NumberSummary]:
    survey = study.survey
    cells = zip(survey.respondents, survey.frame[config.column].tolist(), strict=True)
    given = {respondent: number(cell) for respondent, cell in cells if not is_empty(cell)}
    values = {respondent: value for respondent, value in given.items() if value is not None}
    return number_summaries(
        config.id,
        values,
        survey.members(config.asked),
        columns,
        smallest=study.config.report.smallest_cell,
        level=study.config.counts.level,
    )


def _coverage(part: CodedQuestion) -> Coverage:
    asked = frozenset(part.asked)
    return Coverage(
        part.question, len(asked), len(part.content), len(asked & set(part.codes)), part.uncoded
    )


def write_counts(
    study: StudyFolder, counts: Counts, formats: Sequence[str] = ("csv", "xlsx")
) -> list[Path]:
    """See ``Study.write_counts``."""
    known = (*FORMATS, "matrix", "sav")
    unknown = [name for name in formats if name not in known]
    if unknown:
        params = {"known": ", ".join(known)}
        raise InputError([Problem("counts.format", {"found": name, **params}) for name in unknown])
    settings = study.config
    contents = count_files(counts, formats, settings.interface_language, settings.counts.decimals)
    if "matrix" in formats:
        contents[f"{stem(counts)}_matrix.csv"] = matrix_csv(study, counts.source)
    if "sav" in formats:
        contents[f"{stem(counts)}.sav"] = coding_sav(study, counts.source)
    folder = study.paths.reports
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, contents)
    return [folder / name for name in contents]
