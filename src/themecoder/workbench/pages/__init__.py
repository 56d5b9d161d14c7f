"""The areas of the workbench, in the order of work."""

from __future__ import annotations

from themecoder.workbench.area import Area
from themecoder.workbench.pages import (
    answers,
    check,
    codebook,
    counts,
    disagreements,
    overview,
    quotes,
    themes,
)

AREAS: tuple[Area, ...] = (
    overview.AREA,
    themes.AREA,
    codebook.AREA,
    answers.AREA,
    disagreements.AREA,
    counts.AREA,
    quotes.AREA,
    check.AREA,
)
