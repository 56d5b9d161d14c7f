"""All steps of a study in one go; a step that is up to date is not done again.

A step is up to date where what it reads and what it wrote are byte for byte as they were when it
last ended. It is noted only after it ended, and every step writes whole files, so a run that is
killed at any moment can be continued.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from themecoder.agreement.study_agreement import check_options, study_agreement, write_agreement
from themecoder.codebook.html.page import write_codebook_page
from themecoder.coding.source import SUGGESTIONS, CodingSource
from themecoder.counts.audit import AUDITED, audit_disclosure, write_audit
from themecoder.counts.left_out import require_all_counted
from themecoder.counts.ppi.audit import audit_estimates
from themecoder.counts.ppi.files import STEM
from themecoder.counts.ppi.study_ppi import study_ppi, write_ppi
from themecoder.counts.study_counts import study_counts, write_counts
from themecoder.errors import InputError
from themecoder.figures.study_check import CLAIMS_FILE, FIGURES_FILE, check_study, write_check
from themecoder.quotes.study_quotes import study_quotes, write_quotes
from themecoder.report.manifest import inputs
from themecoder.report.write import write_report
from themecoder.storage.atomic import write_json
from themecoder.storage.git import commit_of
from themecoder.storage.tables import read_table
from themecoder.themes.html.content import write_themes_page
from themecoder.themes.mine import mine_question
from themecoder.version import __version__
from themecoder.workspace.encoders import encoders_here
from themecoder.workspace.folder import StudyFolder

DONE, FRESH, NOT_YET = "done", "fresh", "not_yet"
TOLD = "told"
"""The verdict of the audit of disclosure."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that ended: ``done``, ``fresh`` (nothing to do) or ``not_yet`` (nothing to do it
    with: ``why`` is a key below run.why). ``files`` are what it makes. ``verdicts``: of figures and
    claims that were checked, how many have each verdict."""

    name: str
    state: str
    files: tuple[Path, ...] = ()
    why: str = ""
    verdicts: Mapping[str, int] = field(default_factory=dict)


def run_study(
    study: StudyFolder,
    source: CodingSource | None = None,
    resamples: int = 1000,
    again: bool = False,
    accept_partial: bool = False,
) -> Iterator[Step]:
    """See ``Study.run``."""
    check_options(resamples=resamples)  # before anything takes time
    notes = study.paths.finished_steps
    known = {} if again else _read(notes)
    accept_partial = accept_partial or study.config.counts.accept_partial
    for step in _steps(study, source, resamples, accept_partial):
        missing = _missing(study, source) if step.coding else ""
        if missing:
            yield Step(step.name, NOT_YET, why=missing)
            continue
        before = _digest(step.reads, f"{step.state} {__version__}")
        entry = known.get(step.name)
        files = [study.paths.root / name for name in entry[2]] if entry else []
        if entry and entry[:2] == [before, _digest(files)] and all(f.is_file() for f in files):
            yield Step(step.name, FRESH, tuple(files), verdicts=_verdicts(step.name, files))
            continue
        written = step.act()
        if written is None:
            yield Step(step.name, NOT_YET, why=f"no_{step.name}")
            continue
        names = [file.relative_to(study.paths.root).as_posix() for file in written]
        known[step.name] = [before, _digest(written), names]
        write_json(notes, known)
        yield Step(step.name, DONE, tuple(written), verdicts=_verdicts(step.name, written))


@dataclass(frozen=True, slots=True)
class _PlannedStep:
    """A step to do. ``act`` makes files from ``reads`` and from ``state`` (options, the commit), or
    returns None where there is nothing to make them from. ``coding``: it needs coded answers."""

    name: str
    reads: Sequence[Path]
    act: Callable[[], list[Path] | None]
    coding: bool = True
    state: str = ""


def _steps(
    study: StudyFolder, source: CodingSource | None, resamples: int, accept_partial: bool
) -> Iterator[_PlannedStep]:
    """The steps in their order, each with the files that it reads, as they are when it begins."""
    paths, people = study.paths, source.people if source else None
    quoted = [paths.reports / name for name in (FIGURES_FILE, CLAIMS_FILE)]
    texts, coding, choices, templates = _inputs(study)

    def mine() -> list[Path] | None:
        if not study.questions:
            return None
        for question in study.questions:
            try:
                mine_question(study, question)
            except InputError as error:
                if any(problem.key != "themes.no_content" for problem in error.problems):
                    raise
        files = [file for q in study.questions for file in sorted(paths.themes(q).glob("*"))]
        return [*(file for file in files if file.is_file()), write_themes_page(study)]

    def book() -> list[Path] | None:
        codebook = study.codebook
        return [write_codebook_page(study.codebooks, codebook, paths)] if codebook else None

    def agreement() -> list[Path] | None:
        if not _people_coded(study):
            return None
        findings = study_agreement(study, resamples=resamples)
        return write_agreement(study, findings) if len(findings.coders) > 1 else None

    def counts() -> list[Path]:
        if source is not None and source.ppi:
            return write_ppi(study, study_ppi(study, by=None, people=people))
        found = study_counts(study, source=source)
        if not accept_partial:
            require_all_counted(found)
        return write_counts(study, found)

    def quotes() -> list[Path]:
        # quotes are of answers that people coded, also where shares are estimated
        return write_quotes(study, study_quotes(study, source=people))

    def check() -> list[Path] | None:
        if not any(file.is_file() for file in quoted):
            return None
        return [write_check(study, check_study(study, source=source))]

    def report() -> list[Path]:
        return write_report(study, source, resamples=resamples, accept_partial=accept_partial)

    def disclosure() -> list[Path]:
        if source is not None and source.ppi:
            return [write_audit(study, audit_estimates(study, source, by=None))]
        return [write_audit(study, audit_disclosure(study, source=source))]

    encoders = " ".join(study.once(encoders_here)[0])  # another machine may have others
    yield _PlannedStep("themes", texts, mine, coding=False, state=encoders)
    yield _PlannedStep("codebook", texts, book, coding=False)
    yield _PlannedStep("agreement", [*texts, *coding], agreement, state=str(resamples))
    yield _PlannedStep("counts", [*texts, *coding], counts, state=f"{source} {accept_partial}")
    yield _PlannedStep("quotes", [*texts, *coding, *choices], quotes, state=f"{source} {encoders}")
    yield _PlannedStep("check", [*texts, *coding, *quoted], check, coding=False, state=str(source))
    whole = [*texts, *coding, *choices, *templates]
    # the report says of which commit its data are
    state = f"{source} {resamples} {encoders} {commit_of(paths.root, whole)}"
    yield _PlannedStep("report", whole, report, state=state)
    published = [paths.reports / name for name in (*AUDITED, f"{STEM}.csv")]
    yield _PlannedStep(
        "disclosure", [*texts, *coding, *published], disclosure, state=f"{source} {accept_partial}"
    )


def _inputs(study: StudyFolder) -> tuple[list[Path], list[Path], list[Path], list[Path]]:
    """The study's files: its texts and settings, coding, chosen quotes, and templates."""
    settings = study.config.report
    kinds: dict[str, list[Path]] = {"texts": [], "coding": [], "choices": [], "templates": []}
    for name, file in inputs(study).items():
        if name.startswith(("annotations/", "suggestions/")):
            kind = "coding"
        elif file == study.paths.quotes:
            kind = "choices"
        else:
            named = (settings.template, settings.template_docx)
            kind = "templates" if name in named else "texts"
        kinds[kind].append(file)
    return kinds["texts"], kinds["coding"], kinds["choices"], kinds["templates"]


