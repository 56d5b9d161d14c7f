"""How far the coding is: what is planned, done here, and made on the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.local_server import LocalServer
from themecoder.coding.label_studio.not_pulled import Annotation, not_pulled, read_annotations
from themecoder.coding.label_studio.project import find_project
from themecoder.coding.label_studio.server_tasks import (
    annotated_tasks,
    by_key,
    drafted_tasks,
    list_tasks,
)
from themecoder.coding.label_studio.study_database import opened_database
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.coding.machine_coding import read_machine
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import coded_rounds
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, ServiceError, ThemecoderError
from themecoder.messages import render
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class CoderProgress:
    """One coder's work on a question, as it is here. ``done`` are coded or have no code that fits.

    ``per_hour``: answers at the median pace, None without times; ``last`` the newest change.
    """

    question: str
    coder: str
    planned: int
    done: int
    skipped: int
    uncertain: int
    per_hour: float | None
    last: str | None


@dataclass(frozen=True, slots=True)
class ServerProgress:
    """A question's project. ``not_here`` codings are on the server only, or were changed there:
    pull; ``not_there`` planned tasks are here only: push. ``drafts`` were begun and not sent."""

    question: str
    tasks: int
    coded: int
    drafts: int
    not_here: int
    not_there: int


@dataclass(frozen=True, slots=True)
class OfflineProgress:
    """What the database of the study's own server says of a question while the server is off."""

    question: str
    coded: int
    not_here: int


@dataclass(frozen=True, slots=True)
class MachineProgress:
    """The ``answers`` to a question that the machine coded; ``overtaken`` of them a person has
    coded since, and that counts."""

    question: str
    answers: int
    overtaken: int


@dataclass(frozen=True, slots=True)
class CodingStatus:
    """``unreachable``: why nothing is known of the server, in words; empty where it answered.
    ``offline`` is then what its database says, where it is the study's own."""

    rows: tuple[CoderProgress, ...]
    server: tuple[ServerProgress, ...]
    unreachable: str = ""
    offline: tuple[OfflineProgress, ...] = ()
    machine: tuple[MachineProgress, ...] = ()

    @property
    def not_here(self) -> int:
        """How many codings exist on the server only, as far as is known."""
        return sum(one.not_here for one in self.server) + sum(one.not_here for one in self.offline)


def coding_status(
    study: StudyFolder, url: str | None = None, insecure: bool = False
) -> CodingStatus:
    """See ``Study.status``. A server that does not answer is told, and is no error."""
    return replace(_of_people(study, url, insecure), machine=tuple(_machine(study)))


def _machine(study: StudyFolder) -> Iterator[MachineProgress]:
    coded = read_machine(study.paths.machine)
    if coded is None:
        return
    for question in study.questions:
        rows = (*coding_by_coder(study, question).values(), adjudicated_codings(study, question))
        seen = {coding.answer_id for own in rows for coding in own}
        own = [AnswerId.parse(one.answer_id) for one in coded.codings]
        answers = [str(answer) for answer in own if answer.question == question]
        if answers:
            yield MachineProgress(question, len(answers), len(seen.intersection(answers)))


def _of_people(study: StudyFolder, url: str | None, insecure: bool) -> CodingStatus:
    rows = tuple(coder_progress(study))
    marks = study.paths.project_keys
    pushed = [question for question in study.questions if project_key(marks, question)]
    if not pushed:
        return CodingStatus(rows, ())
    try:
        with connect(study, url, insecure) as client:
            return CodingStatus(rows, tuple(_server(study, client, one) for one in pushed))
    except (ServiceError, InputError) as error:
        said = _said(study, error)
        try:
            return CodingStatus(rows, (), said, tuple(_offline(study, pushed)))
        except InputError as of_database:
            # it is on another machine, perhaps: what is here is told all the same
            return CodingStatus(rows, (), f"{said}\n{_said(study, of_database)}")


def _said(study: StudyFolder, error: ThemecoderError) -> str:
    return "\n".join(render(one, study.config.interface_language) for one in error.problems)


def _offline(study: StudyFolder, pushed: Sequence[str]) -> Iterator[OfflineProgress]:
    file = LocalServer(study.paths.server).database
    database = opened_database(study) or (file if file.is_file() else None)
    if database is None:
        return
    for question in pushed:
        mark = project_key(study.paths.project_keys, question) or ""
        made = list(read_annotations(database, mark))
        yield OfflineProgress(question, len(made), not_pulled(study, question, made))


def coder_progress(study: StudyFolder) -> list[CoderProgress]:
    """How far each coder is on each question, by what is here."""
    planned = read_plan(study.paths.plan)
    found = []
    for question in study.questions:
        codings = coding_by_coder(study, question)
        coders = {row.coder for row in planned if row.question == question} | set(codings)
        for coder in sorted(coders):
            mine = {
                (r.answer_id, r.round)
                for r in planned
                if (r.question, r.coder) == (question, coder)
            }
            found.append(_row(question, coder, len(mine), codings.get(coder, ())))
    return found


def _row(question: str, coder: str, planned: int, codings: tuple[Coding, ...]) -> CoderProgress:
    done = [one for one in codings if one.state != "skipped" and not one.stale]
    times = [one.seconds for one in done if one.seconds]
    return CoderProgress(
        question,
        coder,
        planned,
        len(done),
        sum(one.state == "skipped" for one in codings),
        sum(one.uncertain for one in codings),
        3600 / median(times) if times else None,
        max((one.updated_at for one in codings if one.updated_at), default=None),
    )


def _server(study: StudyFolder, client: Client, question: str) -> ServerProgress:
    mark = project_key(study.paths.project_keys, question) or ""
    project = find_project(client, mark)
    wanted = {row.key for row in read_plan(study.paths.plan) if row.question == question}
    coded = coded_rounds(study, question)
    open_here = {key for key in wanted if coded.get(key[:2], 0) < key[2]}
    if project is None:
        return ServerProgress(question, 0, 0, 0, 0, len(open_here))
    tasks = by_key(list_tasks(client, project))
    annotated = list(annotated_tasks(client, project))
    made = [
        Annotation(one["id"], one["result"], bool(one["was_cancelled"]), task["data"]["text"])
        for task in annotated
        for one in task["annotations"]
    ]
    return ServerProgress(
        question,
        sum(map(len, tasks.values())),
        len(made),
        len(drafted_tasks(client, project)),
        not_pulled(study, question, made),
        len(open_here - set(tasks)),
    )
