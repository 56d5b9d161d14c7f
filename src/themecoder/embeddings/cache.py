"""Vectors kept on disk: what was computed once is not computed again.

One SQLite file. A vector's key holds everything that it depends on: encoder, revision, text. Each
batch is one transaction, so a crash or a kill keeps what was finished and nothing half; concurrent
runs wait for each other's batch. A damaged file is set aside and computed anew; where the folder
can't be written or the disk is full, the vectors are computed and not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from themecoder.embeddings.space import Encoder, Vectors

_BATCH = 256
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
)


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
    prefix = f"{encoder.name}\0{encoder.revision}\0"
    keys = [_key(prefix + text) for text in texts]
    pending = dict(zip(keys, texts, strict=True))
    found: dict[bytes, Vectors] = {}
    store = _open(cache, notice) if cache is not None else None
    try:
        if store is not None:
            found = _read(store, list(pending))
        # long texts first and alike together: batches are even, and the order does not depend on
        # which texts were computed before
        missing = sorted(
            (key for key in pending if key not in found),
            key=lambda key: (-len(pending[key]), pending[key]),
        )
        for at in range(0, len(missing), _BATCH):
            batch = missing[at : at + _BATCH]
            vectors = encoder.encode([pending[key] for key in batch])
            found.update(zip(batch, vectors, strict=True))
            if store is not None and not _write(store, batch, vectors):
                if notice is not None:
                    notice("vectors.not_kept")
                store.close()
                store = None
            if advance is not None:
                advance(at + len(batch), len(missing))
    finally:
        if store is not None:
            store.close()
    if not keys:
        return np.zeros((0, encoder.dimensions), dtype=np.float32)
    return np.stack([found[key] for key in keys])


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _open(cache: Path, notice: Callable[[str], None] | None) -> sqlite3.Connection | None:
    for attempt in (1, 2):
        try:
            cache.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(cache, timeout=60, isolation_level=None)
            try:
                store.execute("PRAGMA journal_mode=WAL")
                store.execute("PRAGMA synchronous=NORMAL")
                store.execute(_SCHEMA)
                store.execute("SELECT vector FROM vectors LIMIT 1").fetchone()
                return store
            except BaseException:
                store.close()
                raise
        except sqlite3.DatabaseError as error:
            damaged = not isinstance(error, sqlite3.OperationalError)
            if damaged and attempt == 1 and _set_aside(cache):
                if notice is not None:
                    notice("vectors.damaged")
                continue
            break
        except OSError:
            break
    if notice is not None:
        notice("vectors.not_kept")
    return None


def _set_aside(cache: Path) -> bool:
    try:
        cache.replace(cache.with_suffix(".damaged"))
        for extra in ("-wal", "-shm"):
            cache.with_name(cache.name + extra).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _read(store: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, Vectors]:
    found: dict[bytes, Vectors] = {}
    with contextlib.suppress(sqlite3.DatabaseError):
        for part in _parts(keys, 500):
            marks = ",".join("?" * len(part))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"
            for key, data in store.execute(query, part):
                found[key] = np.frombuffer(data, dtype="<f4")
    return found


def _write(store: sqlite3.Connection, keys: Sequence[bytes], vectors: Vectors) -> bool:
    rows = [
        (key, np.ascontiguousarray(vector, dtype="<f4").tobytes())
        for key, vector in zip(keys, vectors, strict=True)
    ]
    try:
        store.execute("BEGIN IMMEDIATE")
        store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        store.execute("COMMIT")
    except sqlite3.DatabaseError:
        with contextlib.suppress(sqlite3.DatabaseError):
            store.execute("ROLLBACK")
        return False
    return True


def _parts(items: list[bytes], size: int) -> Iterator[list[bytes]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
