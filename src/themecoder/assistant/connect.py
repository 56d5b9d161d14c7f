"""The model that study.toml names: found, and tried with a reply that a schema binds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from themecoder.assistant.ask import Assistant, Budget, SpentError, UnfitError
from themecoder.assistant.endpoint import (
    Endpoint,
    OutOfTimeError,
    UnreachedError,
    UselessReplyError,
)
from themecoder.assistant.model import Model, Prompt
from themecoder.assistant.record import NAME, Record
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.settings.addresses import host_of, is_remote
from themecoder.settings.model import AssistantSettings
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import canonical, sha256, write_text
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice

KEY = "THEMECODER_ASSISTANT_KEY"
"""The variable with the key of a server that asks for one."""
_NOT_OF_THE_MODEL = ("created", "permission")
"""What some servers make up anew at each request."""
_TRIAL = Prompt(
    "Reply with JSON.",
    '{"say": "ready"}',
    {
        "type": "object",
        "properties": {"say": {"type": "string", "enum": ["ready"]}},
        "required": ["say"],
        "additionalProperties": False,
    },
    64,
)


@contextmanager
def connected(study: StudyFolder, insecure: bool = False) -> Iterator[Assistant]:
    """The study's assistant, by one command at a time.

    Raises InputError where study.toml names none, where answers would go to a machine that it does
    not name, or to one elsewhere for all on the way to read unless ``insecure``; ServiceError where
    the server can't be used.
    """
    settings = study.config.assistant
    url = allowed_url(study, insecure)
    make_folder(study.paths.work)
    try:
        with (
            FileLock(study.paths.assistant_lock, timeout=0, mode=0o600),
            Endpoint(url, os.environ.get(KEY, "").strip()) as endpoint,
        ):
            model = _model_of(endpoint, settings, study)
            folder = study.paths.assistant_texts
            make_folder(folder)
            notice = internal_notice(study.config.interface_language)
            write_text(study.paths.internal / INTERNAL_NOTICE, notice)
            assistant = Assistant(
                endpoint,
                model,
                Record(folder / NAME),
                Budget(settings.most_requests, settings.most_seconds),
                study.config.seed,
            )
            _try_out(assistant)
            yield assistant
    except Timeout:
        raise InputError(Problem("assistant.busy", file=study.paths.root)) from None


def allowed_url(study: StudyFolder, insecure: bool) -> str:
    """Where the model is, if masked answers may go there."""
    settings, file = study.config.assistant, study.paths.config
    if settings.url is None:
        raise InputError(Problem("assistant.none", file=file))
    url, host = settings.url, host_of(settings.url)
    if host is None:
        raise InputError(Problem("assistant.bad_url", {"url": url}, file=file))
    if is_remote(url) and host != (settings.host or "").lower():
        params = {"url": url, "host": host, "named": settings.host or "-"}
        raise InputError(Problem("assistant.other_host", params, file=file))
    if url.startswith("http://") and is_remote(url) and not insecure:
        raise InputError(Problem("assistant.insecure", {"url": url}, file=file))
    return url


def _model_of(endpoint: Endpoint, settings: AssistantSettings, study: StudyFolder) -> Model:
    try:
        entries = endpoint.models()
    except (UnreachedError, UselessReplyError, OutOfTimeError) as error:
        params = {"url": endpoint.url, "reason": str(error) or type(error).__name__}
        raise ServiceError(Problem("assistant.unreachable", params)) from None
    names = [str(one["id"]) for one in entries]
    wanted = settings.model or (names[0] if len(names) == 1 else None)
    if wanted not in names:
        params = {"url": endpoint.url, "found": settings.model or "-", "known": ", ".join(names)}
        key = "assistant.no_model" if settings.model else "assistant.which_model"
        raise InputError(Problem(key, params, file=study.paths.config))
    weights = endpoint.weights_of(wanted)
    said = {k: v for k, v in entries[names.index(wanted)].items() if k not in _NOT_OF_THE_MODEL}
    return Model(wanted, weights or sha256(canonical(said)), bool(weights))


def _try_out(assistant: Assistant) -> None:
    """A server that does not bind replies to a schema would fail at every answer."""

    def check(text: str) -> bool:
        if "".join(text.split()) != '{"say":"ready"}':
            raise UnfitError("not as the schema says")
        return True

    try:
        found = assistant.kept(_TRIAL, check) or assistant.ask(_TRIAL, check)
    except SpentError:
        raise InputError(Problem("assistant.spent_at_once")) from None
    if not found:
        raise ServiceError(Problem("assistant.no_schema", {"url": assistant.endpoint.url}))
