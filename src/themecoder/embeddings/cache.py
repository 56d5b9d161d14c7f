"""Vectors kept on disk: what was computed once is not computed again.

A vector's key holds everything that it depends on: encoder, revision, text. Each batch is kept as
soon as it is computed, so that a run that is cut short goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from themecoder.cluster.tasks import InProcess, Workers
from themecoder.embeddings.encode_batch import EncodeBatch
from themecoder.embeddings.space import Encoder, Vectors
from themecoder.embeddings.vector_table import vector_table
from themecoder.storage.sqlite_cache import SqliteCache, cache_key

_BATCH = 256
_READ = 8192
"""Vectors read at a time."""
T = TypeVar("T")


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path | None = None,
    advance: Callable[[int, int], None] | None = None,
    notice: Callable[[str], None] | None = None,
    workers: Workers | None = None,
) -> Vectors:
    """(n, dimensions) vectors aligned to ``texts``; a text given twice is computed once.

    ``cache`` is the file to keep them in; a table that is large is held on disk beside it.
    ``advance(done, total)`` counts new texts. ``notice`` is told the message key of what keeps the
    cache from being used. ``workers`` compute them, this process by default.
    """
    keys = [cache_key(encoder.name, encoder.revision, text) for text in texts]
    first: dict[bytes, int] = {}
    for place, key in enumerate(keys):
        first.setdefault(key, place)
    store = SqliteCache(cache, notice)
    # the table is filled as vectors come in: with each of them apart it would be held twice
    table = _Table(len(keys), None if cache is None else cache.parent)
    missing: list[bytes] = []
    for some in _parts(list(first), _READ):
        found = store.get(some)
        for key, data in found.items():
            table.fill([first[key]], np.frombuffer(data, dtype="<f4")[None])
        missing += [key for key in some if key not in found]
    # long texts first and alike together: batches are even, and the order does not depend on
    # which texts were computed before
    missing.sort(key=lambda key: (-len(texts[first[key]]), texts[first[key]]))
    parts = list(_parts(missing, _BATCH))
    batches = [[texts[first[key]] for key in part] for part in parts]
    done = 0
    for place, vectors in (workers or InProcess()).map(EncodeBatch(encoder), batches):
        batch = parts[place]
        table.fill([first[key] for key in batch], vectors)
        store.put({key: row.tobytes() for key, row in zip(batch, vectors, strict=True)})
        done += len(batch)
        if advance is not None:
            advance(done, len(missing))
    if table.rows is None:
        return np.zeros((0, encoder.dimensions), dtype=np.float32)
    again = [place for place, key in enumerate(keys) if first[key] != place]
    for some_again in _parts(again, _READ):
        table.rows[some_again] = table.rows[[first[keys[place]] for place in some_again]]
    return table.rows


class _Table:
    """(n, d) vectors; made when the first of them says how wide it is, for an encoder may have to
    be loaded to know that."""

    def __init__(self, n: int, folder: Path | None) -> None:
        self._n, self._folder = n, folder
        self.rows: Vectors | None = None

    def fill(self, places: Sequence[int], vectors: Vectors) -> None:
        if self.rows is None:
            self.rows = vector_table(self._n, vectors.shape[1], self._folder)
        self.rows[places] = vectors


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
