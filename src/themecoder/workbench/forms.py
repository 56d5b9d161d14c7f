"""What a page sends, read whole before a handler in a thread of its own gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request, FormData], Response]
_FIELDS = 20_000


def posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for ``handler``, which gets the fields and files that were sent."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_fields=_FIELDS) as form:
            return await run_in_threadpool(handler, request, form)

    return endpoint


def text_of(form: FormData, name: str) -> str:
    """What stands in a field; empty where it was not sent, or is a file."""
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


def trimmed(form: FormData, name: str) -> str:
    """What stands in a field, without blanks around it."""
    return text_of(form, name).strip()
