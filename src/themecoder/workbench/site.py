"""What the pages of one workbench share: the study as it is now, words, templates and the job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from themecoder.console import keep_traceback, language_of
from themecoder.errors import Problem, ThemecoderError
from themecoder.messages import render
from themecoder.next_step.model import NextStep
from themecoder.next_step.way import next_step, why_of
from themecoder.output.numbers import decimal_text, integer_text, whole_percent_text
from themecoder.settings.paths import StudyPaths
from themecoder.workbench.area import Area
from themecoder.workbench.beside import Beside
from themecoder.workbench.html.templates import templates
from themecoder.workbench.jobs import Jobs, Work
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from starlette.applications import Starlette

_HERE = "."
"""The files beside study.toml: an export may be one of them."""
_TEXTS = (_HERE, "data")
"""What the answers and their masks are made of."""
_LOOKED_AT = (*_TEXTS, "codebooks", "annotations", "themes")
"""What a study is made of, in its folder; what is made of it is not looked at."""

Stamp = tuple[tuple[str, int, int], ...]


class Site:
    """One study's workbench. ``of(request)`` gives the one that a request is for."""

    def __init__(self, root: Path, areas: Sequence[Area]) -> None:
        self.root = root
        self.areas = areas
        self.jobs = Jobs(self.told)
        self.beside = Beside(self.told)
        self._prepared: dict[str, Stamp] = {}
        self._lock = Lock()
        self._looking_ahead = Lock()
        self._opened: tuple[Stamp, StudyFolder] | None = None
        self._next: tuple[object, NextStep] | None = None
        self._read: tuple[Stamp, StudyFolder] | None = None
        self._answers: tuple[Stamp, StudyFolder] | None = None
        self._named: Sequence[str] = ()

    @classmethod
    def of(cls, request: Request) -> Site:
        app: Starlette = request.app
        site: Site = app.state.site
        return site

    @property
    def language(self) -> str:
        return language_of(self.root)

    @property
    def begun(self) -> bool:
        """Whether there is a study in the folder."""
        return (self.root / "study.toml").is_file()

    def study(self) -> StudyFolder:
        """The study as it lies in its folder now; what was read of it is kept until it changes."""
        with self._lock:
            # coding is read anew each time that it is asked for: a coder need not wait for the rest
            now = tuple(one for one in self.stamp() if not one[0].startswith("annotations/"))
            self._opened = self._as_it_is(self._opened, now)
            return self._opened[1]

    def texts(self) -> StudyFolder:
        """The study for pages that take many small steps: kept as long as its answers and masks
        are as they were. Codebook, themes and coding must be read of it anew, never by ``once``."""
        with self._lock:
            now = self.stamp(_TEXTS)
            self._read = self._as_it_is(self._read, now)
            return self._read[1]

    def _as_it_is(
        self, kept: tuple[Stamp, StudyFolder] | None, now: Stamp
    ) -> tuple[Stamp, StudyFolder]:
        if kept is not None and kept[0] == now:
            return kept
        if kept is not None and _only_masks_differ(kept[0], now):
            # a decision on a mask is made every few seconds: nothing else is read for each
            return now, kept[1].with_new_decisions()
        study = StudyFolder.open(self.root)
        self._named = _files_of_answers(study)
        now += self._stamp_of_named(now)
        answers = answers_stamp(study)
        if self._answers is not None and self._answers[0] == answers:
            # the codebook changed, or the themes: the answers are not read anew for that
            study.take_answers_of(self._answers[1])
        self._answers = answers, study
        return now, study

    def prepare(self, name: str) -> Callable[[], None]:
        """To be called at the end of work that prepares ``name``: it then holds of the answers as
        they are now, and no longer once they change."""
        stamp = answers_stamp(self.study())

        def done() -> None:
            self._prepared[name] = stamp

        return done

    def is_prepared(self, name: str) -> bool:
        return self._prepared.get(name) == answers_stamp(self.study())

    def next_step(self) -> NextStep:
        """What comes next; kept until the study, its reports or its server change."""
        made = [StudyPaths(self.root).reports, StudyPaths(self.root).label_studio]
        files = [file for place in made if place.is_dir() for file in sorted(place.iterdir())]
        files += StudyPaths(self.root).while_server_runs
        state = self.stamp(), tuple((str(one), _changed_at(one)) for one in files)
        with self._looking_ahead:  # who asks while it is worked out waits for that
            if self._next is None or self._next[0] != state:
                self._next = state, next_step(self.root)
            return self._next[1]

    def area_of(self, step: NextStep) -> Area | None:
        """Where a step is done; None where it has no page."""
        return next((area for area in self.areas if step.name in area.steps), None)

    def stamp(self, names: Sequence[str] = _LOOKED_AT) -> Stamp:
        """What changes when somebody changes the study, or those parts of it."""
        found = []
        for name in names:
            place = self.root / name
            inside_too = place.glob("*") if name == _HERE else place.rglob("*")
            for file in sorted(one for one in inside_too if not one.name.startswith(".")):
                with suppress(FileNotFoundError):  # written anew between the list and the look
                    state = file.stat()
                    if S_ISREG(state.st_mode):
                        inside = file.relative_to(self.root).as_posix()
                        found.append((inside, state.st_mtime_ns, state.st_size))
        return (*found, *self._stamp_of_named(found))

    def _stamp_of_named(self, found: Iterable[tuple[str, int, int]]) -> Stamp:
        """The files with answers that study.toml names, where they are not among the others."""
        there = {name for name, *_ in found}
        return _stamp_of(self.root, [one for one in self._named if one not in there])

    def page(
        self,
        request: Request,
        template: str,
        area: str = "workbench",
        status: int = 200,
        **said: Any,
    ) -> Response:
        """A page, or a part of one, from its template. ``t`` are the words of ``area`` in it, ``w``
        those that all pages share."""
        language = self.language
        text = (
            templates(language, area)
            .get_template(template)
            .render(
                site=self,
                next=None if request.headers.get("hx-request") else self.next_step(),
                why_next=partial(why_of, language=language),
                path=request.url.path,
                language=language,
                integer=partial(integer_text, language=language),
                decimal=partial(decimal_text, language=language),
                percent=whole_percent_text,
                problem=partial(render, language=language),
                **said,
            )
        )
        return HTMLResponse(text, status)

    def problems_page(self, request: Request, problems: Sequence[Problem], status: int) -> Response:
        """All problems, where the page shows them or as a page of their own."""
        if not request.headers.get("hx-request"):
            return self.page(request, "problems.html.jinja", status=status, problems=problems)
        answer = self.page(request, "problem_list.html.jinja", status=status, problems=problems)
        answer.headers["HX-Retarget"] = "#problems"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer

    def start_job(self, request: Request, name: str, work: Work, back: str) -> Response:
        """Begin a long job, and go to the page that shows where it is."""
        self.jobs.start(name, work, back)
        return self.go(request, "/job")

    def go(self, request: Request, path: str) -> Response:
        """To another page: htmx is told by a header, a form without it by the answer's status."""
        if request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def told(self, error: Exception) -> Sequence[Problem]:
        """An error as what a person is told; where a bug of ours was is kept for who mends it."""
        if isinstance(error, ThemecoderError):
            return error.problems
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            return [Problem("cli.system", {"reason": reason}, file=error.filename)]
        kind = type(error).__name__
        return [Problem("cli.bug", {"kind": kind, "file": keep_traceback(self.root)})]


def answers_stamp(study: StudyFolder) -> Stamp:
    """What changes with the answers of a study, or with what its settings say of them."""
    return _stamp_of(study.paths.root, ["study.toml", *_files_of_answers(study)])


def _files_of_answers(study: StudyFolder) -> list[str]:
    survey = study.config.survey
    return [one for one in (survey.file, survey.questionnaire) if one]


def _stamp_of(root: Path, names: Iterable[str]) -> Stamp:
    found = []
    for name in names:
        with suppress(OSError):  # the page that needs it tells that it is not there
            state = (root / name).stat()
            found.append((name, state.st_mtime_ns, state.st_size))
    return tuple(found)


def _changed_at(file: Path) -> int:
    """0 where it is not there, or not any more: a job may be writing."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _only_masks_differ(before: Stamp, now: Stamp) -> bool:
    changed = {name for name, *_ in set(before).symmetric_difference(now)}
    return changed == {"masking.csv"}
