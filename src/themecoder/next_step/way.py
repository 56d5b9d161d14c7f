"""The way of work: each stage says whether it is what a study waits for. The first that does is
what comes next.

Stages look at files only, and at as few as they can: every command that changes a study ends by
asking them. None of them asks the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from themecoder.coding.annotations import read_coding_files, read_codings
from themecoder.coding.cases import cases
from themecoder.coding.label_studio.local_server import LocalServer
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.coding.model import FORMAT, Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.source import DECIDED, source_of
from themecoder.errors import ThemecoderError
from themecoder.messages import message
from themecoder.next_step.model import DONE, NextStep
from themecoder.report.manifest import FILE as MANIFEST
from themecoder.report.manifest import changed_since
from themecoder.settings.model import LabelStudioSettings
from themecoder.workspace.folder import StudyFolder

_EXPORTS = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".sav", ".dta"))
_TEMPLATE = "EXPORT"
Codings = Mapping[str, Mapping[str, tuple[Coding, ...]]]
"""question -> coder -> coding."""


def next_step(root: Path) -> NextStep:
    """What comes next for the study in folder ``root``, also where there is none yet.

    Never raises for what stands in the study's files: what is wrong in one is then what comes next.
    """
    try:
        if not (root / "study.toml").is_file():
            return NextStep("init", ("init", _export_in(root)))
        return next_step_of(StudyFolder.open(root))
    except ThemecoderError as error:
        return NextStep("mend", ("import",), problems=error.problems)


def next_step_of(study: StudyFolder) -> NextStep:
    """What comes next for a study that could be opened. Raises InputError where one of its files
    can't be read."""
    return next(_what_is_left(study), NextStep(DONE))


def _what_is_left(study: StudyFolder) -> Iterator[NextStep]:
    """Stage by stage; the files of a stage are read only where the ones before are done."""
    for stage in (_questions, _codebook, _coders):
        yield from stage(study)
    codings = {
        question: read_coding_files(
            {file.stem: file for file in study.paths.coding_files(question)}
        )
        for question in study.questions
    }
    yield from _format(study, codings)
    planned = read_plan(study.paths.plan)
    waiting = _waiting(study, planned, codings)
    yield from _sending(study, bool(planned), waiting, codings)
    if waiting:
        yield NextStep("pull", ("pull",), {"n": len(waiting)})
    for look in (_migration, _agreement):
        yield from look(study, codings)
    for stage in (_counts, _check, _report):
        yield from stage(study)


def why_of(found: NextStep, language: str) -> str:
    """Why that comes next, in words."""
    if found.name == DONE:
        return message("next.done", language)
    return message(f"next.why.{found.name}", language, **found.params)


def _export_in(root: Path) -> str:
    """The one file here that may be an export; else the word that stands for one."""
    found = [
        file
        for folder in (root, root / "data")
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in _EXPORTS and file.is_file()
    ]
    return found[0].relative_to(root).as_posix() if len(found) == 1 else _TEMPLATE


def _questions(study: StudyFolder) -> Iterator[NextStep]:
    if not study.questions:
        yield NextStep("questions", ("correct", "COLUMN=open"))


def _codebook(study: StudyFolder) -> Iterator[NextStep]:
    """From the export to a released codebook. Who brings one along needs no themes."""
    paths = study.paths
    under_way = paths.plan.is_file() or any(map(paths.coding_files, study.questions))
    if not under_way and not paths.mask_decisions.is_file():
        # the export is read whole here: what is wrong in it is better known before it is masked
        _ = study.survey
        yield NextStep("mask", ("mask", "--check"))
    if any(map(paths.coding_files, study.questions)):
        study.required_codebook()  # coding without it is no stage on the way
    if study.codebook is not None and study.codebooks.versions:
        return
    _, draft = study.codebooks.draft()
    if draft.book.codes:
        n = len(draft.book.codes)
        yield NextStep("release", ("codebook", "release"), {"n": n})
        return
    mined = [one for one in study.questions if (paths.themes(one) / "themes.json").is_file()]
    if mined:
        yield NextStep("codes", ("codebook", "adopt", mined[0], "THEME", "--new"))
    else:
        yield NextStep("mine", ("mine",))


def _coders(study: StudyFolder) -> Iterator[NextStep]:
    if not study.config.coding.coders and not any(map(study.paths.coding_files, study.questions)):
        yield NextStep("coders", ("correct", "--coder", "NAME"))