def _missing(study: StudyFolder, source: CodingSource | None) -> str:
    """What is missing before anything can be counted, as a key below run.why; else empty."""
    if study.codebook is None:
        return "no_codebook"
    suggested = (str(source) if source else study.config.counts.source) == SUGGESTIONS
    return "" if suggested or _people_coded(study) else "no_coding"


def _people_coded(study: StudyFolder) -> bool:
    folder = study.paths.annotations
    return any(
        file.is_file()
        for question in study.questions
        for file in (*(folder / question).glob("*.jsonl"), study.paths.adjudicated(question))
    )


def _verdicts(step: str, files: Sequence[Path]) -> Mapping[str, int]:
    """Of the check, in its file: verdict -> how many figures and claims have it; of the audit of
    disclosure, how many counts are told."""
    if step == "check":
        return Counter(row["verdict"] for _, row in read_table(files[0], ["verdict"]))
    if step == "disclosure":
        return {TOLD: len(read_table(files[0], ["file"]))}
    return {}


def _digest(files: Sequence[Path], settings: str = "") -> str:
    digest = hashlib.sha256(settings.encode("utf-8"))
    for file in files:
        # that a file does not exist is part of the state too
        data = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.name} {file.is_file()} {len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()


def _read(file: Path) -> dict[str, list]:  # type: ignore[type-arg]
    """The notes of earlier runs; none where they can't be read: then all steps are done again."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return (
            {k: v for k, v in entries.items() if len(v) == 3} if isinstance(entries, dict) else {}
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
