"""The templates of the workbench's pages."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from themecoder.messages import message
from themecoder.output.html import environment, texts

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=64)
def templates(language: str, area: str) -> Environment:
    """Templates whose ``t`` speaks in the words of ``area`` and whose ``w`` in those of all."""
    made = environment(language, area, __package__)
    made.globals.update(
        w=texts(language, "workbench"),
        stage_name=texts(language, "progress"),
        kind_name=texts(language, "masking.kind"),
        word=texts(language, "cli.migrate.word"),
        step_name=texts(language, "next.step"),
        notice=lambda key: message(key, language),
    )
    return made
