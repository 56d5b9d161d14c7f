"""What coders on other computers reach: TLS in front of the study's own Label Studio.

Label Studio itself stays on this machine's own address. What comes from the network is marked, so
that the gate in Label Studio keeps the researcher's account out of it; passwords can't be tried in
quick succession.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from themecoder.coding.label_studio.in_server.themecoder_gate.routes import FROM_NETWORK

_OF_ONE_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te"),
        *("trailer", "transfer-encoding", "upgrade"),
    }
)
"""RFC 9110, section 7.6.1: for the next machine only, not to be passed on."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LOGIN = "/user/login"
_TRIES, _WITHIN = 10, 300.0
"""So many logins in so many seconds from one computer; ten coders behind one address are none."""
_LARGEST = 10_000_000
"""Bytes of a request: twice what the gate takes."""


class Relay:
    """Passes on what is asked at ``host`` (address and port) to Label Studio at ``target``."""

    def __init__(self, target: str, host: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._target, self._host, self._clock = target.rstrip("/"), host, clock
        self._tries: defaultdict[str, deque[float]] = defaultdict(deque)
        self._client = httpx.AsyncClient(timeout=120, trust_env=False, follow_redirects=False)

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/{path:path}", self._pass_on, methods=list(_METHODS))],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self._client:
            yield

    async def _pass_on(self, request: Request) -> Response:
        refused = self._refused(request)
        if refused is not None:
            return refused
        try:
            body = await _read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("More than is taken.", 413)
        raw = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        asked = self._client.build_request(
            request.method,
            f"{self._target}{raw}" + (f"?{query}" if query else ""),
            headers=self._sent(request),
            content=body,
        )
        try:
            answer = await self._client.send(asked, stream=True)
        except httpx.HTTPError:
            return PlainTextResponse("Label Studio does not answer.", 502)
        passed = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        passed.raw_headers = self._received(answer)
        return passed

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("host") != self._host:
            return PlainTextResponse("This is not the name of the server.", 421)
        origin = request.headers.get("origin")
        if origin not in (None, f"https://{self._host}"):
            return PlainTextResponse("Sent by another page.", 403)
        if request.method == "POST" and request.url.path.rstrip("/") == _LOGIN:
            now, tries = self._clock(), self._tries[request.client.host if request.client else ""]
            while tries and now - tries[0] > _WITHIN:
                tries.popleft()
            if len(tries) >= _TRIES:
                wait = str(int(_WITHIN - (now - tries[0])) + 1)
                return PlainTextResponse(
                    "Too many logins. Wait some minutes.", 429, headers={"Retry-After": wait}
                )
            tries.append(now)
        return None

    def _sent(self, request: Request) -> list[tuple[bytes, bytes]]:
        """What Label Studio is told: it speaks http, so the addresses of our pages do too."""
        own = f"https://{self._host}".encode("ascii")
        sent = [(FROM_NETWORK.encode(), b"1")]
        for name, value in request.headers.raw:
            if name.decode("latin-1").lower() in (*_OF_ONE_HOP, FROM_NETWORK.lower()):
                continue
            if name.lower() == b"content-length":
                continue  # of what is read whole here, httpx says it
            if name.lower() in (b"origin", b"referer") and value.startswith(own):
                value = b"http" + value[len(b"https") :]  # noqa: PLW2901
            sent.append((name, value))
        return sent

    def _received(self, answer: httpx.Response) -> list[tuple[bytes, bytes]]:
        """What the browser is told: over https, and cookies that go over nothing else."""
        plain = f"http://{self._host}".encode("ascii")
        received = []
        for name, value in answer.headers.raw:
            lower = name.lower()
            if lower.decode("latin-1") in _OF_ONE_HOP:
                continue
            if lower == b"location" and value.startswith(plain):
                value = b"https" + value[len(b"http") :]  # noqa: PLW2901
            if lower == b"set-cookie":
                value += b"; Secure"  # noqa: PLW2901
            received.append((lower, value))
        return received


async def _read(request: Request) -> bytes | None:
    """The body, or None where it is larger than what is taken."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)
