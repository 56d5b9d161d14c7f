"""The backend at a project of a server: connected, and taken away with nothing left of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from themecoder.assist.backend import USER, WEBHOOK
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import Project
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.transport import RefusedError
from themecoder.coding.suggestions.study_suggestions import MODEL, WITH_ASSISTANT
from themecoder.errors import InputError, Problem, ServiceError

if TYPE_CHECKING:
    from label_studio_sdk.types.ml_backend import MlBackend

TITLE = "themecoder"
"""What the model is called on the server; a project that shows suggestions of it is told so by this
name in the place of a version."""
_BEFORE = re.compile(r"\[themecoder: shown before: (?P<version>.*)\]")
_OURS = "X-Themecoder"
"""The header by which a webhook is known as ours."""
_REFUSED = ("server.refused", "server.no_permission")
_CODED = ("ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED")
_PATIENCE = 10.0
"""Seconds that the server waits for suggestions."""


def connect_backend(
    client: Client, project: Project, url: str, secret: str, authorization: str
) -> None:
    """Have the server ask the backend at ``url`` for suggestions, and tell it of new coding.

    Raises InputError where another model is connected, ServiceError where the server refuses.
    """
    disconnect_backend(client, project)
    others = [str(one.title) for one in client.ml.list(project=project.id)]
    if others:
        params = {"title": project.title, "models": ", ".join(others)}
        raise InputError(Problem("assist.other_model", params))

    def make() -> None:
        _remove(client, project)
        client.ml.create(
            project=project.id,
            url=url,
            title=TITLE,
            description=f"[themecoder: shown before: {_shown_version(client, project)}]",
            auth_method="BASIC_AUTH",
            basic_auth_user=USER,
            basic_auth_pass=secret,
            is_interactive=False,
            timeout=_PATIENCE,
        )
        client.projects.update(id=project.id, model_version=TITLE)
        for hook in client.webhooks.list(project=str(project.id)):
            # Label Studio makes one with the model, where its settings let it reach this machine;
            # it bears no password, and would bring along all that is coded
            if hook.url == f"{url}{WEBHOOK}":
                client.webhooks.update(
                    id=int(hook.id or 0),
                    url=hook.url,
                    headers={"Authorization": authorization, _OURS: TITLE},
                    send_payload=False,
                    send_for_all_actions=False,
                    actions=_CODED,
                )

    try:
        retry_after_reread(client, make)
    except ServiceError as error:
        raise ServiceError(
            Problem("assist.refused", one.params) if one.key in _REFUSED else one
            for one in error.problems
        ) from None


def disconnect_backend(client: Client, project: Project) -> bool:
    """Take the backend away, also one that an earlier process left there; whether there was one.

    What is shown then is what was before: the suggestions that were pushed.
    """
    return bool(retry_after_reread(client, lambda: _remove(client, project)))


def _remove(client: Client, project: Project) -> bool:
    for hook in client.webhooks.list(project=str(project.id)):
        if _OURS in (hook.headers or {}):
            client.webhooks.delete(id=int(hook.id or 0))
    ours = [one for one in client.ml.list(project=project.id) if one.title == TITLE]
    for one in ours:
        # before it goes, so that a removal that is cut short is done again
        _show(client, project, _shown_before(one))
        client.ml.delete(id=int(one.id or 0))
    return bool(ours)


def _shown_before(one: MlBackend) -> str:
    found = _BEFORE.search(one.description or "")
    return found["version"] if found else ""


def _shown_version(client: Client, project: Project) -> str:
    """Of which version the project shows suggestions."""
    return str(client.get(f"/api/projects/{project.id}/", {}).get("model_version") or "")


def _show(client: Client, project: Project, before: str) -> None:
    """Have the project show what it showed ``before``, else what was pushed meanwhile."""
    for version in dict.fromkeys((before, WITH_ASSISTANT, MODEL, "")):
        try:
            client.projects.update(id=project.id, model_version=version)
            return
        except RefusedError:
            # the server has no prediction of that version
            continue
