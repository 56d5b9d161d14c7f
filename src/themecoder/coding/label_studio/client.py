"""A Label Studio server (1.23) as the owner of a personal access token, through Label Studio's SDK.

Every request goes by the rule of ``transport.py``. The SDK is imported when the first of its calls
is made, so that nothing else waits for it; of its classes it is the one that ``LabelStudio`` is
made of, which has all calls and does without pandas (a third of the time to import).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from themecoder.coding.label_studio.in_server.themecoder_gate.routes import ALIVE
from themecoder.coding.label_studio.transport import TIMEOUT, RefusedError, WriteOnceTransport
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.extras import of_extra

if TYPE_CHECKING:
    from label_studio_sdk.annotations.client import AnnotationsClient
    from label_studio_sdk.base_client import LabelStudioBase
    from label_studio_sdk.ml.client import MlClient
    from label_studio_sdk.projects.client import ProjectsClient
    from label_studio_sdk.tasks.client import TasksClient
    from label_studio_sdk.users.client import UsersClient
    from label_studio_sdk.views.client import ViewsClient
    from label_studio_sdk.webhooks.client import WebhooksClient

_PAUSE = 0.25
"""Seconds before a request that failed for a moment is repeated."""


class Client:
    """The calls of a server at ``url``; those of the SDK that are used, by their names there.

    Each raises RefusedError, UnclearError (writes only), or ServiceError: see ``transport.py``.
    Raises InputError for an address that cannot be one.
    """

    def __init__(self, url: str, token: str, pause: float = _PAUSE) -> None:
        self.url = url.rstrip("/")
        try:
            transport = WriteOnceTransport(self.url, token, pause)
            self._http = httpx.Client(base_url=self.url, timeout=TIMEOUT, transport=transport)
        except httpx.InvalidURL:
            raise InputError(Problem("server.bad_url", {"url": url})) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any]) -> Any:
        """The JSON at ``path`` as the server sent it, for what the SDK's types do not carry."""
        return self._http.get(path, params=params).json()

    def version(self) -> str:
        """The server's version, "1.23.2". Raises ServiceError where this is no Label Studio."""
        try:
            release = getattr(self._sdk.versions.get(), "release", None)
        except (RefusedError, TypeError):
            release = None
        if not release:
            raise ServiceError(Problem("server.other", {"url": self.url}))
        return str(release)

    def is_a_coder(self) -> bool:
        """Whether the token is a coder's on a server with a gate, which shows no other's work."""
        try:
            return not self.get(ALIVE, {})["everything"]
        except RefusedError:
            return False

    def new_invite_link(self) -> str:
        """Where an account can be made, below ``url``; who knows an earlier link can't any more.

        The SDK has no call for it.
        """
        return str(self._http.post("/api/invite/reset-token", json={}).json()["invite_url"])

    @property
    def annotations(self) -> AnnotationsClient:
        found: AnnotationsClient = self._sdk.annotations
        return found

    @property
    def ml(self) -> MlClient:
        found: MlClient = self._sdk.ml
        return found

    @property
    def projects(self) -> ProjectsClient:
        found: ProjectsClient = self._sdk.projects
        return found

    @property
    def tasks(self) -> TasksClient:
        found: TasksClient = self._sdk.tasks
        return found

    @property
    def users(self) -> UsersClient:
        found: UsersClient = self._sdk.users
        return found

    @property
    def views(self) -> ViewsClient:
        found: ViewsClient = self._sdk.views
        return found

    @property
    def webhooks(self) -> WebhooksClient:
        found: WebhooksClient = self._sdk.webhooks
        return found

    @cached_property
    def _sdk(self) -> LabelStudioBase:
        with of_extra("server"):
            from label_studio_sdk.base_client import LabelStudioBase

        # It signs nothing in (the transport does) and repeats nothing: its two retries by default
        # take writes along, and one lost answer made 20 tasks of 10.
        return LabelStudioBase(
            base_url=self.url, api_key="by the transport", httpx_client=self._http, max_retries=0
        )
