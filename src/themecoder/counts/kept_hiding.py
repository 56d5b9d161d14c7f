"""Which counts are not shown, kept in the study's folder by what was counted.

A report, its quotes and its check count the same tables, each in a command of its own, and the
search for what must be hidden takes longest of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy

from themecoder.counts.disclosure import protect
from themecoder.counts.disclosure.hiding import Keep, Protection, in_this_process
from themecoder.storage.atomic import sha256
from themecoder.storage.sqlite_cache import SqliteCache, cache_key
from themecoder.workspace.folder import StudyFolder


def kept_hiding(study: StudyFolder) -> Keep:
    """What keeps a study's protections."""
    cache = SqliteCache(study.paths.hiding_cache, study.notice)

    def keep(digest: str, n: int, work_out: Callable[[], Protection]) -> Protection:
        key = cache_key("hiding", _rules(), scipy.__version__, digest)
        stored = cache.get([key]).get(key)
        if stored is not None:
            return in_this_process(digest, n, lambda: _parsed(stored, n))
        found = in_this_process(digest, n, work_out)
        cache.put({key: _text(found)})
        return found

    return keep


@lru_cache(maxsize=1)
def _rules() -> str:
    """Part of each key, as the solver's version is: with others the same counts could be protected
    by others of several that are as good."""
    return sha256(Path(protect.__file__).read_bytes())


def _text(found: Protection) -> bytes:
    flags, exposed = found
    places = {"hidden": np.flatnonzero(flags).tolist(), "exposed": exposed.tolist()}
    return json.dumps(places).encode()


def _parsed(stored: bytes, n: int) -> Protection:
    places = json.loads(stored)
    flags = np.zeros(n, dtype=bool)
    flags[places["hidden"]] = True
    return flags, np.array(places["exposed"], dtype=np.int64)
