"""What was worked out once, kept in one SQLite file: a key and the bytes that belong to it.

A cache is never a reason to fail, nor to give another result. A key holds all that its value
depends on, versions included (``cache_key``). Each ``put`` is one transaction, so a crash or a kill
keeps what was finished and nothing half; several processes wait for each other. Every value has a
check sum: one that the disk changed is as if it were not there. A file that is damaged, or of
another layout, is thrown away and made anew. Where the folder can't be written, the disk is full or
the file stays locked, a notice says so once and the work goes on without.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock

from themecoder.storage.access import make_folder, make_private
from themecoder.storage.atomic import sha256

_LAYOUT = "CREATE TABLE entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
_MOST_VARIABLES = 500  # SQLite's oldest limit on the variables of a statement is 999
_SUM = 8  # bytes of a check sum
_WAIT = 60.0  # seconds


class SqliteCache:
    """Key -> bytes in the file ``path``; nothing is kept where ``path`` is None.

    ``notice`` is told the message key of what keeps the cache from being used. The file is opened
    for each call: nothing is to be closed, and no process holds on to it.
    """

    def __init__(self, path: Path | None, notice: Callable[[str], None] | None = None) -> None:
        self._path = path
        self._notice = notice

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that are in the cache."""
        asked = list(keys)
        values: dict[bytes, bytes] = {}

        def read(store: sqlite3.Connection) -> None:
            for start in range(0, len(asked), _MOST_VARIABLES):
                part = asked[start : start + _MOST_VARIABLES]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM entries WHERE key IN ({marks})"
                for key, stored in store.execute(query, part):
                    if isinstance(stored, bytes) and stored[:_SUM] == _checksum(key, stored[_SUM:]):
                        values[key] = stored[_SUM:]

        if asked:
            self._use(read, make=False)
        return values

    def put(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep these values, all of them or none."""

        def write(store: sqlite3.Connection) -> None:
            rows = [(key, _checksum(key, value) + value) for key, value in entries.items()]
            store.execute("BEGIN IMMEDIATE")
            try:
                store.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", sorted(rows))
                store.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    store.execute("ROLLBACK")
                raise

        if entries:
            self._use(write, make=True)

    def _use(self, act: Callable[[sqlite3.Connection], None], make: bool) -> None:
        """Do ``act`` with the open file; ``make`` it where it is not there."""
        path = self._path
        if path is None or not (make or path.exists()):
            return
        with contextlib.suppress(sqlite3.DatabaseError, OSError):  # full, locked, read-only
            make_folder(path.parent)
            # nobody has the file open while it is thrown away: a lock of SQLite's goes with it
            with FileLock(f"{path}.lock", timeout=_WAIT, mode=0o600):
                try:
                    with _open_store(path) as store:
                        act(store)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError as error:
                    if not isinstance(error, _OtherLayoutError):
                        self._notify("cache.damaged")
                    # what stands beside it goes first: it would be taken for the new file's
                    for ending in ("-journal", "-wal", "-shm", ""):
                        path.with_name(path.name + ending).unlink(missing_ok=True)
                    with _open_store(path) as store:
                        act(store)
            return
        self._path = None
        self._notify("cache.not_kept")

    def _notify(self, key: str) -> None:
        if self._notice is not None:
            self._notice(key)


def cache_key(*parts: str) -> bytes:
    """A key for all that a value depends on: the text, and name and version of what made it."""
    return bytes.fromhex(sha256(*(part.encode("utf-8", "surrogatepass") for part in parts)))


class _OtherLayoutError(sqlite3.DatabaseError):
    """A database of an earlier version of themecoder, or of something else."""


@contextlib.contextmanager
def _open_store(path: Path) -> Iterator[sqlite3.Connection]:
    make_private(path)  # what SQLite puts beside it gets the same mode
    # a journal, not a log beside the file: that works on network drives too
    with contextlib.closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as store:
        store.execute("PRAGMA synchronous=NORMAL")
        if not _is_ours(store):
            store.execute(_LAYOUT)
        yield store


def _is_ours(store: sqlite3.Connection) -> bool:
    """Whether the table is there, and False for an empty file. Raises where there is another."""
    tables = [row[0] for row in store.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
    if tables not in ([], [_LAYOUT]):
        raise _OtherLayoutError
    return bool(tables)


def _checksum(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_SUM, key=key[:64]).digest()
