"""What speaks with a language model, and nothing else does: OpenAI's protocol, one attempt a call.

Redirects are not followed: masked texts go to the machine that the address names and to no other.
A reply is read as it comes, so that one that never ends ends here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from themecoder.errors import Problem, ServiceError
from themecoder.settings.addresses import is_remote

_CONNECT = 5.0
_LONGEST = 300.0
"""Seconds that a reply may take."""
_MOST_BYTES = 1_000_000
_DETAIL = 200  # characters of what a server says that a message shows
REFUSED = "refused"
"""A request that the server will not take however often: mostly an answer that is too long."""
_NOT_THERE = (404, 405)
_NO_ENTRY = (401, 403)


class UselessReplyError(Exception):
    """A whole or half reply that can't be used; ``text`` is what there was of it."""

    def __init__(self, fault: str, text: str = "") -> None:
        self.fault, self.text = fault, text
        super().__init__(fault)


class UnreachedError(Exception):
    """The server did not take the request, or not now; the text is what was seen."""


class OutOfTimeError(Exception):
    """The time that a reply might take was over."""


class Endpoint:
    """A server at ``url`` that speaks the OpenAI protocol (``url`` ends where its paths begin, as
    in ``http://127.0.0.1:11434/v1``). ``key`` is sent where there is one."""

    def __init__(self, url: str, key: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url.rstrip("/")
        self._clock = clock
        headers = {"Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        # the proxies that the environment names are for servers elsewhere, never for this machine
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(_LONGEST, connect=_CONNECT),
            trust_env=is_remote(self.url),
            follow_redirects=False,
        )

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def models(self) -> list[dict[str, Any]]:
        """What the server says of each model that it has. Raises ServiceError, UnreachedError."""
        found = self._json("GET", f"{self.url}/models", None, _LONGEST)
        entries = found.get("data") if isinstance(found, dict) else None
        if not isinstance(entries, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str) for one in entries
        ):
            raise ServiceError(Problem("assistant.other", {"url": self.url}))
        return entries

    def weights_of(self, name: str) -> str:
        """The digest of a model's weights, which Ollama tells beside the protocol; else empty."""
        try:
            address = httpx.URL(self.url).join("/api/tags")
            found = self._json("GET", str(address), None, _LONGEST)
            told = {one["name"]: one["digest"] for one in found["models"]}
        except (ServiceError, UnreachedError, UselessReplyError, OutOfTimeError):
            return ""
        except (KeyError, TypeError, AttributeError):
            return ""
        return str(told.get(name) or "")

    def complete(self, body: Mapping[str, Any], seconds: float) -> str:
        """The text with which the model replies to ``body``.

        Raises OutOfTimeError after ``seconds``, UselessReplyError where there is no whole text,
        UnreachedError where another attempt may get one, ServiceError where none will.
        """
        url = f"{self.url}/chat/completions"
        found = self._json("POST", url, body, min(seconds, _LONGEST))
        try:
            choice = found["choices"][0]
            text, reason = choice["message"]["content"], choice.get("finish_reason")
        except (KeyError, TypeError, IndexError, AttributeError):
            raise UselessReplyError("no_choice", json.dumps(found)[:_MOST_BYTES]) from None
        if not isinstance(text, str):
            raise UselessReplyError("no_choice", json.dumps(found)[:_MOST_BYTES])
        if reason == "length":
            raise UselessReplyError("too_long", text)
        return text

    def _json(self, method: str, url: str, body: Mapping[str, Any] | None, seconds: float) -> Any:
        until = self._clock() + seconds
        received = bytearray()
        timeout = httpx.Timeout(max(seconds, 0.01), connect=min(_CONNECT, max(seconds, 0.01)))
        try:
            with self._http.stream(method, url, json=body, timeout=timeout) as reply:
                for part in reply.iter_bytes():
                    received += part
                    if len(received) > _MOST_BYTES:
                        raise UselessReplyError("too_long", _text(received[:_MOST_BYTES]))
                    if self._clock() > until:
                        raise OutOfTimeError
        except httpx.ReadTimeout:
            raise OutOfTimeError from None
        except httpx.UnsupportedProtocol:
            raise ServiceError(Problem("assistant.other", {"url": self.url})) from None
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            if received:
                raise UselessReplyError("cut_off", _text(received)) from error
            raise UnreachedError(_words(error)) from error
        except httpx.DecodingError as error:
            raise UselessReplyError("not_json") from error
        except httpx.RequestError as error:
            raise UnreachedError(_words(error)) from error
        return self._read(reply, _text(received))

    def _read(self, reply: httpx.Response, text: str) -> Any:
        status = reply.status_code
        if status == 429 or status >= 500:
            raise UnreachedError(f"HTTP {status}")
        if status in _NO_ENTRY:
            raise ServiceError(Problem("assistant.no_entry", {"url": self.url}))
        if status in _NOT_THERE or 300 <= status < 400:
            raise ServiceError(Problem("assistant.other", {"url": self.url}))
        if status >= 400:
            raise UselessReplyError(REFUSED, text[:_DETAIL])
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise UselessReplyError("not_json", text) from None


def _text(data: bytes | bytearray) -> str:
    return bytes(data).decode("utf-8", "replace")


def _words(error: httpx.RequestError) -> str:
    return str(error) or type(error).__name__