def _waiting(study: StudyFolder, planned: Iterable[Planned], codings: Codings) -> list[Planned]:
    """What is planned and not coded here."""
    coded = {
        (one.answer_id, coder): one.round
        for own in codings.values()
        for coder, rows in own.items()
        for one in rows
    }
    questions = set(study.questions)
    return [
        row
        for row in planned
        if row.question in questions and coded.get(row.key[:2], 0) < row.round
    ]


def _sending(
    study: StudyFolder, planned: bool, waiting: Iterable[Planned], codings: Codings
) -> Iterator[NextStep]:
    """From a codebook to tasks that coders can open. Coding that came another way needs none."""
    paths = study.paths
    coded = any(rows for own in codings.values() for rows in own.values())
    pushed = {one for one in study.questions if project_key(paths.project_keys, one)}
    to_code = {row.question for row in waiting}
    # who gave another address has a server, which nobody can start from here
    own = study.config.label_studio.url == LabelStudioSettings().url
    needs_server = (not coded and not pushed) or (to_code & pushed)
    if own and needs_server and not LocalServer(paths.server).alive():
        yield NextStep("serve_again" if pushed else "serve", ("serve",))
    if not planned and not coded:
        yield NextStep("plan", ("plan",))
    without = {one for one in to_code - pushed if not any(codings[one].values())}
    if without or any(_changed_since_push(study, one) for one in to_code & pushed):
        yield NextStep("push", ("push",))


def _changed_since_push(study: StudyFolder, question: str) -> bool:
    """Whether the plan is younger than the last push from this machine, if it made any."""
    state = study.paths.label_studio / f"push-{question}.json"
    return state.is_file() and study.paths.plan.stat().st_mtime > state.stat().st_mtime


def _format(study: StudyFolder, codings: Codings) -> Iterator[NextStep]:
    """Files of a format in which quotes have the words of the answer unmasked."""
    older = [
        one
        for own in codings.values()
        for rows in own.values()
        for one in rows
        if one.quotes and one.format < FORMAT
    ]
    if older and study.codebooks.versions:
        yield NextStep("format", ("migrate", "--apply"), {"n": len(older)})


def _migration(study: StudyFolder, codings: Codings) -> Iterator[NextStep]:
    book = study.required_codebook()
    other = [
        one
        for own in codings.values()
        for rows in own.values()
        for one in rows
        if one.codebook != book.version
    ]
    if other:
        params = {"n": len(other), "version": book.version}
        yield NextStep("migrate", ("migrate", "--apply"), params)


def _agreement(study: StudyFolder, codings: Codings) -> Iterator[NextStep]:
    """How far coders agree, and what they differ on, where two of them coded an answer."""
    book = study.required_codebook()
    usable = [code.id for code in book.usable]
    twice, waiting = False, 0
    for question, own in codings.items():
        file = study.paths.adjudicated(question)
        decisions = read_codings(file) if file.is_file() else ()
        found = cases(own, decisions, usable, book.version)
        twice = twice or any(len(case.votes) > 1 for case in found)
        waiting += sum(case.open for case in found)
    if twice and not (study.paths.reports / "agreement.csv").is_file():
        yield NextStep("agreement", ("agreement",))
    named = study.config.counts.source
    if waiting and (named is None or source_of(named).kind == DECIDED):
        yield NextStep("disagreements", ("disagreements",), {"n": waiting})


def _counts(study: StudyFolder) -> Iterator[NextStep]:
    if not (study.paths.reports / "counts.csv").is_file():
        yield NextStep("counts", ("counts",))


def _check(study: StudyFolder) -> Iterator[NextStep]:
    reports = study.paths.reports
    quoted = any((reports / name).is_file() for name in ("quoted_figures.csv", "claims.csv"))
    if quoted and not (reports / "check.csv").is_file():
        yield NextStep("check", ("check",))


def _report(study: StudyFolder) -> Iterator[NextStep]:
    if not (study.paths.reports / MANIFEST).is_file():
        yield NextStep("report", ("report",))
        return
    # reports changed by hand, and earlier ones in another language, are a person's concern
    changed = [one for one in changed_since(study) if one.how not in ("edited", "older")]
    if changed:
        yield NextStep("run", ("run",), {"n": len(changed), "file": changed[0].name})
