"""A study's coded answers: whose coding is counted, and which respondents have which codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import read_coding_files
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.coded import CodedQuestion, from_codings
from themecoder.coding.machine_coding import usable_machine, with_machine
from themecoder.coding.model import Coding
from themecoder.coding.plan import RECHECK
from themecoder.coding.plan_file import read_plan
from themecoder.coding.settled import MACHINE, SettledCoding, settle
from themecoder.coding.source import (
    DECIDED,
    FORMS,
    PPI,
    SUGGESTIONS,
    CodingSource,
    as_codings,
    no_estimate_here,
    people_only,
    source_of,
)
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.coding.suggestions.study_suggestions import suggestions
from themecoder.errors import InputError, Problem
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from pathlib import Path


def coding_by_coder(study: StudyFolder, question: str) -> dict[str, tuple[Coding, ...]]:
    """coder -> coding of a question. Raises InputError with every line that can't be read."""
    return read_coding_files({file.stem: file for file in study.paths.coding_files(question)})


def independent_coding(study: StudyFolder, question: str) -> dict[str, tuple[Coding, ...]]:
    """coder -> coding of a question, without the second codings that were asked for where the first
    may be mistaken: how far coders agree there says nothing about the others."""
    rechecks = {row.key[:2] for row in read_plan(study.paths.plan) if row.by == RECHECK}
    return {
        coder: tuple(one for one in rows if (one.answer_id, coder) not in rechecks)
        for coder, rows in coding_by_coder(study, question).items()
    }


def source_for(
    study: StudyFolder, wanted: str | None = None, *, machine: bool = False, ppi: bool = False
) -> CodingSource:
    """The source that ``wanted`` names, else study.toml's ``[counts] source``, else ``decided``.

    ``machine``: whether it may take in what the machine coded; what can't tell that apart from
    people's coding refuses it. ``ppi``: whether it may be the estimate from what the machine says
    and what people coded; the coding of people is then that of study.toml. Raises InputError where
    it may not, for an unknown source, and for a coder of whom there is no coding.
    """
    if wanted == PPI and ppi:
        return estimated_from(source_for(study))
    name = wanted or study.config.counts.source
    if name is None:
        return CodingSource(DECIDED)
    coders = sorted(
        {file.stem for question in study.questions for file in study.paths.coding_files(question)}
    )
    if name in coders:
        raise InputError(Problem("counts.source_coder", {"found": name, "known": ", ".join(FORMS)}))
    source = source_of(name)
    if not machine:
        people_only(source)
    if source.coder and source.coder not in coders:
        params = {"coder": source.coder, "known": ", ".join(coders) or "-"}
        raise InputError(Problem("agreement.no_coder", params))
    return source


def estimated_from(people: CodingSource) -> CodingSource:
    """The estimate that is put right by the coding of ``people``. Raises InputError where nobody
    confirmed it."""
    if not people.confirmed:
        raise InputError(Problem("ppi.no_people", {"source": str(people)}))
    return replace(people, ppi=True)


def settled_coding(
    study: StudyFolder, question: str, source: CodingSource, book: Codebook | None = None
) -> SettledCoding:
    """The coding of ``source``, and how it was settled.

    All coders' files are read, whatever the source, so that it can be told which of their answers
    it leaves out. Suggestions that are not in ``suggestions/`` yet are worked out. ``book``: the
    study's codebook, if it has been read already. Raises InputError for files that can't be read,
    for coding of answers that the survey does not have, and for an estimate: it codes no answer.
    """
    if source.ppi:
        raise InputError(no_estimate_here())
    book = book or study.required_codebook()
    texts = {answer.answer_id: answer.text for answer in study.answers(question)}
    if source.kind == SUGGESTIONS:
        file = study.paths.suggestions(question)
        # worked out but not written: the file says what coders were shown
        suggested = read_suggestions(file) if file.is_file() else suggestions(study).of[question]
        codings = as_codings(suggested, book.version)
        only_known({file: codings}, texts)
        return settle(source, {}, (), codings, texts, book)
    by_coder = coding_by_coder(study, question)
    decisions = adjudicated_codings(study, question)
    files: dict[Path, Sequence[Coding]] = {
        study.paths.coding(question, coder): rows for coder, rows in by_coder.items()
    }
    only_known({**files, study.paths.adjudicated(question): decisions}, texts)
    settled = settle(source, by_coder, decisions, (), texts, book)
    if not source.machine:
        return settled
    machine = usable_machine(study.paths.machine, book.version)
    seen = {coding.answer_id for rows in (*by_coder.values(), decisions) for coding in rows}
    settled = with_machine(settled, machine, question, seen)
    added = [c for answer, c in settled.codings.items() if settled.ways.get(answer) == MACHINE]
    only_known({study.paths.machine: added}, texts)
    return settled


def codings(
    study: StudyFolder, question: str, source: CodingSource, book: Codebook | None = None
) -> dict[str, Coding]:
    """answer_id -> the coding of ``source``, also of skipped answers; see ``settled_coding``."""
    return settled_coding(study, question, source, book).codings


def coded(
    study: StudyFolder, question: str, source: CodingSource, book: Codebook | None = None
) -> CodedQuestion:
    """The respondents of a question with the codes that ``source`` gives them."""
    book = book or study.required_codebook()
    settled = settled_coding(study, question, source, book)
    contentless = study.contentless
    content = [a.respondent_id for a in study.answers(question) if not contentless(a.text)]
    usable = [code.id for code in book.usable]
    asked, rows = study.survey.asked(question), settled.codings.values()
    return from_codings(question, asked, content, rows, usable, book.version, settled.ways)


def only_known(files: Mapping[Path, Sequence[Coding]], known: Mapping[str, object]) -> None:
    """Raises InputError for coding of answers that the survey does not have: no respondent stands
    behind it, so that it may not be counted or measured."""
    problems = [
        Problem(
            "agreement.unknown_answer",
            {"answer": coding.answer_id},
            file=file,
            row=_line_of_answer(file, coding.answer_id),
        )
        for file, rows in files.items()
        for coding in rows
        if coding.answer_id not in known
    ]
    if problems:
        raise InputError(problems)


def _line_of_answer(file: Path, answer: str) -> int | None:
    """The number of the line about ``answer`` in a file of JSON lines or CSV; None without one."""
    starts = (f'"{answer}"', f"{answer},")
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    return next((n for n, line in enumerate(lines, 1) if any(s in line for s in starts)), None)
