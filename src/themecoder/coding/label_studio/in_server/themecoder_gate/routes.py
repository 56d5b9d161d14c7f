"""What may be asked for, by whom: each request has its line here, or is refused.

The lines are what the pages were seen to ask for in a browser, from the login to the last task, and
what a draft, a skip, a correction and a look back need. Paths are matched as Label Studio resolves
them, whole, with or without the slash at their end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

ALIVE = "/themecoder-gate"
"""Answered by the gate itself: that it is there, and whether who asks may do everything."""

FROM_NETWORK = "X-Themecoder-From-Network"
"""The header of what comes from other computers, put there by the relay in front of it."""


class Kind(Enum):
    """What a request is about, and with that how it is checked, changed and answered."""

    AS_IT_IS = auto()
    NOTHING = auto()
    """A list that is empty in a study: models, links between labels."""
    ACCOUNTS = auto()
    PROJECTS = auto()
    PROJECT = auto()
    COLUMNS = auto()
    TABS = auto()
    TASKS = auto()
    TASK = auto()
    NEXT_TASK = auto()
    WORK_OF_TASK = auto()
    """Annotations or drafts of a task."""
    ANNOTATION = auto()
    DRAFT = auto()
    DRAFTS_OF_ANNOTATION = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A request that may be made. ``ids``: the numbers in its path, or of its project; ``query``
    what of its query is passed on."""

    kind: Kind
    ids: tuple[int, ...]
    query: Mapping[str, str]


_READ = ("GET", "HEAD")
_WRITE = ("POST",)
_CHANGE = (*_READ, "PATCH", "PUT", "DELETE")

_ANYBODY = (
    (_READ, r"/(?:static|react-app)/.+|/favicon\.ico|/heidi-tips|/health"),
    ((*_READ, *_WRITE), r"/user/(?:login|signup)"),  # Label Studio asks for the link of invitation
    (_WRITE, r"/api/token/refresh"),
)
_CODER: tuple[tuple[tuple[str, ...], str, Kind, tuple[str, ...]], ...] = (
    (_READ, r"/|/projects|/projects/\d+(?:/data)?", Kind.AS_IT_IS, ()),
    (_READ, r"/api/version|/api/current-user/whoami", Kind.AS_IT_IS, ()),
    ((*_READ, *_WRITE), r"/logout", Kind.AS_IT_IS, ()),
    (_READ, r"/api/ml|/api/label_links", Kind.NOTHING, ()),
    (_READ, r"/api/users", Kind.ACCOUNTS, ()),
    (_READ, r"/api/projects", Kind.PROJECTS, ("ids", "include", "page", "page_size")),
    (_READ, r"/api/projects/(\d+)(?:/label-stream-history)?", Kind.PROJECT, ()),
    (_READ, r"/api/dm/project", Kind.PROJECT, ("project", "include", "interaction")),
    (_READ, r"/api/dm/columns", Kind.COLUMNS, ("project",)),
    (_READ, r"/api/dm/views", Kind.TABS, ("project",)),
    (_READ, r"/api/tasks", Kind.TASKS, ("project", "page", "page_size")),
    (_READ, r"/api/tasks/(\d+)", Kind.TASK, ("project", "interaction")),
    (_WRITE, r"/api/dm/actions", Kind.NEXT_TASK, ("project", "id")),
    ((*_READ, *_WRITE), r"/api/tasks/(\d+)/(?:annotations|drafts)", Kind.WORK_OF_TASK, ()),
    (
        (*_READ, *_WRITE),
        r"/api/tasks/(\d+)/annotations/(\d+)/drafts",
        Kind.DRAFTS_OF_ANNOTATION,
        (),
    ),
    (_CHANGE, r"/api/annotations/(\d+)", Kind.ANNOTATION, ()),
    (_CHANGE, r"/api/drafts/(\d+)", Kind.DRAFT, ()),
)
_OF_A_PROJECT = {Kind.PROJECT, Kind.COLUMNS, Kind.TABS, Kind.TASKS, Kind.NEXT_TASK}

_SENT = (
    "draft_id",
    "lead_time",
    "parent_prediction",
    "result",
    "started_at",
    "unique_id",
    "was_cancelled",
    "was_postponed",
)
"""What the page sends of an annotation or a draft. Label Studio would also take whose it is
(``completed_by``), and which task and project it belongs to."""


def open_to_all(method: str, path: str) -> bool:
    """Whether a request may be made by somebody who is not logged in."""
    return any(method in methods and _whole(line, path) for methods, line in _ANYBODY)


def route(method: str, path: str, query: Mapping[str, str]) -> Route | None:
    """The request of a coder as it may be made; None where it may not."""
    for methods, line, kind, names in _CODER:
        found = _whole(line, path)
        if method not in methods or found is None:
            continue
        kept = {name: query[name] for name in names if name in query}
        ids = tuple(int(one) for one in found.groups() if one)
        if kind in _OF_A_PROJECT and not ids:
            number = _number(query.get("project", ""))
            if number is None:
                return None
            ids = (number,)
            kept["project"] = str(number)
        if kind is Kind.NEXT_TASK and kept.get("id") != "next_task":
            return None
        return Route(kind, ids, kept)
    return None


def sent(body: object) -> dict[str, object] | None:
    """What a coder sends of an annotation or draft, as it is passed on; None where it is none."""
    if not isinstance(body, dict):
        return None
    return {name: body[name] for name in _SENT if name in body}


def among(asked: str | None, hers: Collection[int]) -> str:
    """The projects that are asked for by their numbers (all) and are hers, by theirs."""
    kept = [str(one) for one in sorted(hers)]
    if asked is not None:
        kept = [one for one in kept if one in asked.split(",")]
    return ",".join(kept) or "0"


def _whole(line: str, path: str) -> re.Match[str] | None:
    return re.fullmatch(rf"(?:{line})/?", path, re.ASCII)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None
