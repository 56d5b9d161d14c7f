"""From candidate themes to codes: ``adopt`` and ``discard``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.assistant.study_proposals import required_proposal
from themecoder.cli.codebook.shared import GroupLabel, Why, in_words_of
from themecoder.console import JsonOption, StudyOption, errors, print_json
from themecoder.errors import InputError, Problem
from themecoder.themes.adoption import adopt as adopt_theme
from themecoder.themes.adoption import discard as discard_theme
from themecoder.workspace.folder import StudyFolder


def adopt(
    question: Annotated[str, typer.Argument()],
    theme: Annotated[int, typer.Argument()],
    study: StudyOption = Path(),
    code: Annotated[str | None, typer.Option("--as")] = None,
    new: Annotated[bool, typer.Option("--new")] = False,
    label: Annotated[str, typer.Option("--label")] = "",
    proposed: Annotated[bool, typer.Option("--proposed")] = False,
    group: Annotated[str, typer.Option("--group")] = "",
    group_label: GroupLabel = "",
    why: Why = "",
    replace: Annotated[bool, typer.Option("--replace")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a candidate theme over: --as CODE, or --new with a --label."""
    with errors(study, as_json):
        if new == (code is not None):
            raise InputError(Problem("codebook.origin.one_way"))
        if proposed and (label or not new):
            raise InputError(Problem("assistant.proposed_alone"))
        opened = StudyFolder.open(study)
        definition = ""
        if proposed:
            proposal = required_proposal(opened, opened.question(question), theme)
            label, definition = proposal.label, proposal.definition
        origin = adopt_theme(
            opened,
            opened.question(question),
            theme,
            code=code,
            new=label if new else None,
            group=group,
            group_label=group_label,
            definition=definition,
            why=why,
            again=replace,
        )
        if as_json:
            print_json(asdict(origin))
        else:
            typer.echo(in_words_of(asdict(origin), opened.config.interface_language))


def discard(
    question: Annotated[str, typer.Argument()],
    theme: Annotated[int, typer.Argument()],
    study: StudyOption = Path(),
    why: Why = "",
    replace: Annotated[bool, typer.Option("--replace")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put down that a candidate theme becomes no code."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        origin = discard_theme(opened, opened.question(question), theme, why=why, again=replace)
        if as_json:
            print_json(asdict(origin))
        else:
            typer.echo(in_words_of(asdict(origin), opened.config.interface_language))
