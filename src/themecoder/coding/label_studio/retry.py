"""Steps at a server done to their end, whatever happens to the requests on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.transport import RefusedError, UnclearError
from themecoder.errors import Problem, ServiceError

_TRIES = 8
"""Attempts in a row that bring nothing nearer, before it is given up."""
_PAUSE = 0.2


def retry_after_reread(
    client: Client, step: Callable[[], Any], progress: Callable[[], int] = int
) -> Any:
    """``step`` done to its end: an unclear request begins it anew, which reads the server again."""
    tries, far, cause = 0, progress(), ""
    while tries < _TRIES:
        try:
            return step()
        except UnclearError as error:
            cause = error.cause
            tries = 0 if progress() > far else tries + 1
            far = progress()
            time.sleep(_PAUSE * 2 ** min(tries, 5))
        except RefusedError as error:
            key = "server.no_permission" if error.status == 403 else "server.refused"
            raise ServiceError(Problem(key, {"detail": error.detail})) from None
    raise ServiceError(Problem("server.unclear", {"url": client.url, "reason": cause}))
