"""Who may ask the workbench for something: this machine's browser, with the token, from our pages.

A page on another site can make a browser send requests to an address on this machine, also under a
name that it has pointed there (DNS rebinding), and every other program on this machine can reach
the port. So a request needs our own name in ``Host``, a token that only the address which the
command printed carries, and, to change something, our own ``Origin``.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # none goes to other sites; without one a form that is sent before scripts run has no origin
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # answers stay out of the browser's cache on the disk
    "Cache-Control": "no-store",
}
READING = frozenset({"GET", "HEAD"})
LARGEST = 4_000_000
"""Bytes of what is sent to a page."""
LARGEST_FILE = 500_000_000
"""Bytes of a file that is sent to a page which takes files."""


class Safety:
    """Lets through what may be asked; everything that goes out has the headers of safety."""

    def __init__(self, app: ASGIApp, token: str, port: int, large: frozenset[str]) -> None:
        self._app, self._token, self._large = app, token, large
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        # cookies do not know ports: another workbench on this machine has its own
        self._cookie = f"themecoder-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page may have a stricter policy
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, with_headers)
            return
        await self._app(scope, _no_more_than(self._room(scope), receive), with_headers)

    def _refused(self, scope: Scope) -> Response | None:
        """The answer to a request that is not let through; None where it may go on."""
        headers = Headers(scope=scope)
        method, host = scope["method"], headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("This is not the name of the workbench.", 421)
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if method == "GET" and self._same(query.get("token", [""])[0]):
            return self._let_in(scope["path"], query)
        if not self._same(_cookies(headers).get(self._cookie, "")):
            return PlainTextResponse(
                "Open the workbench by the address that 'themecoder workbench' prints.\n"
                "Open de werkbank met het adres dat 'themecoder workbench' toont.",
                403,
            )
        asked_here = headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        sent_here = method in READING or headers.get("origin") == f"http://{host}"
        if not asked_here or not sent_here:
            return PlainTextResponse("Asked for by another page.", 403)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self._room(scope):
            return PlainTextResponse("More than this page takes.", 413)
        return None

    def _room(self, scope: Scope) -> int:
        return LARGEST_FILE if scope["path"] in self._large else LARGEST

    def _same(self, said: str) -> bool:
        return hmac.compare_digest(said.encode(), self._token.encode())

    def _let_in(self, path: str, query: Mapping[str, list[str]]) -> Response:
        """The token goes from the address into a cookie, so that it is in no history or copy."""
        rest = urlencode({name: said for name, said in query.items() if name != "token"}, True)
        # one slash: two would name another host
        target = "/" + quote(path.lstrip("/\\")) + (f"?{rest}" if rest else "")
        answer = RedirectResponse(target, 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
        return answer


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {
            name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()
        }
    except CookieError:
        return {}


def _no_more_than(room: int, receive: Receive) -> Receive:
    """What is received, broken off where more comes than was said in front."""
    left = room

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return limited
