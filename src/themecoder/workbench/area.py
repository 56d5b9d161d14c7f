"""One area of the workbench: its place in the navigation and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Area:
    """``name`` is its key in the catalogue (``workbench.nav.<name>``); ``path`` is its first page.

    ``large`` are the paths to which files may be sent. ``steps``: the steps on the way of work
    (names of ``next_step``) that are done here. ``listed``: whether the navigation leads there;
    else only a step does.
    """

    name: str
    path: str
    routes: Sequence[BaseRoute]
    large: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    listed: bool = True
