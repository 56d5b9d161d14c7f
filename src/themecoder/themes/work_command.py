"""``themecoder themes``: what became of the candidate themes, and the steps that made it so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.codebook.origins import ADOPTED
from themecoder.console import (
    JsonOption,
    Questions,
    StudyOption,
    errors,
    print_json,
    print_table,
)
from themecoder.messages import message, render
from themecoder.themes.steps.apply import WorkedTheme
from themecoder.themes.steps.words import step_words
from themecoder.themes.store import stored_themes
from themecoder.themes.study_steps import ThemeWork
from themecoder.themes.worked import Worked
from themecoder.workspace.folder import StudyFolder

themes = typer.Typer(invoke_without_command=True, add_completion=False, rich_markup_mode=None)
_Question = Annotated[str, typer.Argument()]


@themes.callback()
def show(
    context: typer.Context,
    study: StudyOption = Path(),
    question: Questions = None,
    as_json: JsonOption = False,
) -> None:
    """The themes as you have worked on them: which are open, and the steps; undo and redo."""
    if context.invoked_subcommand:
        return
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        work = ThemeWork(opened)
        mined = [one for one in opened.questions if stored_themes(opened, one) is not None]
        found = [work.themes(one) for one in question or mined or opened.questions]
        if as_json:
            print_json({"questions": [_as_json(worked, language) for worked in found]})
            return
        for worked in found:
            _print(worked, language)


@themes.command()
def undo(question: _Question, study: StudyOption = Path()) -> None:
    """Undo the last step on the themes of a question."""
    with errors(study):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        undone = ThemeWork(opened).undo(question)
        typer.echo(message("theme_steps.undone", language, step=step_words(undone.step, language)))
        if undone.stays:
            typer.echo(message("theme_steps.code_stays", language, code=undone.stays))


@themes.command()
def redo(question: _Question, study: StudyOption = Path()) -> None:
    """Do again the step that was undone last."""
    with errors(study):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        step = ThemeWork(opened).redo(question)
        typer.echo(message("theme_steps.redone", language, step=step_words(step, language)))


def _print(worked: Worked, language: str) -> None:
    in_order = sorted(worked.themes.themes.values(), key=lambda t: (-len(t.answers), t.id))
    header = message("theme_steps.header", language).split("|")
    rows = [(t.id, t.label, len(t.answers), _decision(t, language)) for t in in_order]
    still_open = sum(not theme.decision for theme in in_order)
    title = message("theme_steps.title", language, question=worked.question, open=still_open)
    print_table(header, rows, title, right=(0, 2))
    for place, step in enumerate(worked.counting.done, 1):
        typer.echo(f"{place:>4}  {step_words(step, language)}")
    for missed in worked.missed:
        typer.echo(f"{missed.place + 1:>4}! {render(missed.problem, language)}")


def _decision(theme: WorkedTheme, language: str) -> str:
    if theme.decision == ADOPTED:
        return message("theme_steps.in_codes", language, codes=", ".join(theme.codes))
    return message(f"theme_steps.{theme.decision or 'open'}", language)


def _as_json(worked: Worked, language: str) -> dict[str, Any]:
    return {
        "question": worked.question,
        "themes": [
            {
                "id": theme.id,
                "label": theme.label,
                "size": len(theme.answers),
                "decision": theme.decision,
                "codes": list(theme.codes),
            }
            for theme in worked.themes.themes.values()
        ],
        "steps": [step_words(step, language) for step in worked.counting.done],
        "not_replayed": [
            {"step": missed.place + 1, "problem": render(missed.problem, language)}
            for missed in worked.missed
        ],
    }
