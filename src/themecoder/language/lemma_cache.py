"""Lemmas kept between runs: one SQLite file that survives a crash and concurrent runs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from themecoder.language import tokens
from themecoder.language.tokens import Token
from themecoder.storage.atomic import sha256

_CHUNK = 500  # SQLite's oldest limit on the variables of a statement is 999
_WAIT_S = 30.0


class LemmaStore:
    """Tokens per pipeline, version and text. A file that is no store is thrown away: a cache."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str, version: str, texts: Iterable[str]) -> dict[str, tuple[Token, ...]]:
        """The tokens of those texts that are in the store."""
        if not self._path.is_file():
            return {}
        keys = {sha256(name, version, text): text for text in texts}
        found: dict[str, tuple[Token, ...]] = {}
        with contextlib.suppress(sqlite3.DatabaseError, ValueError), self._open() as db:
            for part in _parts(list(keys)):
                marks = ",".join("?" * len(part))
                query = f"SELECT key, tokens FROM lemmas WHERE key IN ({marks})"
                found.update((keys[key], tokens.parse(row)) for key, row in db.execute(query, part))
        return found

    def put(self, name: str, version: str, found: Mapping[str, Sequence[Token]]) -> None:
        """Keep tokens. A folder that can't be written only costs the next run its time."""
        rows = [(sha256(name, version, text), tokens.dump(each)) for text, each in found.items()]
        try:
            self._write(rows)
        except sqlite3.OperationalError:
            return
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            with contextlib.suppress(sqlite3.OperationalError):
                self._write(rows)

    def _write(self, rows: list[tuple[str, str]]) -> None:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS lemmas (key TEXT PRIMARY KEY, tokens TEXT NOT NULL)"
                " WITHOUT ROWID"
            )
            db.executemany("INSERT OR REPLACE INTO lemmas VALUES (?, ?)", rows)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            yield db


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
