"""A cache comes back whole or not at all, whatever happens to the file or to who writes it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from themecoder.messages import LANGUAGES, message
from themecoder.storage import sqlite_cache
from themecoder.storage.sqlite_cache import SqliteCache, cache_key

KEY, OTHER = cache_key("a", "1", "tekst"), cache_key("a", "2", "tekst")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diep" / "cache.sqlite"


def notices(told: list[str]) -> list[str]:
    assert all(message(key, language) for key in told for language in LANGUAGES)
    return told


def test_what_was_kept_comes_back(path: Path) -> None:
    cache = SqliteCache(path)
    assert cache.get([KEY]) == {}
    assert not path.exists()
    cache.put({KEY: b"waarde", OTHER: b""})
    assert SqliteCache(path).get([KEY, OTHER, b"niets"]) == {KEY: b"waarde", OTHER: b""}
    cache.put({KEY: b"nieuw"})
    assert SqliteCache(path).get([KEY]) == {KEY: b"nieuw"}


def test_nothing_is_kept_nowhere() -> None:
    told: list[str] = []
    cache = SqliteCache(None, told.append)
    cache.put({KEY: b"waarde"})
    assert (cache.get([KEY]), told) == ({}, [])


def test_a_key_holds_all_its_parts() -> None:
    keys = [("a", "b"), ("ab", ""), ("a", "c"), ("a\0b",), ("a", "b", ""), ("a", "\ud83d")]
    assert len({cache_key(*parts) for parts in keys}) == len(keys)


def test_more_keys_than_one_statement_takes(path: Path) -> None:
    many = {cache_key(str(n)): str(n).encode() for n in range(2100)}
    SqliteCache(path).put(many)
    assert SqliteCache(path).get(many) == many


@pytest.mark.parametrize("content", [b"geen database" * 500, b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_file_is_thrown_away(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    path.with_name(path.name + "-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 90)
    told: list[str] = []
    cache = SqliteCache(path, told.append)
    assert cache.get([KEY]) == {}
    cache.put({KEY: b"waarde"})
    assert cache.get([KEY]) == {KEY: b"waarde"}
    assert notices(told) == ["cache.damaged"]


@pytest.mark.parametrize("place", range(0, 40_000, 1777))
def test_no_damage_anywhere_gives_another_value(path: Path, place: int) -> None:
    many = {cache_key(str(n)): bytes([n % 256]) * 40 for n in range(400)}
    SqliteCache(path).put(many)
    data = bytearray(path.read_bytes())
    at = place % len(data)
    data[at : at + 60] = bytes(255 - byte for byte in data[at : at + 60])
    path.write_bytes(data)
    cache = SqliteCache(path)
    found = cache.get(many)
    assert found.items() <= many.items()
    cache.put(many)
    assert cache.get(many).items() <= many.items()


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_file_of_an_earlier_layout_is_replaced_without_a_word(path: Path, journal: str) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as store:
        store.execute(f"PRAGMA journal_mode={journal}")
        store.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        store.execute("INSERT INTO vectors VALUES (?, ?)", (KEY, b"oud"))
    store.close()
    told: list[str] = []
    cache = SqliteCache(path, told.append)
    assert cache.get([KEY]) == {}
    cache.put({KEY: b"nieuw"})
    assert (cache.get([KEY]), told) == ({KEY: b"nieuw"}, [])


def test_a_file_that_stays_locked_is_done_without(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteCache(path).put({KEY: b"waarde"})
    monkeypatch.setattr(sqlite_cache, "_WAIT", 0.2)
    told: list[str] = []
    cache = SqliteCache(path, told.append)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert cache.get([KEY]) == {}
        cache.put({OTHER: b"x"})
        other.execute("ROLLBACK")
    other.close()
    assert notices(told) == ["cache.not_kept"]
    assert SqliteCache(path).get([KEY, OTHER]) == {KEY: b"waarde"}


def test_a_place_that_can_not_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map", encoding="utf-8")
    (tmp_path / "map").mkdir()
    for path in (tmp_path / "bestand" / "cache.sqlite", tmp_path / "map"):
        told: list[str] = []
        cache = SqliteCache(path, told.append)
        cache.put({KEY: b"waarde"})
        cache.put({OTHER: b"waarde"})
        assert cache.get([KEY]) == {}
        assert notices(told) == ["cache.not_kept"]


def _fill(path: Path, worker: int) -> None:
    told: list[str] = []
    cache = SqliteCache(path, told.append)
    for n in range(25):
        cache.put({cache_key(str(worker), str(n)): str(n).encode()})
        cache.get([cache_key("0", str(n))])
    assert not [key for key in told if key != "cache.damaged"]


@pytest.mark.parametrize("content", [b"", b"geen database" * 500])
def test_processes_at_the_same_time_keep_all_they_found(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fill, args=(path, worker)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    keys = [cache_key(str(worker), str(n)) for worker in range(4) for n in range(25)]
    assert len(SqliteCache(path).get(keys)) == len(keys)


WRITER = """
import sys
from pathlib import Path
from themecoder.storage.sqlite_cache import SqliteCache, cache_key
cache = SqliteCache(Path(sys.argv[1]))
for batch in range(10_000):
    cache.put({cache_key(str(batch), str(n)): b"%d " % n * 2000 for n in range(40)})
    print(batch, flush=True)
"""


def test_a_killed_writer_leaves_whole_batches(path: Path) -> None:
    for pause in (0.0, 0.003, 0.007, 0.011):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, os.fspath(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split()
        finished = int(rest[-1]) if rest else 0
        told: list[str] = []
        cache = SqliteCache(path, told.append)
        for batch in range(finished + 3):
            keys = {cache_key(str(batch), str(n)): b"%d " % n * 2000 for n in range(40)}
            found = cache.get(keys)
            assert found in (keys, {})
            assert found or batch > finished
        assert told == []
