"""The notice beside files that are for those who work on a study only."""

from __future__ import annotations

from themecoder.messages import message

INTERNAL_NOTICE = "LEESMIJ.txt"
"""The name of the notice, which says so in the study's language."""


def internal_notice(language: str) -> str:
    return message("common.internal", language) + "\n"
