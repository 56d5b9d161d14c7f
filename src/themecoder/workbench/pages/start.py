"""From an export to a study: what each column is taken for, and what a person knows better."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.survey.correction.columns import ColumnTaken
from themecoder.survey.correction.model import (
    Asked,
    Attribute,
    Coders,
    Correction,
    IdColumn,
    Include,
    Options,
    TakeAs,
    Title,
    Wording,
)
from themecoder.survey.init_study import init_study
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.prepare import preparing
from themecoder.workbench.site import Site
from themecoder.workspace.corrections import (
    correct_study,
    settings_version,
    study_columns,
    study_questions,
)
from themecoder.workspace.folder import StudyFolder

_KINDS = ("id", "open", "single", "number", "nothing")


def _start(request: Request) -> Response:
    site = Site.of(request)
    if not site.begun:
        return site.page(request, "start.html.jinja", "workbench_start", study=None)
    if waits := preparing(request, "columns", _look_at_columns(site)):
        return waits
    study = site.study()
    columns = [(one, *_now(study, one)) for one in study.once_of_answers(study_columns)]
    return site.page(
        request,
        "start.html.jinja",
        "workbench_start",
        study=study,
        version=settings_version(study),
        columns=columns,
        kinds=_KINDS,
        problems=study_questions(study)[1],
    )


def _look_at_columns(site: Site) -> Callable[[Progress], object]:
    # examples are masked: the lists that this needs take long to load the first time
    def look(progress: Progress) -> None:
        shared = site.study()
        study = StudyFolder(site.root, shared.config, progress)
        study.take_answers_of(shared)
        study.once_of_answers(study_columns)

    return look


def _now(study: StudyFolder, column: ColumnTaken) -> tuple[str, str, bool]:
    """What a column is taken for now: a kind, the question it is part of, whether an attribute."""
    roles = dict(column.taken)
    closed = {one.id: one.kind for one in study.config.closed}
    attribute = "attribute" in roles
    if "id" in roles:
        return "id", "", attribute
    if "question" in roles:
        return "open", roles["question"], attribute
    if "closed" in roles:
        kind = closed.get(roles["closed"], "multiple")
        return kind, roles["closed"], attribute
    return "nothing", "", attribute


def _upload(request: Request, form: FormData) -> Response:
    """Take an export in, and make a study of it."""
    site = Site.of(request)
    export = form.get("export")
    if not isinstance(export, UploadFile) or not export.filename:
        raise InputError(Problem("workbench_start.no_file"))
    # only a name: a path in it would lead out of the folder
    name = PureWindowsPath(PurePosixPath(export.filename).name).name
    folder = Path(tempfile.mkdtemp(prefix="themecoder-"))
    file = folder / name
    with file.open("wb") as copy:
        shutil.copyfileobj(export.file, copy)

    def work(progress: Progress) -> str:
        try:
            made = init_study(file, site.root, language=site.language, progress=progress)
            _look_at_columns(site)(progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        params = {"n": made.proposal.n_rows, "file": name}
        return message("workbench_start.made", site.language, **params)

    return site.start_job(request, "init", work, "/start")


def _correct(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    study = site.study()
    corrections = list(_study_corrections(study, form))
    corrections += _column_corrections(study, form)
    if corrections:
        correct_study(study, corrections, text_of(form, "version"))
    return site.go(request, "/start")


def _study_corrections(study: StudyFolder, form: FormData) -> Iterator[Correction]:
    """What the fields above the columns say, where it is another thing than study.toml does."""
    config = study.config
    title, include = text_of(form, "title").strip(), text_of(form, "include").strip()
    if title != config.title:
        yield Title(title)
    names = tuple(filter(None, (one.strip() for one in text_of(form, "coders").split(","))))
    decides = text_of(form, "adjudicator").strip()
    if (names, decides) != (config.coding.coders, config.coding.adjudicator or ""):
        yield Coders(names, decides)
    if include != str(config.survey.include):
        yield Include(include)


def _column_corrections(study: StudyFolder, form: FormData) -> Iterator[Correction]:
    """What the rows of columns say otherwise than study.toml. Columns that are ticked to be one
    question become one; an attribute is made after its column has its kind."""
    attributes: list[Attribute] = []
    together = []
    for place, column in enumerate(study.once_of_answers(study_columns)):
        kind, _, attribute = _now(study, column)
        said = text_of(form, f"kind-{place}") or kind
        if text_of(form, f"with-{place}"):
            together.append(column.name)
        elif said == "id" and kind != "id":
            yield IdColumn(column.name)
        elif said != kind:
            yield TakeAs((column.name,), said)
        wanted = bool(text_of(form, f"attribute-{place}"))
        if f"kind-{place}" in form and wanted != attribute:
            attributes.append(Attribute(column.name, wanted))
    if together and text_of(form, "together"):
        yield TakeAs(tuple(together), text_of(form, "together"))
    yield from attributes


def _question(request: Request) -> Response:
    """One question: its text, who was asked, its answers and their order."""
    site = Site.of(request)
    study = site.study()
    shown = {one.id: one for one in study_questions(study)[0]}
    question = shown.get(request.path_params["id"])
    if question is None:
        params = {"found": request.path_params["id"], "known": ", ".join(shown)}
        raise InputError(Problem("correct.unknown_id", params))
    return site.page(
        request,
        "start_question.html.jinja",
        "workbench_start",
        question=question,
        version=settings_version(study),
    )


def _change_question(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    study = site.study()
    name = request.path_params["id"]
    question = {one.id: one for one in study_questions(study)[0]}[name]
    corrections: list[Correction] = []
    if (text := text_of(form, "text").strip()) != question.text:
        corrections.append(Wording(name, text))
    if (asked := text_of(form, "asked").strip()) != question.asked:
        corrections.append(Asked(name, asked))
    for part, labels in (("options", question.options), ("items", question.items)):
        said = [
            (_number(text_of(form, f"{part}-place-{n}"), n), n, cell, text_of(form, f"{part}-{n}"))
            for n, cell in enumerate(labels)
            if not text_of(form, f"{part}-out-{n}")
        ]
        ordered = {cell: label.strip() or cell for _, _, cell, label in sorted(said)}
        if list(ordered.items()) != list(labels.items()):
            corrections.append(Options(name, ordered, rows=part == "items"))
    if corrections:
        correct_study(study, corrections, text_of(form, "version"))
    return site.go(request, "/start")


def _number(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else otherwise + 1


AREA = Area(
    "start",
    "/start",
    [
        Route("/start", _start),
        Route("/start", posted(_correct), methods=["POST"]),
        Route("/start/export", posted(_upload), methods=["POST"]),
        Route("/start/question/{id}", _question),
        Route("/start/question/{id}", posted(_change_question), methods=["POST"]),
    ],
    large=frozenset({"/start/export"}),
    steps=frozenset({"init", "mend", "questions", "coders"}),
)
