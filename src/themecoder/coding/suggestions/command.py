"""``themecoder suggestions``: which codes an answer may have."""

from __future__ import annotations

from pathlib import Path

import typer

from themecoder.coding.suggestions.freshness import stale_suggestions
from themecoder.coding.suggestions.study_suggestions import suggest_study
from themecoder.console import (
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

_LIKELY = 0.5


def suggestions(
    study: StudyOption = Path(),
    question: Questions = None,
    as_json: JsonOption = False,
) -> None:
    """Work out which codes an answer may have, from the codebook and from what is coded.

    Writes suggestions/<question>.csv. What was coded since is learned from at the next call.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        opened.required_codebook()
        found = suggest_study(opened, [opened.config.question(one).id for one in question or ()])
        rows = [
            (
                name,
                len(suggested),
                sum(codes[0][1] >= _LIKELY for codes in suggested.values()),
                str(opened.paths.suggestions(name).relative_to(opened.paths.root)),
            )
            for name, suggested in found.of.items()
        ]
        if as_json:
            names = ("question", "answers", "likely", "file")
            print_json(
                {
                    "learned_from": found.learned_from,
                    "questions": [dict(zip(names, row, strict=True)) for row in rows],
                }
            )
            return
        print_table(message("cli.suggestions.header", language).split("|"), rows, right=(1, 2))
        typer.echo(message("cli.suggestions.learned", language, n=found.learned_from))


def print_stale_suggestions(study: StudyFolder) -> None:
    """Say on stderr which questions' suggestions no longer are what would be learned now."""
    if stale := stale_suggestions(study):
        language = study.config.interface_language
        text = message("cli.suggestions.stale", language, questions=", ".join(stale))
        typer.echo(text, err=True)
