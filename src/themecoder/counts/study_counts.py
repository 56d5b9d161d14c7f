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
    closed_questions,
    code_labels,
    question_labels,
    subgroup_labels,
)
from themecoder.counts.coding_export import coding_sav, matrix_csv
from themecoder.counts.count_rows import BASES, CONTENT, count_rows
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
from themecoder.settings.model import ClosedSettings
from themecoder.storage.atomic import write_together
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from pathlib import Path


_NO_BOOK = Codebook("", "", ())


def study_counts(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    by: Sequence[str] | None = None,
    base: str | None = None,
) -> Counts:
    """See ``Study.counts``."""
    settings, survey, language = study.config.counts, study.survey, study.config.language
    base = base or settings.base
    if base not in BASES:
        known = ", ".join(BASES)
        raise InputError(Problem("counts.base", {"found": base, "known": known}))
    smallest = study.config.report.smallest_cell
    open_ones, closed_ones = _chosen(study, questions)
    broken_down = breakdowns(study, by)
    columns = Breakdown.of([one.groups for one in broken_down], survey.respondents)
    weights = study_weights(study)
    source, book, parts, not_coded = _parts(study, open_ones, source, required=bool(questions))
    tables = [open_table(part, book) for part in parts]
    whole = pool(parts, ALL_QUESTIONS, of_content=base == CONTENT)
    pooled = open_table(whole, book) if len(parts) > 1 else None
    rows = count_rows(
        tables, columns, base=base, smallest=smallest, level=settings.level, weights=weights,
        pooled=pooled,
    )  # fmt: skip
    countable = [one for one in closed_ones if one.kind != "number"]
    closed = [(one, closed_question_table(study, one)) for one in countable]
    for config, table in closed:
        # a question by its own answers tells nothing
        others = Breakdown.of(
            [one.groups for one in broken_down if one.columns.isdisjoint(config.columns)],
            survey.respondents,
        )
        rows += count_rows(
            [table], others, base=base, smallest=smallest, level=settings.level, weights=weights
        )
    everything = [*tables, *([pooled] if pooled else ()), *(table for _, table in closed)]
    wholes = {t.coded.question: [r.whole for r in t.relations] for t in everything}
    found_pairs = []
    codes = [code.id for code in book.usable]
    for table in [*tables, *([pooled] if pooled else ())]:
        question = table.coded.question
        shown = {
            r.code: r.n is not None
            for r in rows
            if (r.question, r.subgroup) == (question, ALL_RESPONDENTS)
        }
        of = table.coded.content if base == CONTENT else frozenset(table.coded.asked)
        found_pairs += pairs(table.coded, codes, of, shown, smallest)
    return Counts(
        source=source,
        version=book.version,
        base=base,
        level=settings.level,
        smallest=smallest,
        bases=tuple(_basis(table.coded) for table in everything),
        rows=tuple(rows),
        numbers=tuple(
            row
            for one in closed_ones
            if one.kind == "number"
            for row in _numbers(study, one, columns)
        ),
        differences=tuple(count_differences(rows, columns, wholes)),
        pairs=tuple(found_pairs),
        question_labels=question_labels(study),
        code_labels=code_labels(study, book, everything),
        subgroup_labels=subgroup_labels([one.groups for one in broken_down], columns, language),
        effective_base=effective_base(list(weights.values())) if weights else None,
        open_questions=(*(one.question for one in parts), *([ALL_QUESTIONS] if pooled else ())),
        not_coded=not_coded,
    )


