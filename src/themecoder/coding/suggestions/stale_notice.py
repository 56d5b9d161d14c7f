"""Saying that suggestions are older than the coding they should be learned from."""

from __future__ import annotations

import typer

from themecoder.coding.suggestions.freshness import stale_suggestions
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def print_stale_suggestions(study: StudyFolder) -> None:
    """Say on stderr which questions' suggestions no longer are what would be learned now."""
    if stale := stale_suggestions(study):
        language = study.config.interface_language
        text = message("cli.suggestions.stale", language, questions=", ".join(stale))
        typer.echo(text, err=True)
