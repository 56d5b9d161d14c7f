"""The rule by which requests reach a Label Studio server, below the SDK and below plain httpx.

A server may fail at any moment. Reading is repeated, with growing pauses. A write never is, unless
the server surely did not act: it refused (401 with a token that expired, 429) or was never reached.
Everything else, a cut connection or a 5xx, is ``UnclearError``: the caller looks at what is there
now before it goes on. The SDK above is told not to repeat anything, and sees good answers only.
"""

from __future__ import annotations

import time

import httpx

from themecoder.errors import Problem, ServiceError
from themecoder.settings.addresses import is_remote

TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_TRIES = 6
_LONGEST = 8.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_READING = ("GET", "HEAD", "OPTIONS")
_JSON = "application/json"
_NO_JSON = "no JSON"


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


class _FailedError(Exception):
    """An attempt that may be repeated; its text is what was seen."""


class WriteOnceTransport(httpx.BaseTransport):
    """Sends requests to the server at ``url``, signed in with a personal access token.

    ``pause`` is the time in seconds before the second attempt; it is doubled each time. Returns
    whole answers that are JSON or empty. Raises RefusedError, UnclearError for writes only, and
    ServiceError with one clear line where the server cannot be reached, is no Label Studio, or does
    not know the token.
    """

    def __init__(self, url: str, token: str, pause: float) -> None:
        self._url, self._token, self._pause = url, token.strip(), pause
        self._access = ""
        # A client and not a bare transport, for only a client goes through the proxies that the
        # environment names. They are for servers elsewhere, never for this machine.
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=is_remote(url))

    def close(self) -> None:
        self._http.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for name in [name for name in request.headers if name.startswith("x-fern-")]:
            # the SDK tells every server which Python and which system this is
            del request.headers[name]
        seen = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(min(self._pause * 2 ** (attempt - 1), _LONGEST))
            try:
                self._sign_in(request)
                return self._send(request)
            except _FailedError as error:
                seen = str(error)
        if seen == "401":
            raise ServiceError(Problem("server.token", {"url": self._url}))
        raise ServiceError(Problem("server.unreachable", {"url": self._url, "reason": seen}))

    def _send(self, request: httpx.Request) -> httpx.Response:
        """One attempt. Raises _FailedError where another one can do no harm."""
        reads = request.method in _READING
        try:
            answer = self._http.send(request)
        except httpx.RequestError as error:
            if reads or isinstance(error, _NOT_SENT):
                raise _FailedError(_words(error)) from error
            raise UnclearError(_words(error)) from error
        if answer.status_code == 401:
            self._access = ""
            raise _FailedError("401")
        if answer.status_code == 429:
            raise _FailedError("HTTP 429")
        if 400 <= answer.status_code < 500:
            raise RefusedError(answer.status_code, _detail(answer))
        cause = _unreadable(answer)
        if not cause:
            return answer
        raise _FailedError(cause) if reads else UnclearError(cause)

    def _sign_in(self, request: httpx.Request) -> None:
        """Put an access token on the request; a new one, which lives five minutes, if need be.

        The SDK's own way is not taken: it trusts this machine's clock and leaves a 401 as it is,
        loses the path of a server that lives below one, and breaks on a page instead of JSON.
        """
        if not self._access:
            try:
                answer = self._http.post(
                    f"{self._url}/api/token/refresh/",
                    json={"refresh": self._token},
                )
            except httpx.UnsupportedProtocol:
                raise ServiceError(Problem("server.bad_url", {"url": self._url})) from None
            except httpx.RequestError as error:
                raise _FailedError(_words(error)) from error
            if answer.status_code == 429 or answer.status_code >= 500:
                raise _FailedError(f"HTTP {answer.status_code}")
            self._access = self._token_in(answer)
        request.headers["Authorization"] = f"Bearer {self._access}"

    def _token_in(self, answer: httpx.Response) -> str:
        kind = answer.headers.get("content-type", "")
        if answer.status_code in (404, 405) or not kind.startswith(_JSON):
            raise ServiceError(Problem("server.other", {"url": self._url}))
        try:
            found = answer.json()
        except ValueError:
            raise _FailedError(_NO_JSON) from None
        if answer.status_code != 200 or not isinstance(found, dict) or not found.get("access"):
            raise ServiceError(Problem("server.token", {"url": self._url}))
        return str(found["access"])


def _unreadable(answer: httpx.Response) -> str:
    """Why an answer says nothing of what the server did; empty where it does."""
    if not answer.is_success:
        return f"HTTP {answer.status_code}"
    if not answer.content and (answer.status_code == 204 or answer.request.method == "DELETE"):
        return ""
    try:
        found = answer.json()
    except ValueError:
        # a page of a proxy or a login form in the place of an answer
        return _NO_JSON
    return "" if isinstance(found, dict | list) else _NO_JSON


def _detail(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    if isinstance(found, dict):
        errors = found.get("validation_errors")
        return str(errors or found.get("detail") or found)[:500]
    return str(found)[:500]


def _words(error: httpx.RequestError) -> str:
    return str(error) or type(error).__name__
