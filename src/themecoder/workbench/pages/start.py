"""From an export to a study: what each column is taken for, and what a person knows better."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.errors import InputError, Problem
from themecoder.masking.model import LEVELS
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.survey.correction.columns import ColumnTaken
from themecoder.survey.correction.model import (
    Asked,
    Attribute,
    Bands,
    Coders,
    Correction,
    IdColumn,
    Include,
    Masking,
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
    add_questionnaire,
    correct_study,
    cut_attributes,
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
        cuts=cut_attributes(study),
        levels=LEVELS,
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
    """Take an export in, with its questionnaire if there is one, and make a study of it."""
    site = Site.of(request)
    folder = Path(tempfile.mkdtemp(prefix="themecoder-"))
    file = _received(form, "export", folder / "export")
    questionnaire = _received(form, "questionnaire", folder / "questionnaire")
    if file is None:
        shutil.rmtree(folder)
        raise InputError(Problem("workbench_start.no_file"))

    def work(progress: Progress) -> str:
        try:
            made = init_study(
                file,
                site.root,
                language=site.language,
                questionnaire=questionnaire,
                progress=progress,
            )
            _look_at_columns(site)(progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        params = {"n": made.proposal.n_rows, "file": file.name}
        return message("workbench_start.made", site.language, **params)

    return site.start_job(request, "init", work, "/start")


def _received(form: FormData, name: str, folder: Path) -> Path | None:
    """A file that was sent, kept in a new ``folder``; None where none was chosen."""
    sent = form.get(name)
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    # only a name: a path in it would lead out of the folder
    file = folder / PureWindowsPath(PurePosixPath(sent.filename).name).name
    folder.mkdir()
    with file.open("wb") as copy:
        shutil.copyfileobj(sent.file, copy)
    return file


def _questionnaire(request: Request, form: FormData) -> Response:
    """Add a questionnaire to the study, or another one."""
    site = Site.of(request)
    with tempfile.TemporaryDirectory(prefix="themecoder-") as folder:
        file = _received(form, "questionnaire", Path(folder) / "questionnaire")
        if file is None:
            raise InputError(Problem("workbench_start.no_file"))
        add_questionnaire(site.study(), file, text_of(form, "version"))
    return site.go(request, "/start")


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
    yield from _masking(study, form)
    for cut in cut_attributes(study):
        field = f"bands-{cut.id}"
        if field in form and (bounds := _bounds(cut.id, text_of(form, field))) != cut.bounds:
            yield Bands(cut.id, bounds)


def _masking(study: StudyFolder, form: FormData) -> Iterator[Masking]:
    """What the fields on masking say otherwise than study.toml does; a text a line."""
    now = study.config.masking
    if (level := text_of(form, "level") or now.level) != now.level:
        yield Masking(level=level)
    if (allow := _lines(form, "allow", now.allow)) is not None:
        yield Masking(allow=allow)
    if (forbid := _lines(form, "forbid", now.forbid)) is not None:
        yield Masking(forbid=forbid)


def _lines(form: FormData, name: str, now: Sequence[str]) -> tuple[str, ...] | None:
    """The texts of a field, one a line; None where they are what they were."""
    said = tuple(filter(None, map(str.strip, text_of(form, name).splitlines())))
    same = said == tuple(line.strip() for text in now for line in text.splitlines())
    return None if same or name not in form else said


def _bounds(attribute: str, said: str) -> tuple[float, ...]:
    """Bounds as they were typed, with commas or blanks between them."""
    try:
        found = tuple(float(one) for one in said.replace(",", " ").replace(";", " ").split())
    except ValueError:
        found = (math.nan,)
    if not all(map(math.isfinite, found)):
        params = {"attribute": attribute, "found": said}
        raise InputError(Problem("workbench_start.bounds", params))
    return found


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
        Route("/start/questionnaire", posted(_questionnaire), methods=["POST"]),
        Route("/start/question/{id}", _question),
        Route("/start/question/{id}", posted(_change_question), methods=["POST"]),
    ],
    large=frozenset({"/start/export", "/start/questionnaire"}),
    steps=frozenset({"init", "mend", "questions", "coders"}),
)
