"""A study's agreement: from the coding in ``annotations/`` to the findings and their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from themecoder.agreement.findings import (
    PLANNED,
    RESAMPLES,
    AgreementFindings,
    findings,
)
from themecoder.agreement.formats.files import MACHINE_FILE, agreement_files
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.machine import CERTAIN
from themecoder.agreement.measures.coefficients import MANY_CODERS
from themecoder.agreement.small_counts import without_small_counts
from themecoder.agreement.table import CodingTable, table
from themecoder.coding.model import Coding
from themecoder.coding.read import coding_by_coder, independent_coding, only_known
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.errors import InputError, Problem
from themecoder.progress import running
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.version import __version__
from themecoder.workspace.folder import StudyFolder

_FEWEST = 100
"""Resamples below which the ends of an interval are a handful of draws."""


def coding_table(
    study: StudyFolder, questions: Sequence[str] = (), coders: Sequence[str] = ()
) -> CodingTable:
    """The usable coding of ``questions`` (all) by ``coders`` (all), side by side.

    Raises InputError where the study has no codebook, or one of them has no coding at all.
    """
    book = study.required_codebook()
    chosen = [study.config.question(name).id for name in questions] or list(study.questions)
    codings: dict[str, list[Coding]] = {}
    lengths: dict[str, int] = {}
    files: dict[Path, Sequence[Coding]] = {}
    for question in chosen:
        lengths |= {answer.answer_id: len(answer.text) for answer in study.answers(question)}
        independent = independent_coding(study, question)
        for coder, rows in coding_by_coder(study, question).items():
            codings.setdefault(coder, []).extend(independent[coder])
            files[study.paths.coding(question, coder)] = rows
    if not codings:
        raise InputError(Problem("agreement.no_coding", {"questions": ", ".join(chosen)}))
    absent = [coder for coder in coders if coder not in codings]
    if absent:
        params = {"known": ", ".join(sorted(codings))}
        raise InputError([Problem("agreement.no_coder", {"coder": c, **params}) for c in absent])
    only_known(files, lengths)
    kept = {coder: rows for coder, rows in codings.items() if not coders or coder in coders}
    return table(
        kept,
        [code.id for code in book.usable],
        book.version,
        lengths,
        [code.id for code in book.codes],
        [code for code in book.usable if code.values],
    )


def study_agreement(
    study: StudyFolder,
    questions: Sequence[str] = (),
    coders: Sequence[str] = (),
    *,
    machine: Path | bool = False,
    threshold: float = CERTAIN,
    width: float | None = None,
    coefficient: str = PLANNED,
    resamples: int = RESAMPLES,
) -> AgreementFindings:
    """See ``Study.agreement``."""
    check_options(width, coefficient, resamples)
    people = coding_table(study, questions, coders)
    suggested = _suggested(study, people)
    compared = read_suggestions(machine) if isinstance(machine, Path) else None
    if machine is True:
        compared = suggested
    if machine is True and not suggested:
        raise InputError(Problem("agreement.no_suggestions", file=study.paths.suggestions_folder))
    book = study.required_codebook()
    chosen = [study.config.question(name).id for name in questions] or list(study.questions)
    contentless = study.contentless
    coded = set(people.answers)
    available = sum(
        answer.answer_id in coded or not contentless(answer.text)
        for question in chosen
        for answer in study.answers(question)
    )
    with running(study.progress, "agreement"):
        found = findings(
            people,
            book.version,
            suggested=suggested,
            machine=compared,
            threshold=threshold,
            width=width,
            available=available,
            coefficient=coefficient,
            resamples=resamples,
            seed=study.config.seed,
            advance=study.progress.advance,
        )
    return without_small_counts(found, study.config.report.smallest_cell)


def write_agreement(study: StudyFolder, findings: AgreementFindings) -> list[Path]:
    """See ``Study.write_agreement``."""
    config = study.config
    book = study.required_codebook()
    page = render_agreement(
        findings,
        book,
        title=config.title,
        language=config.interface_language,
        synthetic=config.synthetic or "",
        software=f"themecoder {__version__}",
    )
    contents = {"agreement.html": page, **agreement_files(findings, config.interface_language)}
    folder = study.paths.reports
    make_folder(folder)
    write_together(folder, contents)
    if MACHINE_FILE not in contents:
        # the file of an earlier run would be taken for one of this run
        (folder / MACHINE_FILE).unlink(missing_ok=True)
    return [folder / name for name in contents]


def check_options(
    width: float | None = None, coefficient: str = PLANNED, resamples: int = RESAMPLES
) -> None:
    """Raises InputError for each option that agreement can't be measured with."""
    problems = []
    if width is not None and not 0 < width < 2:
        problems.append(Problem("agreement.width", {"found": width}))
    if coefficient not in MANY_CODERS:
        params = {"found": coefficient, "known": ", ".join(MANY_CODERS)}
        problems.append(Problem("agreement.planned", params))
    if resamples < _FEWEST:
        problems.append(Problem("agreement.resamples", {"found": resamples}))
    if problems:
        raise InputError(problems)


def _suggested(study: StudyFolder, people: CodingTable) -> dict[str, list[tuple[str, float]]]:
    suggestions: dict[str, list[tuple[str, float]]] = {}
    for question in people.questions():
        file = study.paths.suggestions(question)
        if file.is_file():
            suggestions |= read_suggestions(file)
    return suggestions
