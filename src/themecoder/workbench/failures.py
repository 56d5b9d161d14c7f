"""What goes wrong below a page becomes a page, or a part of one, that says so."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from themecoder.errors import ThemecoderError
from themecoder.workbench.site import Site


class Failures:
    """Answers where a page could not: with all problems that a person can act on (422), or with
    what to report of a bug of ours (500)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return  # nobody is there to be told
        except Exception as error:
            if begun:
                raise  # a page that is half sent can't be taken back: the server breaks it off
            request = Request(scope, receive)
            site = Site.of(request)
            status = 422 if isinstance(error, ThemecoderError | OSError) else 500
            # told before another thread: a traceback is of the error that is being handled here
            answer = await run_in_threadpool(site.problems_page, request, site.told(error), status)
            await answer(scope, receive, send)
