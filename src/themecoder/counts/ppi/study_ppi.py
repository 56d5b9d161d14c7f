"""A study's shares by machine codes and a human-coded random part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coded, estimated_from, source_for
from themecoder.coding.source import CodingSource
from themecoder.coding.suggestions.study_suggestions import cross_fitted_probabilities
from themecoder.counts.breakdowns import (
    GroupedBy,
    breakdowns,
    code_labels,
    question_labels,
    subgroup_labels,
)
from themecoder.counts.count_rows import BASES, CONTENT, Count, count_rows
from themecoder.counts.estimates import PpiBasis, PpiCounts, PpiRow
from themecoder.counts.kept_hiding import kept_hiding
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.ppi.files import ppi_files
from themecoder.counts.ppi.human_part import HumanPart, human_part
from themecoder.counts.ppi.machine import MachineCodes
from themecoder.counts.ppi.shares import (
    Units,
    Waves,
    answer_rows,
    respondent_rows,
    respondent_units,
)
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import levels_of, open_table
from themecoder.errors import InputError, Problem
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.themes.known import known_study
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from pathlib import Path


class PpiShares:
    """Estimated shares of one study: ``study.ppi``.

    >>> study.ppi.write(study.ppi.shares(["q18"]))
    """

    def __init__(self, study: StudyFolder) -> None:
        self._study = study

    def shares(
        self, questions: Sequence[str] = (), by: Sequence[str] = (), base: str | None = None
    ) -> PpiCounts:
        """The machine's codes, put right by the random part that people coded.

        Of ``questions`` (all open ones), in groups of ``by``; people's coding is what study.toml
        counts. Raises InputError where what people coded is no random part, with what to do.
        """
        return study_ppi(self._study, questions, by, base)

    def write(self, found: PpiCounts, formats: Sequence[str] = ("csv", "xlsx")) -> list[Path]:
        """Write ``reports/counts_ppi.*``: csv, xlsx, docx, tex; the files."""
        return write_ppi(self._study, found, formats)


def study_ppi(
    study: StudyFolder,
    questions: Sequence[str] = (),
    by: Sequence[str] | None = (),
    base: str | None = None,
    people: CodingSource | None = None,
    *,
    hide: bool = True,
) -> PpiCounts:
    """See ``PpiShares.shares``. ``by`` None: by all attributes. ``people``: whose coding, if not
    what study.toml counts. ``hide`` False: with what may not be shown, for the audit alone."""
    base = checked_base(study, base)
    source = estimated_from(people or source_for(study)).people
    book, own, not_coded = ppi_parts(study, questions, source)
    grouped = breakdowns(study, by)
    columns = Breakdown.of([g.groups for g in grouped], study.survey.respondents)
    tables, pooled = ppi_tables([one.part for one in own], book, base)
    counts, hidden = _counted(study, tables, pooled, columns, base)
    hidden = hidden | _hidden_in_counts(study, source, book, base, grouped) if hide else set()
    waves: Waves = {one.part.question: one.waves for one in own}
    machine, level = machine_codes(study), study.config.counts.level
    rows: list[PpiRow] = []
    bases = [_basis(one) for one in own]
    everything = [*tables, *([pooled] if pooled else ())]
    for table in everything:
        question, units = table.coded.question, respondent_units(table.coded, waves)
        wanted = [count for count in counts if count.question == question]
        rows += respondent_rows(table, units, columns, wanted, hidden, machine, base, level)
        if table is pooled:
            bases.append(_basis_together(units))
    if pooled:
        parts = [one.part for one in own]
        rows += answer_rows(pooled, parts, waves, hidden, machine, level)
    language = study.config.interface_language
    return PpiCounts(
        source=source,
        version=book.version,
        base=base,
        level=level,
        smallest=study.config.report.smallest_cell,
        bases=tuple(bases),
        rows=tuple(rows),
        question_labels=question_labels(study),
        code_labels=code_labels(study, book, everything),
        subgroup_labels=subgroup_labels([g.groups for g in grouped], columns, language),
        not_coded=not_coded,
        levels=levels_of(book),
    )


def checked_base(study: StudyFolder, base: str | None) -> str:
    base = base or study.config.counts.base
    if base not in BASES:
        raise InputError(Problem("counts.base", {"found": base, "known": ", ".join(BASES)}))
    return base


def _require_no_design(study: StudyFolder) -> None:
    settings = study.config.survey
    named = [key for key in ("weight", "strata", "cluster") if getattr(settings, key)]
    if named:
        raise InputError(Problem("ppi.weights", {"settings": ", ".join(named)}))


def _open_questions(study: StudyFolder, questions: Sequence[str]) -> Sequence[str]:
    closed = {question.id for question in study.survey.closed} & set(questions)
    if closed:
        known = ", ".join(study.questions)
        problems = [Problem("ppi.closed", {"found": q, "known": known}) for q in sorted(closed)]
        raise InputError(problems)
    wanted = {study.question(question) for question in questions}
    return [question for question in study.questions if not wanted or question in wanted]


def ppi_parts(
    study: StudyFolder, questions: Sequence[str], people: CodingSource
) -> tuple[Codebook, list[HumanPart], tuple[str, ...]]:
    """The codebook, the random part of each of ``questions`` (all open ones), and those of which
    nothing is coded. Raises InputError with everything that keeps it from being a random part, and
    where nothing is coded of a question that is named, or of any."""
    _require_no_design(study)
    book = study.required_codebook()
    own, not_coded = _human_parts(study, _open_questions(study, questions), people, book)
    if not own or (questions and not_coded):
        raise InputError(Problem("ppi.nothing", {"question": ", ".join(not_coded)}))
    return book, own, not_coded


def _human_parts(
    study: StudyFolder, questions: Sequence[str], source: CodingSource, book: Codebook
) -> tuple[list[HumanPart], tuple[str, ...]]:
    plan = read_plan(study.paths.plan)
    found, not_coded, problems = [], [], []
    for question in questions:
        if not study.paths.coding_files(question):
            not_coded.append(question)
            continue
        try:
            found.append(human_part(study, question, source, book, plan))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found, tuple(not_coded)


def ppi_tables(
    parts: Sequence[CodedQuestion], book: Codebook, base: str
) -> tuple[list[CodeTable], CodeTable | None]:
    """A table of each question, and of all as one where there are several."""
    together = pool(parts, ALL_QUESTIONS, of_content=base == CONTENT)
    tables = [open_table(part, book) for part in parts]
    return tables, open_table(together, book) if len(parts) > 1 else None


def _counted(
    study: StudyFolder,
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    base: str,
) -> tuple[list[Count], set[tuple[str, str, str]]]:
    """The counts of coding, and which of them are not shown: an estimate that the machine adds
    nothing to is a count of people's codes, and may not tell one that is hidden."""
    smallest = study.config.report.smallest_cell
    keep = kept_hiding(study)
    counts, _ = count_rows(tables, columns, base=base, smallest=smallest, pooled=pooled, keep=keep)
    return counts, {(c.question, c.code, c.subgroup) for c in counts if c.suppressed}


