"""The server that a study's coders work on: found, started, stopped; the token for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from themecoder.coding.label_studio.accounts import OWNER, TOKEN, email_of, make_token, sign_up
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.database_copies import Why, copy_database, dump_database
from themecoder.coding.label_studio.local_server import (
    LocalServer,
    find_program,
    version_of,
)
from themecoder.coding.label_studio.postgresql import DUMP, Postgres, can_copy
from themecoder.coding.label_studio.study_database import (
    check_database,
    database_of,
    opened_database,
    ready_database,
)
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.settings.addresses import host_of, is_remote
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.out_of_cache import move_server, server_in_cache

KNOWN = ("1.20", "1.21", "1.22", "1.23")
"""The versions of Label Studio that a sync is known to hold with; tested is the last."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server of ours that runs: its address, and each account's e-mail address and password.
    ``copied``: whether its database can be copied on this machine."""

    url: str
    fresh: bool
    accounts: tuple[tuple[str, str], ...]
    copied: bool = True


def embedded(study: StudyFolder) -> LocalServer:
    """The study's own server. One that an earlier version kept in the cache is moved out of it.

    Raises InputError where that one is running.
    """
    if server_in_cache(study.paths):
        if LocalServer(study.paths.label_studio).alive():
            raise InputError(Problem("server.runs_in_cache", file=study.paths.label_studio))
        move_server(study.paths)
    return LocalServer(study.paths.server)


def serve(
    study: StudyFolder, port: int = 8080, waiting: Callable[[], None] = lambda: None
) -> Serving:
    """Start Label Studio for this study, or find it running; make the accounts of its coders.

    Its database is copied before it starts, and before another version of Label Studio changes it.
    One that runs without the gate, as an earlier version started it, is started anew. Raises
    InputError where Label Studio is not installed, or its database is not there or is another than
    before; ServiceError where it does not start.
    """
    server = embedded(study)
    check_database(study)
    if server.has_no_gate():
        stop(study)
    # also of one that is alive: where that ends meanwhile, another is started on the same
    database = database_of(study) if server.alive() else ready_database(study)
    if not server.alive():
        program = find_program()
        same = program is None or version_of(program) == server.made_by
        _copy(study, server, "start" if same else "upgrade", database)
    running = server.start(port, waiting, database)
    if not server.accounts.token:
        server.accounts.keep_token(make_token(running.url, server.accounts))
    coders = study.config.coding.coders
    with Client(running.url, server.accounts.token) as client:
        sign_up(client, running.url, coders, server.accounts)
    copied = study.config.label_studio.postgresql is None or can_copy()
    return Serving(running.url, running.fresh, accounts(study), copied)


def accounts(study: StudyFolder) -> tuple[tuple[str, str], ...]:
    """The e-mail address and the password of each account that was made on the study's own
    server."""
    kept = embedded(study).accounts
    emails = [OWNER, *map(email_of, study.config.coding.coders)]
    return tuple((email, kept.password(email)) for email in emails if kept.has(email))


def stop(study: StudyFolder) -> bool:
    """Stop the study's own server, and copy its database; False where it does not run."""
    stopped = LocalServer(study.paths.label_studio).stop()
    server = embedded(study)
    stopped = server.stop() or stopped
    if stopped:
        _copy(study, server, "stop", opened_database(study))
    return stopped


def _copy(study: StudyFolder, server: LocalServer, why: Why, database: Postgres | None) -> None:
    """Raises InputError where the database can't be copied; of one in PostgreSQL on a machine that
    has no program for it, only before an upgrade, for nothing takes that back."""
    folder = study.paths.database_copies
    if database is None:
        copy_database(server.database, folder, why)
    elif server.made_by and can_copy():
        dump_database(database, folder, why)
    elif server.made_by and why == "upgrade":
        raise InputError(Problem("server.database_program", {"program": DUMP}))


def connect(study: StudyFolder, url: str | None = None, insecure: bool = False) -> Client:
    """A client for the server at ``url``, else the study's own where it runs, else study.toml's.

    The token is taken from the environment (THEMECODER_TOKEN), from our own server's, or from the
    keyring (service themecoder, user name: the address). Raises ServiceError where the server can't
    be used, InputError where there is no token for it, or where the token and all that is coded
    would go to another machine for all on the way to read, unless ``insecure``.
    """
    server = embedded(study)
    running = server.running()
    if url is None and running is not None:
        check_database(study)
        url = running.url
    if url is None and server.alive():
        raise InputError(Problem("server.mute", file=server.folder))
    url = (url or study.config.label_studio.url).rstrip("/")
    if not url.startswith(("http://", "https://")) or host_of(url) is None:
        raise InputError(Problem("server.bad_url", {"url": url}))
    if url.startswith("http://") and is_remote(url) and not insecure:
        raise InputError(Problem("server.insecure", {"url": url}))
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
    if client.is_a_coder():
        client.close()
        raise ServiceError(Problem("server.coders_token", {"url": url, "variable": TOKEN}))
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
