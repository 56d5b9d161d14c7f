"""The areas of the workbench, in the order of work."""

from __future__ import annotations

from themecoder.workbench.area import Area
from themecoder.workbench.pages import (
    answers,
    check,
    codebook,
    counts,
    disagreements,
    masks,
    migration,
    overview,
    quotes,
    server,
    start,
    themes,
)

AREAS: tuple[Area, ...] = (
    overview.AREA,
    start.AREA,
    masks.AREA,
    themes.AREA,
    codebook.AREA,
    server.AREA,
    migration.AREA,
    answers.AREA,
    disagreements.AREA,
    counts.AREA,
    quotes.AREA,
    check.AREA,
)