def _hidden_in_counts(
    study: StudyFolder,
    source: CodingSource,
    book: Codebook,
    base: str,
    grouped: Sequence[GroupedBy],
) -> set[tuple[str, str, str]]:
    """What is not shown of the study's own counts: of all coding, by all attributes."""
    parts = [coded(study, question, source, book) for question in study.questions]
    groups = {g.groups.attribute: g.groups for g in (*breakdowns(study, None), *grouped)}
    columns = Breakdown.of(groups.values(), study.survey.respondents)
    tables, pooled = ppi_tables([part for part in parts if part.codes], book, base)
    return _counted(study, tables, pooled, columns, base)[1]


def machine_codes(study: StudyFolder) -> MachineCodes:
    """What the machine says of each answer, learned without its respondent's coding."""
    known = study.once(known_study)
    if known is None:
        raise InputError(Problem("ppi.no_content"))
    columns = {code: column for column, code in enumerate(known.codes)}
    return MachineCodes(cross_fitted_probabilities(study, known), known.places, columns)


def _basis(one: HumanPart) -> PpiBasis:
    content = one.part.content
    human = len(content - one.part.uncoded)
    return PpiBasis(one.part.question, len(content), human, one.lost, one.behind)


def _basis_together(units: Units) -> PpiBasis:
    missing = sorted(
        {" + ".join(question for question, _ in stratum) for stratum in units.not_coded_at_all()}
    )
    human = int(units.known.sum())
    return PpiBasis(ALL_QUESTIONS, len(units.who), human, not_together=tuple(missing))


def write_ppi(
    study: StudyFolder, found: PpiCounts, formats: Sequence[str] = ("csv", "xlsx")
) -> list[Path]:
    """See ``PpiShares.write``."""
    language = study.config.interface_language
    contents = ppi_files(found, formats, language, study.config.counts.decimals)
    folder = study.paths.reports
    make_folder(folder)
    write_together(folder, contents)
    return [folder / name for name in contents]
