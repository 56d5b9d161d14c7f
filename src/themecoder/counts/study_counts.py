"""A study's counts: from coding and closed answers to the rows of a report's tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.cases import cases
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.exchange.respondent_tables import coding_sav, matrix_csv
from themecoder.coding.machine_coding import MachineCoded, usable_machine
from themecoder.coding.read import independent_coding
from themecoder.coding.source import CodingSource
from themecoder.counts.breakdowns import (
    code_labels,
    question_labels,
    subgroup_labels,
)
from themecoder.counts.coded_twice import CoderError, coder_errors
from themecoder.counts.count_rows import Count, base_members, count_rows
from themecoder.counts.differences import count_differences, shown_differences
from themecoder.counts.formats.files import FORMATS, count_files, stem
from themecoder.counts.kept_hiding import kept_hiding
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.numbers import NumberSummary, number_summaries
from themecoder.counts.pairs import pairs
from themecoder.counts.result import Counts, Coverage
from themecoder.counts.same_cells import hidden_in_both, same_cells
from themecoder.counts.sampling import SamplingDesign
from themecoder.counts.study_design import study_design
from themecoder.counts.study_tables import study_tables
from themecoder.counts.tables import levels_of
from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty, number
from themecoder.plugins import is_plugin
from themecoder.settings.closed import ClosedSettings
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice

if TYPE_CHECKING:
    from pathlib import Path


def study_counts(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    by: Sequence[str] | None = None,
    base: str | None = None,
) -> Counts:
    """See ``Study.counts``."""
    settings, language = study.config.counts, study.config.interface_language
    made = study_tables(study, questions, source, by, base)
    smallest, design = study.config.report.smallest_cell, study_design(study)
    count = partial(
        count_rows,
        base=made.base,
        smallest=smallest,
        level=settings.level,
        design=design,
        keep=kept_hiding(study),
    )
    tests = partial(count_differences, base=made.base, seed=study.config.seed, design=design)
    rows, hidden = count(made.tables, made.columns, pooled=made.pooled)
    differences = tests(made.coded_tables, made.columns)
    n, bases = dict(hidden.n), dict(hidden.bases)
    for table, columns in made.closed:
        own_rows, own = count([table], columns, closed=True)
        rows += own_rows
        n |= own.n
        bases |= own.bases
        differences += tests([table], columns)
    rows = hidden_in_both(rows, same_cells(study))
    unseen = {(row.question, row.code, row.subgroup) for row in rows if row.suppressed}
    machine = (
        usable_machine(study.paths.machine, made.book.version) if made.source.machine else None
    )
    found_pairs = []
    for table in made.coded_tables:
        # of who is not coded nobody knows whether they have the pair
        members = base_members(table.coded, made.base) - table.coded.uncoded
        found_pairs += pairs(table.coded, hidden.pairs, members, smallest)
    return Counts(
        source=made.source,
        version=made.book.version,
        base=made.base,
        level=settings.level,
        smallest=smallest,
        bases=tuple(_coverage(table.coded, machine) for table in made.everything),
        rows=tuple(rows),
        numbers=tuple(
            row
            for question in made.numbers
            for row in _number_rows(study, question, made.columns, design)
        ),
        differences=tuple(shown_differences(differences, n, bases, unseen, smallest)),
        pairs=tuple(found_pairs),
        question_labels=question_labels(study),
        code_labels=code_labels(study, made.book, made.everything),
        subgroup_labels=subgroup_labels(made.attributes, made.columns, language),
        effective_base=design.effective_base if design else None,
        open_questions=tuple(table.coded.question for table in made.coded_tables),
        not_coded=made.not_coded,
        coder_errors=_coder_errors(study, made.source, made.book, made.tables, rows, made.base),
        levels=levels_of(made.book),
    )


def _coder_errors(
    study: StudyFolder,
    source: CodingSource,
    book: Codebook,
    tables: Sequence[CodeTable],
    rows: Sequence[Count],
    base: str,
) -> tuple[CoderError, ...]:
    """What the counts of the open questions owe to coders; there are none where the machine coded,
    whose errors are its own."""
    if not source.confirmed or source.machine:
        return ()
    usable = [code.id for code in book.usable]
    found: list[CoderError] = []
    for table in tables:
        question = table.coded.question
        decisions = adjudicated_codings(study, question)
        own = cases(independent_coding(study, question), decisions, usable, book.version)
        level, seed = study.config.counts.level, study.config.seed
        found += coder_errors(table, own, rows, base, book.version, level, seed)
    return tuple(found)


def _number_rows(
    study: StudyFolder,
    config: ClosedSettings,
    columns: Breakdown,
    design: SamplingDesign | None,
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
        design=design,
    )


def _coverage(part: CodedQuestion, machine: MachineCoded | None) -> Coverage:
    asked = frozenset(part.asked)
    return Coverage(
        part.question,
        len(asked),
        len(part.content),
        len((asked & part.codes.keys()) - part.partly),
        len(part.uncoded),
        part.settled,
        machine.stated(part.question) if machine and part.settled.machine else None,
    )


def write_counts(
    study: StudyFolder, counts: Counts, formats: Sequence[str] = ("csv", "xlsx")
) -> list[Path]:
    """See ``Study.write_counts``."""
    known = (*FORMATS, "matrix", "sav")
    unknown = [name for name in formats if name not in known and not is_plugin(name)]
    if unknown:
        params = {"known": ", ".join(known)}
        raise InputError([Problem("counts.format", {"found": name, **params}) for name in unknown])
    settings = study.config
    language = settings.interface_language
    contents = count_files(counts, formats, language, settings.counts.decimals)
    internal: dict[str, str | bytes] = {}
    if "matrix" in formats:
        internal[f"{stem(counts)}_matrix.csv"] = matrix_csv(study, counts.source)
    if "sav" in formats:
        internal[f"{stem(counts)}.sav"] = coding_sav(study, counts.source)
    files = []
    for folder, own in ((study.paths.reports, contents), (study.paths.internal, internal)):
        if own:
            make_folder(folder)
            notice = {INTERNAL_NOTICE: internal_notice(language)} if own is internal else {}
            write_together(folder, own | notice)
            files += [folder / name for name in own]
    return files
