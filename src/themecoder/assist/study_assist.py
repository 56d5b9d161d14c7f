"""A study's coders assisted: learned, served and connected, until it is over."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from filelock import FileLock, Timeout

from themecoder.assist.backend import Backend
from themecoder.assist.label_studio.connection import connect_backend, disconnect_backend
from themecoder.assist.learning import Learning
from themecoder.assist.refits import Refits
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.project import Project, find_project
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.sync_state import project_key, pushed_questions
from themecoder.errors import InputError, Problem, ThemecoderError
from themecoder.settings.addresses import is_remote
from themecoder.storage.access import make_folder
from themecoder.workspace.folder import StudyFolder

_PATIENCE = 1.0
"""Seconds at most that a coder waits for the next answer so that what was coded just now is learned
from. Label Studio gives up after three."""

Told = Callable[[Sequence[Problem]], None]


@dataclass(frozen=True)
class Assisting:
    """What runs: at ``url``, for the projects with ``titles``. ``failure``: what ended it."""

    url: str
    titles: tuple[str, ...]
    learning: Learning
    refits: Refits

    @property
    def failure(self) -> BaseException | None:
        return self.refits.failure


@contextmanager
def assisting(
    study: StudyFolder,
    url: str | None = None,
    port: int = 0,
    told: Told = lambda _: None,
    failed: Callable[[], None] = lambda: None,
) -> Iterator[Assisting]:
    """Assist the coders of ``study`` for the time of a ``with`` block.

    ``told`` gets the problems that come up meanwhile, each once: suggestions then stay as they
    were. ``failed`` is called where it can't go on. Raises InputError where nothing is pushed,
    where the server is on another machine, where it runs already or where a plugin suggests;
    ServiceError where the server can't be reached or refuses.
    """
    if by := study.config.coding.suggester:
        raise InputError(Problem("assist.of_plugin", {"suggester": by}, study.paths.config))
    with _only_one(study), _local(study, url) as client, ExitStack() as stack:
        learning: Learning = retry_after_reread(
            client, lambda: Learning(study.paths.root, client, study.progress)
        )
        refits = stack.enter_context(Refits(_looking(client, learning, told), failed))

        def version() -> str:
            refits.nudge()
            refits.settle(_PATIENCE)
            return learning.found.version

        def predict(task: Mapping[str, Any]) -> list[dict[str, Any]]:
            return learning.found.predictions(task)

        secret = secrets.token_urlsafe(32)
        backend = stack.enter_context(Backend(secret, version, predict, refits.nudge, port))
        for project in learning.projects:
            stack.callback(_disconnect, client, project, told)
            connect_backend(client, project, backend.url, secret, backend.authorization)
        titles = tuple(project.title for project in learning.projects)
        yield Assisting(backend.url, titles, learning, refits)


def disconnect(study: StudyFolder, url: str | None = None) -> list[str]:
    """Take away what a process that was killed left at the server; the titles of the projects."""
    with _only_one(study), _local(study, url) as client:
        found = []
        for question in pushed_questions(study):
            mark = project_key(study.paths.project_keys, question)
            project = find_project(client, mark) if mark else None
            if project is not None and disconnect_backend(client, project):
                found.append(project.title)
        return found


def _looking(client: Client, learning: Learning, told: Told) -> Callable[[], None]:
    """Looks whether something changed, and tells what stands in the way of it, once."""
    before: list[Problem] = []

    def look() -> None:
        problems: list[Problem] = []
        try:
            retry_after_reread(client, learning.look)
        except ThemecoderError as error:
            problems = error.problems
        if new := [one for one in problems if one not in before]:
            told(new)
        before[:] = problems

    return look


def _disconnect(client: Client, project: Project, told: Told) -> None:
    """At the end, also where the server has gone: then nobody is shown anything either."""
    try:
        disconnect_backend(client, project)
    except ThemecoderError as error:
        told([*error.problems, Problem("assist.not_disconnected", {"title": project.title})])


@contextmanager
def _only_one(study: StudyFolder) -> Iterator[None]:
    make_folder(study.paths.work)
    try:
        with FileLock(study.paths.assist_lock, timeout=0, mode=0o600):
            yield
    except Timeout:
        raise InputError(Problem("assist.runs", file=study.paths.root)) from None


@contextmanager
def _local(study: StudyFolder, url: str | None) -> Iterator[Client]:
    """A client of a server on this machine: the backend is reached from no other."""
    with connect(study, url) as client:
        if is_remote(client.url):
            raise InputError(Problem("assist.remote", {"url": client.url}))
        yield client
