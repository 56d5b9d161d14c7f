"""The areas of the workbench, in the order of work."""

from __future__ import annotations

from themecoder.workbench.area import Area
from themecoder.workbench.pages import overview

AREAS: tuple[Area, ...] = (overview.AREA,)
