"""The areas of the workbench, in the order of work."""

from __future__ import annotations

from themecoder.workbench.area import Area
from themecoder.workbench.pages import masks, overview, server, start

AREAS: tuple[Area, ...] = (overview.AREA, start.AREA, masks.AREA, server.AREA)