def _parts(
    study: StudyFolder, questions: Sequence[str], source: CodingSource | None, *, required: bool
) -> tuple[CodingSource, Codebook, list[CodedQuestion], tuple[str, ...]]:
    """The coding of the open ``questions``, and those of which nothing is coded.

    Of a question that nobody coded a count of none would be no fact. Where they are ``required``
    that is an error. Closed questions need neither codebook nor coding.
    """
    if not questions or not (required or study.codebook):
        return source or CodingSource(MAJORITY), _NO_BOOK, [], tuple(questions)
    book = study.required_codebook()
    source = source or source_for(study)
    parts = [coded(study, one, source, book) for one in questions]
    there = [one for one in parts if one.codes]
    missing = tuple(one.question for one in parts if not one.codes)
    if required and missing:
        params = {"source": str(source), "version": book.version}
        raise InputError(
            [Problem("counts.no_coding", {"question": one, **params}) for one in missing]
        )
    return source, book, there, missing


def study_weights(study: StudyFolder) -> dict[str, float] | None:
    """respondent -> weight, None where the study has none.

    Raises InputError with every cell that is no weight: empty, no number, below zero.
    """
    column = study.config.survey.weight
    if column is None:
        return None
    frame = study.survey.frame
    found: dict[str, float] = {}
    problems = []
    for respondent, cell in zip(study.survey.respondents, frame[column].tolist(), strict=True):
        value = None if is_empty(cell) else number(cell)
        if value is None or value < 0:
            params = {"respondent": respondent, "found": "" if is_empty(cell) else cell}
            file = study.paths.root / study.config.survey.file
            problems.append(Problem("counts.weight", params, file=file, column=column))
        else:
            found[respondent] = value
    if problems:
        raise InputError(problems)
    return found


def _chosen(study: StudyFolder, questions: Sequence[str]) -> tuple[list[str], list[ClosedSettings]]:
    """The open and closed questions that are meant: all, or those with an id in ``questions``."""
    closed = closed_questions(study)
    known = [*study.questions, *(one.id for one in closed)]
    unknown = [one for one in questions if one not in known]
    if unknown:
        raise InputError(
            [
                Problem("cli.question_unknown", {"found": one, "known": ", ".join(known)})
                for one in unknown
            ]
        )
    wanted = questions or known
    return [q for q in study.questions if q in wanted], [one for one in closed if one.id in wanted]


def closed_question_table(study: StudyFolder, config: ClosedSettings) -> CodeTable:
    """The rows of a closed question that asks no number."""
    survey = study.survey
    column = survey.columns.get(config.columns[0])
    labels = column.values if column else {}
    return closed_table(config, labels, survey.frame, survey.members(config.asked))


def _numbers(study: StudyFolder, config: ClosedSettings, columns: Breakdown) -> list[NumberSummary]:
    survey = study.survey
    cells = zip(survey.respondents, survey.frame[config.column].tolist(), strict=True)
    given = {one: number(cell) for one, cell in cells if not is_empty(cell)}
    values = {one: value for one, value in given.items() if value is not None}
    return number_summaries(
        config.id, values, survey.members(config.asked), columns,
        smallest=study.config.report.smallest_cell, level=study.config.counts.level,
    )  # fmt: skip


def _basis(part: CodedQuestion) -> Coverage:
    there = frozenset(part.asked)
    return Coverage(
        part.question, len(there), len(part.content), len(there & set(part.codes)), part.uncoded
    )


def write_counts(
    study: StudyFolder, found: Counts, formats: Sequence[str] = ("csv", "xlsx")
) -> list[Path]:
    """See ``Study.write_counts``."""
    known = (*FORMATS, "matrix", "sav")
    unknown = [one for one in formats if one not in known]
    if unknown:
        params = {"known": ", ".join(known)}
        raise InputError([Problem("counts.format", {"found": one, **params}) for one in unknown])
    settings = study.config
    contents = count_files(found, formats, settings.language, settings.counts.decimals)
    if "matrix" in formats:
        contents[f"{stem(found)}_matrix.csv"] = matrix_csv(study, found.source)
    if "sav" in formats:
        contents[f"{stem(found)}.sav"] = coding_sav(study, found.source)
    folder = study.paths.reports
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, contents)
    return [folder / name for name in contents]
