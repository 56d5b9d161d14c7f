"""What of an answer of Label Studio a coder is shown: her own part."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from .routes import Kind

Json = Any


class NotHersError(Exception):
    """An answer held what is not the coder's: nothing of it is shown."""


@dataclass(frozen=True, slots=True)
class Coder:
    """Who asks: the number and the address of an account, and the coder's name in small letters."""

    id: int
    email: str
    name: str

    def is_meant(self, named: object) -> bool:
        """Whether a task or a tab that names a coder is hers."""
        return isinstance(named, str) and bool(self.name) and named.casefold() == self.name


def own_part(kind: Kind, body: Json, coder: Coder, projects: Collection[int]) -> Json:
    """The part of ``body`` that is the coder's. Raises NotHersError where there is none.

    ``projects``: those that she has tasks in.
    """
    read = _OWN.get(kind)
    if read is None:
        return body
    try:
        return read(body, coder, projects)
    except (AttributeError, KeyError, TypeError) as error:
        # an answer of another shape than is known, as of another version: nothing is guessed
        raise NotHersError from error


def _accounts(body: Json, coder: Coder, _: Collection[int]) -> Json:
    if isinstance(body, dict):
        kept = _accounts(body["results"], coder, _)
        return {**body, "count": len(kept), "results": kept}
    return [one for one in body if one["id"] == coder.id]


def _projects(body: Json, _: Coder, projects: Collection[int]) -> Json:
    return {**body, "results": [one for one in body["results"] if one["id"] in projects]}


def _tabs(body: Json, coder: Coder, _: Collection[int]) -> Json:
    return [one for one in body if coder.is_meant(one["data"]["title"])]


def _columns(body: Json, coder: Coder, _: Collection[int]) -> Json:
    of_accounts = {"schema": {"items": [coder.id]}}
    columns = [
        {**one, **of_accounts} if one["id"] in ("annotators", "updated_by") else one
        for one in body["columns"]
    ]
    return {**body, "columns": columns}


def _tasks(body: Json, coder: Coder, projects: Collection[int]) -> Json:
    kept = [_task(one, coder, projects) for one in body["tasks"]]
    return {**body, "tasks": kept}


def _task(body: Json, coder: Coder, _: Collection[int]) -> Json:
    if not coder.is_meant(body["data"]["coder"]):
        raise NotHersError
    found = dict(body)
    for name in ("annotations", "drafts"):
        if name in found:
            found[name] = _work(found[name], coder, _)
    for name in ("annotators", "updated_by", "comment_authors"):
        if name in found:
            found[name] = [one for one in found[name] if _user(one) == coder.id]
    return found


def _work(body: Json, coder: Coder, _: Collection[int]) -> Json:
    """Annotations or drafts; a draft says by its address whose it is."""
    return [one for one in body if _is_hers(one, coder)]


def _is_hers(work: Json, coder: Coder) -> bool:
    if "completed_by" in work:
        return _user(work["completed_by"]) == coder.id
    return work["user"] == coder.email or _user(work["user"]) == coder.id


def _user(one: Json) -> object:
    """The number of an account, written as such or with what else is known of it."""
    return one.get("id", one.get("user_id")) if isinstance(one, dict) else one


def _one_or_list(body: Json, coder: Coder, _: Collection[int]) -> Json:
    """What was asked for, or what was just made."""
    if isinstance(body, list):
        return _work(body, coder, _)
    if not _is_hers(body, coder):
        raise NotHersError
    return body


_OWN: dict[Kind, Callable[[Json, Coder, Collection[int]], Json]] = {
    Kind.ACCOUNTS: _accounts,
    Kind.PROJECTS: _projects,
    Kind.TABS: _tabs,
    Kind.COLUMNS: _columns,
    Kind.TASKS: _tasks,
    Kind.TASK: _task,
    Kind.NEXT_TASK: _task,
    Kind.WORK_OF_TASK: _one_or_list,
    Kind.DRAFTS_OF_ANNOTATION: _one_or_list,
    Kind.ANNOTATION: _one_or_list,
    Kind.DRAFT: _one_or_list,
}
