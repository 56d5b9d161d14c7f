"""``themecoder mine``: candidate themes, and the page that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import (
    ClusterOption,
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.numbers import decimal_text
from themecoder.themes.html.content import write_themes_page
from themecoder.themes.mine import mine_question
from themecoder.themes.page_model import LOOSE
from themecoder.themes.shortcuts import shortcut_notes
from themecoder.themes.tables import ThemeTables
from themecoder.workspace.cluster import computing_on
from themecoder.workspace.folder import StudyFolder


def mine(
    study: StudyOption = Path(),
    question: Questions = None,
    themes: Annotated[str | None, typer.Option("--themes")] = None,
    guided: Annotated[bool | None, typer.Option("--guided/--unguided")] = None,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find candidate themes in the open answers and write reports/themes.html."""
    with errors(study, as_json):
        bars = StageBars(language_of(study))
        folder = StudyFolder.open(study, progress=bars)
        language = folder.config.interface_language
        if not folder.questions:
            raise InputError(Problem("themes.no_questions", file=folder.paths.config))
        chosen = [folder.question(name) for name in question or folder.questions]
        results = []
        with computing_on(folder, cluster):
            for question_id in chosen:
                try:
                    results.append(mine_question(folder, question_id, themes, guided))
                except InputError as error:
                    # a question without an answer with content must not stop the others
                    if question or [p.key for p in error.problems] != ["themes.no_content"]:
                        raise
                    nothing = message("cli.mine.nothing", language, question=question_id)
                    typer.echo(nothing, err=True)
        page = write_themes_page(folder)
        if as_json:
            print_json({"page": str(page), "questions": [_as_json(result) for result in results]})
            return
        if folder.config.synthetic:
            typer.echo(folder.config.synthetic)
        for result in results:
            print_themes(result, language)
            for note in shortcut_notes(result.made_with, language):
                typer.echo(f"{result.question}: {note}")
        typer.echo(message("cli.mine.candidate", language))
        stages = [f"{name} {_seconds(took, language)}" for name, took in bars.seconds.items()]
        total = message(
            "cli.total", language, seconds=_seconds(sum(bars.seconds.values()), language)
        )
        typer.echo(message("cli.seconds", language, stages=", ".join([*stages, total])))
        typer.echo(message("cli.mine.page", language, file=page))


def print_themes(result: ThemeTables, language: str) -> None:
    """A table of the themes, and one of those that hardly come back."""
    base = int(result.made_with["with_content"])
    in_theme = result.assignments.dropna(subset=["theme"])
    without_theme = result.assignments["answer_id"].nunique() - in_theme["answer_id"].nunique()
    uncovered = {theme.id for theme in result.result.themes if theme.uncovered}
    rows = {
        number: (
            number,
            message("cli.mine.uncovered", language, label=row["label"])
            if number in uncovered
            else row["label"],
            row["size"],
            f"{row['share']:.0%}",
            _decimal(row["stability"], language),
            row["said"] or ", ".join(row["keywords"].split(", ")[:5]),
        )
        for number, row in result.themes.iterrows()
    }
    loose = {number for number, row in result.themes.iterrows() if row["stability"] < LOOSE}
    title = message(
        "cli.mine.title",
        language,
        question=result.question,
        themes=len(result.themes),
        n=base,
        out=without_theme,
    )
    apart = message(
        "cli.mine.loose", language, question=result.question, loose=_decimal(LOOSE, language)
    )
    header = message("cli.mine.header", language).split("|")
    steady = [row for number, row in rows.items() if number not in loose]
    print_table(header, steady, title, right=(0, 2, 3, 4))
    if loose:
        print_table(
            header, [rows[number] for number in rows if number in loose], apart, (0, 2, 3, 4)
        )


def _as_json(result: ThemeTables) -> dict[str, object]:
    texts = result.themes["said"].to_dict()
    return {
        "question": result.question,
        "made_with": dict(result.made_with),
        "themes": [
            {
                "id": theme.id,
                "label": theme.label,
                "size": theme.size,
                "stability": round(theme.stability, 4),
                "keywords": [word for word, _ in theme.keywords],
                "said": texts[theme.id],
                "uncovered": theme.uncovered,
            }
            for theme in result.result.themes
        ],
        "contentless": len(result.contentless),
    }


def _decimal(value: float, language: str) -> str:
    return decimal_text(value, 2, language)


def _seconds(value: float, language: str) -> str:
    return decimal_text(value, 1, language) + " s"
