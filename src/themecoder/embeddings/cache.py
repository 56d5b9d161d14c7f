"""Vectors kept on disk: what was computed once is not computed again.

A vector's key holds everything that it depends on: encoder, revision, text. Each batch is kept as
soon as it is computed, so that a run that is cut short goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from themecoder.embeddings.space import Encoder, Vectors
from themecoder.storage.sqlite_cache import SqliteCache, cache_key

_BATCH = 256


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path | None = None,
    advance: Callable[[int, int], None] | None = None,
    notice: Callable[[str], None] | None = None,
) -> Vectors:
    """(n, dimensions) vectors aligned to ``texts``; a text given twice is computed once.

    ``cache`` is the file to keep them in. ``advance(done, total)`` counts new texts. ``notice`` is
    told the message key of what keeps the cache from being used.
    """
    keys = [cache_key(encoder.name, encoder.revision, text) for text in texts]
    pending = dict(zip(keys, texts, strict=True))
    store = SqliteCache(cache, notice)
    vector_by_key: dict[bytes, Vectors] = {
        key: np.frombuffer(data, dtype="<f4") for key, data in store.get(pending).items()
    }
    # long texts first and alike together: batches are even, and the order does not depend on
    # which texts were computed before
    missing = sorted(
        (key for key in pending if key not in vector_by_key),
        key=lambda key: (-len(pending[key]), pending[key]),
    )
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = np.ascontiguousarray(encoder.encode([pending[key] for key in batch]), dtype="<f4")
        vector_by_key.update(zip(batch, vectors, strict=True))
        store.put({key: vector_by_key[key].tobytes() for key in batch})
        if advance is not None:
            advance(start + len(batch), len(missing))
    if not keys:
        return np.zeros((0, encoder.dimensions), dtype=np.float32)
    return np.stack([vector_by_key[key] for key in keys])
