"""``themecoder assistant``: proposals of a language model that the researcher runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from themecoder.assistant.connect import connected
from themecoder.assistant.model import Model, Opinions, Proposals
from themecoder.assistant.study_opinions import question_opinions
from themecoder.assistant.study_proposals import propose
from themecoder.console import (
    Insecure,
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder

assistant = typer.Typer(
    name="assistant", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@assistant.command("check")
def check(
    study: StudyOption = Path(), insecure: Insecure = False, as_json: JsonOption = False
) -> None:
    """Say which model answers at [assistant] url, and whether it keeps to a schema."""
    with errors(study, as_json):
        folder = StudyFolder.open(study)
        with connected(folder, insecure) as found:
            if as_json:
                print_json({"url": found.endpoint.url, **_model(found.model)})
                return
            typer.echo(_model_text(found.model, folder.config.interface_language))


@assistant.command("opinions")
def opinions(
    study: StudyOption = Path(),
    question: Questions = None,
    insecure: Insecure = False,
    as_json: JsonOption = False,
) -> None:
    """Ask for the codes of every answer, each with its words and a reason.

    `themecoder suggestions` weighs them by how they agree with what people coded. A run that was
    stopped, or whose budget is spent, goes on where it was at the next call.
    """
    with errors(study, as_json):
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        folder.required_codebook()
        chosen = [folder.question(one) for one in question or folder.questions]
        with connected(folder, insecure) as found:
            made = [question_opinions(folder, one, found) for one in chosen]
            model = found.model
        if as_json:
            print_json({**_model(model), "questions": [_opinions(one) for one in made]})
            return
        language = folder.config.interface_language
        header = message("assistant.header_opinions", language).split("|")
        rows = [tuple(_opinions(one).values()) for one in made]
        print_table(header, rows, right=range(1, len(header)))
        typer.echo(_model_text(model, language))
        typer.echo(
            message("assistant.then_opinions", language, folder=folder.paths.assistant_texts)
        )
        _say_left(sum(one.left for one in made), language)


@assistant.command("themes")
def themes(
    study: StudyOption = Path(),
    question: Questions = None,
    insecure: Insecure = False,
    as_json: JsonOption = False,
) -> None:
    """Ask for a label and a draft of a definition for each candidate theme.

    They stand apart from the themes; `themecoder codebook adopt QUESTION THEME --new --proposed`
    takes one over.
    """
    with errors(study, as_json):
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = folder.config.interface_language
        chosen = [folder.question(one) for one in question or folder.questions]
        with connected(folder, insecure) as found:
            made = [propose(folder, one, found) for one in chosen]
            model = found.model
        if as_json:
            print_json({**_model(model), "questions": [_proposals(one) for one in made]})
            return
        header = message("assistant.header_themes", language).split("|")
        for one in made:
            rows = [(p.theme, p.label, p.definition) for p in one.proposals]
            title = message("assistant.title_themes", language, question=one.question)
            print_table(header, rows, title, right=(0,))
            if one.failed:
                failed = ", ".join(map(str, one.failed))
                typer.echo(message("assistant.failed_themes", language, themes=failed), err=True)
        typer.echo(_model_text(model, language))
        typer.echo(message("assistant.then_themes", language))
        _say_left(sum(one.left for one in made), language)


def _say_left(left: int, language: str) -> None:
    if left:
        typer.echo(message("assistant.left", language, n=left), err=True)


def _model(model: Model) -> dict[str, Any]:
    return {"model": model.name, "digest": model.digest, "of_weights": model.of_weights}


def _model_text(model: Model, language: str) -> str:
    kind = "of_weights" if model.of_weights else "of_description"
    of = message(f"assistant.{kind}", language)
    params = {"model": model.shown, "digest": model.digest[:16], "of": of}
    return message("assistant.model", language, **params)


def _opinions(found: Opinions) -> dict[str, Any]:
    return {
        "question": found.question,
        "answers": len(found.checks),
        "codes": len(found.opinions),
        "dropped": found.dropped,
        "failed": len(found.failed),
        "left": found.left,
    }


def _proposals(found: Proposals) -> dict[str, Any]:
    return {
        "question": found.question,
        "themes": [
            {"theme": one.theme, "label": one.label, "definition": one.definition}
            for one in found.proposals
        ],
        "failed": list(found.failed),
        "left": found.left,
    }
