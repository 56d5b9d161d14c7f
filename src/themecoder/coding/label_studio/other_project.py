"""A project on a server that themecoder did not make: all of it, as an export would have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import users
from themecoder.coding.label_studio.server_tasks import annotated_tasks, drafted_tasks
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.errors import InputError, Problem, ServiceError


@dataclass(frozen=True, slots=True)
class _Number:
    """The project by its number, as the address of its page names it."""

    id: int


def other_project(client: Client, number: int) -> dict[str, Any]:
    """The project's page and its annotated tasks, accounts by their addresses, and how many tasks
    somebody began and has not submitted.

    Raises InputError where there is no such project, ServiceError where it may not be read.
    """
    try:
        project = client.projects.get(id=number)
        tasks = [dict(task) for task in annotated_tasks(client, _Number(number))]
        drafts = len(drafted_tasks(client, _Number(number)))
    except RefusedError as error:
        if error.status == 404:
            params = {"project": number, "url": client.url}
            raise InputError(Problem("exchange.ls_no_project", params)) from None
        raise ServiceError(Problem("server.refused", {"detail": error.detail})) from None
    emails = _emails(client)
    for task in tasks:
        for annotation in task["annotations"]:
            account = annotation["completed_by"]
            if account in emails:
                annotation["completed_by"] = {"id": account, "email": emails[account]}
    return {
        "url": client.url,
        "project": number,
        "title": project.title,
        "label_config": project.label_config,
        "drafts": drafts,
        "tasks": sorted(tasks, key=lambda task: int(task["id"])),
    }


def _emails(client: Client) -> dict[int, str]:
    """The addresses of the accounts; none where the token may not see them."""
    try:
        return users(client)
    except ServiceError:
        return {}
