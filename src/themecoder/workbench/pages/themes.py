"""Candidate themes: looked at, worked on in steps, and made into codes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.themes.html.content import write_themes_page
from themecoder.themes.mine import mine_question
from themecoder.themes.page_model import LOOSE
from themecoder.themes.steps.words import step_words
from themecoder.themes.store import required_themes, stored_themes
from themecoder.themes.study_steps import ThemeWork
from themecoder.themes.worked import Worked
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, trimmed
from themecoder.workbench.pages.theme_forms import take_step
from themecoder.workbench.pages.theme_view import (
    NO_THEME,
    SHOWN,
    SORTS,
    answers_of,
    near,
    numbers,
    rows,
    said,
)
from themecoder.workbench.prepare import masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

_AREA = "workbench_themes"


def _themes(request: Request) -> Response:
    site = Site.of(request)
    if waits := masking(request):
        return waits
    study = site.texts()
    if not study.questions:
        raise InputError(Problem("themes.no_questions", file=study.paths.config))
    asked = request.query_params
    question = study.question(asked.get("q") or study.questions[0])
    part = bool(request.headers.get("hx-request"))
    template = "themes_work.html.jinja" if part else "themes.html.jinja"
    if stored_themes(study, question) is None:
        return site.page(
            request, "themes.html.jinja", _AREA, study=study, question=question, work=None
        )
    theme = asked.get("theme", "")
    shown = _shown(study, question, int(theme) if theme.isdecimal() else None, asked)
    return site.page(request, template, _AREA, study=study, question=question, **shown)


def _shown(
    study: StudyFolder, question: str, theme: int | None, asked: Any, done: str = ""
) -> dict[str, Any]:
    """All that the template shows of the work on ``question``, with ``theme`` opened."""
    work = ThemeWork(study)
    worked = work.themes(question)
    sort = asked.get("sort", SORTS[0])
    listed = rows(worked, sort)
    if theme is not None and theme in worked.themes.merged:
        theme = worked.themes.merged[theme]
    if theme is None or (theme not in worked.themes.themes and theme != NO_THEME):
        theme = listed[0].theme.id if listed else NO_THEME
    inside = answers_of(worked, theme)
    answers, find = inside, asked.get("find", "").strip()
    masked = study.masked_texts()
    if find:
        words = find.casefold().split()
        answers = [a for a in answers if a in masked and _has(masked[a].masked, words)]
    draft = study.codebooks.draft()[1].book if study.config.codebook else None
    language = study.config.interface_language
    return {
        "work": worked,
        "version": work.version(question),
        "numbers": numbers(worked),
        "rows": listed,
        "loosest": LOOSE,
        "sort": sort,
        "sorts": SORTS,
        "theme": theme,
        "opened": None if theme == NO_THEME else worked.themes.themes[theme],
        "mined": None if theme == NO_THEME else worked.as_theme(theme),
        "named": theme != NO_THEME and worked.named(theme),
        "near": [] if theme == NO_THEME else near(worked, theme),
        "inside": inside,
        "found": len(answers),
        "find": find,
        "answers": said(worked, theme, answers[:SHOWN], masked),
        "book": draft,
        "done": done,
        "last": _words(worked.counting.done, language),
        "undone": _words(worked.counting.undone, language),
        "steps": [step_words(step, language) for step in worked.counting.done],
        "missed": [(step_words(m.step, language), m.problem) for m in worked.missed],
    }


def _words(steps: Any, language: str) -> str:
    return step_words(steps[-1], language) if steps else ""


def _has(text: str, words: list[str]) -> bool:
    return all(word in text.casefold() for word in words)


def _step(request: Request, form: FormData) -> Response:
    """One step, and the work as it is then."""
    site = Site.of(request)
    study = site.texts()
    question = study.question(trimmed(form, "q"))
    theme, told = take_step(study, question, form)
    shown = _shown(study, question, theme, form, told)
    return site.page(
        request, "themes_work.html.jinja", _AREA, study=study, question=question, **shown
    )


def _mine(request: Request, form: FormData) -> Response:
    """Find the themes of a question, or of all: a job."""
    site = Site.of(request)
    question = trimmed(form, "q")

    def work(progress: Progress) -> str:
        study = StudyFolder.open(site.root, progress=progress)
        found = mine_question(study, study.question(question))
        page = write_themes_page(study)
        language = study.config.interface_language
        where = PurePosixPath(page.parent.name, page.name)
        return message(
            "workbench_themes.mined", language, themes=len(found.result.themes), file=where
        )

    return site.start_job(request, "mine", work, "/themes?" + urlencode({"q": question}))


def _map(request: Request) -> Response:
    """The place of every answer, and the theme that it is in, for the map."""
    study = Site.of(request).texts()
    question = study.question(request.query_params.get("q", ""))
    worked = ThemeWork(study).themes(question)
    places = required_themes(study, question).themes.xy
    answers = sorted(places)
    theme_of = _theme_of(worked)
    return JSONResponse(
        {
            "answers": answers,
            "x": [places[answer][0] for answer in answers],
            "y": [places[answer][1] for answer in answers],
            "theme": [theme_of.get(answer, NO_THEME) for answer in answers],
        }
    )


def _theme_of(worked: Worked) -> dict[str, int]:
    """Of each answer the largest theme that it is in, which gives it its colour."""
    in_order = sorted(worked.themes.themes.values(), key=lambda t: (len(t.answers), -t.id))
    return {answer: theme.id for theme in in_order for answer in theme.answers}


def _answer(request: Request) -> Response:
    """The masked text of one answer, for the map's pointer."""
    answer = request.query_params.get("a", "")
    text = Site.of(request).texts().masked_texts().get(answer)
    return JSONResponse({"text": text.masked if text else ""})


AREA = Area(
    "themes",
    "/themes",
    [
        Route("/themes", _themes),
        Route("/themes/step", posted(_step), methods=["POST"]),
        Route("/themes/mine", posted(_mine), methods=["POST"]),
        Route("/themes/map", _map),
        Route("/themes/answer", _answer),
    ],
    steps=frozenset({"mine", "codes"}),
)
