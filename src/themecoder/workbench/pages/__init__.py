"""The areas of the workbench, in the order of work."""

from __future__ import annotations

from themecoder.workbench.area import Area
from themecoder.workbench.pages import answers, check, counts, disagreements, overview, quotes

AREAS: tuple[Area, ...] = (
    overview.AREA,
    answers.AREA,
    disagreements.AREA,
    counts.AREA,
    quotes.AREA,
    check.AREA,
)
