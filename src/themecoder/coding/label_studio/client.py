"""Requests to a Label Studio server (1.23, REST) that may fail at any moment.

Reading is repeated, with growing pauses. Writing never is, but where the server surely did not act:
it refused (401 with a token that expired, 429) or was never reached. Everything else, a cut
connection or a 5xx, is ``UnclearError``: the caller looks at what is there now before it goes on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

from themecoder.errors import Problem, ServiceError

_READS = 6
_PAUSE = 0.25  # seconds before the second try; doubled each time
_LONGEST = 8.0
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class UnclearError(Exception):
    """A write of which nobody knows whether it happened. ``cause`` is what was seen."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class RefusedError(Exception):
    """The server said no to a request (4xx); nothing happened. ``detail`` is what it said."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(f"{status} {detail}")


class Client:
    """A server at ``url``, as the owner of the personal access token ``token``.

    ``written`` counts the requests that could change something. Raises ServiceError with one clear
    line where the server can't be reached, is no Label Studio, or does not know the token.
    """

    def __init__(self, url: str, token: str, pause: float = _PAUSE) -> None:
        self.url = url.rstrip("/")
        self.written = 0
        self._token, self._pause = token.strip(), pause
        self._http = httpx.Client(base_url=self.url, timeout=_TIMEOUT, trust_env=_is_remote(url))
        self._signed_in = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at ``path``; repeated where it fails for a moment. Raises RefusedError."""
        seen = ""
        for attempt in range(_READS):
            if attempt:
                time.sleep(min(self._pause * 2 ** (attempt - 1), _LONGEST))
            try:
                self._sign_in()
                answer = self._http.get(path, params=params)
                if answer.status_code == 401:
                    self._signed_in = False
                    seen = "401"
                    continue
                if answer.status_code == 429 or answer.status_code >= 500:
                    seen = f"HTTP {answer.status_code}"
                    continue
                return _content(answer)
            except (httpx.TransportError, UnclearError) as error:
                seen = str(error) or type(error).__name__
        raise self._unreachable(seen)

    def write(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """Send what may change the server, once. Raises UnclearError or RefusedError."""
        seen = ""
        for attempt in range(_READS):
            if attempt:
                time.sleep(min(self._pause * 2 ** (attempt - 1), _LONGEST))
            try:
                self._sign_in()
                self.written += 1
                answer = self._http.request(method, path, json=body, params=params or None)
            except _NOT_SENT as error:
                seen = str(error) or type(error).__name__
                continue
            except httpx.TransportError as error:
                raise UnclearError(str(error) or type(error).__name__) from error
            if answer.status_code == 401:
                self._signed_in = False
                seen = "401"
                continue
            if answer.status_code == 429:
                seen = "HTTP 429"
                continue
            if answer.status_code >= 500:
                raise UnclearError(f"HTTP {answer.status_code}")
            return _content(answer)
        raise self._unreachable(seen)

    def version(self) -> str:
        """The server's version, "1.23.2". Raises ServiceError where this is no Label Studio."""
        try:
            found = self.get("/api/version")
            return str(found["release"])
        except (RefusedError, KeyError, TypeError):
            raise ServiceError(Problem("server.other", {"url": self.url})) from None

    def _sign_in(self) -> None:
        """Get an access token, which lives five minutes, for the personal one."""
        if self._signed_in:
            return
        try:
            answer = self._http.post("/api/token/refresh/", json={"refresh": self._token})
        except httpx.UnsupportedProtocol:
            raise ServiceError(Problem("server.bad_url", {"url": self.url})) from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise UnclearError(f"HTTP {answer.status_code}")
        kind = answer.headers.get("content-type", "")
        if answer.status_code in (404, 405) or not kind.startswith("application/json"):
            raise ServiceError(Problem("server.other", {"url": self.url}))
        found = answer.json()
        if answer.status_code != 200 or "access" not in found:
            raise ServiceError(Problem("server.token", {"url": self.url}))
        self._http.headers["Authorization"] = f"Bearer {found['access']}"
        self._signed_in = True

    def _unreachable(self, seen: str) -> ServiceError:
        if seen == "401":
            return ServiceError(Problem("server.token", {"url": self.url}))
        return ServiceError(Problem("server.unreachable", {"url": self.url, "reason": seen}))


def _content(answer: httpx.Response) -> Any:
    if answer.status_code >= 400:
        raise RefusedError(answer.status_code, _detail(answer))
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        # a page of a proxy or a login form in the place of an answer
        raise UnclearError("no JSON") from None


def _detail(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    if isinstance(found, dict):
        errors = found.get("validation_errors")
        return str(errors or found.get("detail") or found)[:500]
    return str(found)[:500]


def _is_remote(url: str) -> bool:
    """Proxies of the environment are for servers elsewhere, never for this machine."""
    return httpx.URL(url).host not in ("localhost", "127.0.0.1", "::1")
