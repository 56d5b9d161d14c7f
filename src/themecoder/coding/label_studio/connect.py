"""The server that a study's coders work on: found, started, stopped; the token for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from themecoder.coding.label_studio.accounts import OWNER, email_of, make_token, sign_up
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.local_server import LocalServer
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.workspace.folder import StudyFolder

TOKEN = "THEMECODER_TOKEN"
KNOWN = ("1.20", "1.21", "1.22", "1.23")
"""The versions of Label Studio that a sync is known to hold with; tested is the last."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server of ours that runs: its address, and each account's e-mail address and password."""

    url: str
    fresh: bool
    accounts: tuple[tuple[str, str], ...]


def embedded(study: StudyFolder) -> LocalServer:
    return LocalServer(study.paths.label_studio)


def serve(
    study: StudyFolder, port: int = 8080, waiting: Callable[[], None] = lambda: None
) -> Serving:
    """Start Label Studio for this study, or find it running; make the accounts of its coders.

    Raises InputError where Label Studio is not installed, ServiceError where it does not start.
    """
    server = embedded(study)
    running = server.start(port, waiting)
    if not server.accounts.token:
        server.accounts.keep_token(make_token(running.url, server.accounts))
    coders = study.config.coding.coders
    with Client(running.url, server.accounts.token) as client:
        sign_up(client, running.url, coders, server.accounts)
    emails = [OWNER, *map(email_of, coders)]
    accounts = tuple((email, server.accounts.password(email)) for email in emails)
    return Serving(running.url, running.fresh, accounts)


def stop(study: StudyFolder) -> bool:
    """Stop the study's own server; False where it does not run."""
    return embedded(study).stop()


def connect(study: StudyFolder, url: str | None = None) -> Client:
    """A client for the server at ``url``, else the study's own where it runs, else study.toml's.

    The token is taken from the environment (THEMECODER_TOKEN), from our own server's, or from the
    keyring (service themecoder, user name: the address). Raises ServiceError where the server can't
    be used, InputError where there is no token for it.
    """
    server = embedded(study)
    running = server.running()
    if url is None and running is not None:
        url = running.url
    url = (url or study.config.label_studio.url).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise InputError(Problem("server.bad_url", {"url": url}))
    ours = running is not None and url == running.url
    token = os.environ.get(TOKEN) or (server.accounts.token if ours else "") or _from_keyring(url)
    if not token:
        raise InputError(Problem("server.token_missing", {"url": url, "variable": TOKEN}))
    client = Client(url, token)
    found = client.version()
    if ".".join(found.split(".")[:2]) not in KNOWN:
        client.close()
        params = {"found": found, "known": f"{KNOWN[0]}-{KNOWN[-1]}"}
        raise ServiceError(Problem("server.version", params))
    return client


def _from_keyring(url: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password("themecoder", url) or ""
    except (KeyringError, OSError, RuntimeError):
        # a machine without a desktop has no keyring
        return ""
