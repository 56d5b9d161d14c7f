"""Copies of the server's database: whole, few, and of each day."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.label_studio.database_copies import (
    DAYS,
    NEWEST,
    UPGRADES,
    copy_database,
    superseded,
)
from themecoder.errors import InputError

NAMES = st.builds(
    "2026-{:02d}-{:02d}T{:02d}-00-00Z-{}.sqlite3".format,
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.sampled_from(["start", "stop", "upgrade"]),
)


def insert(database: Path, value: int) -> None:
    with sqlite3.connect(database) as store:
        store.execute("CREATE TABLE IF NOT EXISTS made (what)")
        store.execute("INSERT INTO made VALUES (?)", (value,))
    store.close()


def test_a_copy_is_made_of_what_changed_and_can_be_opened(tmp_path: Path) -> None:
    database, folder = tmp_path / "server.sqlite3", tmp_path / "backups" / "server"
    assert copy_database(database, folder, "start") is None, "nothing to copy yet"
    insert(database, 1)
    first = copy_database(database, folder, "start")
    assert first is not None
    with sqlite3.connect(first) as store:
        assert store.execute("SELECT what FROM made").fetchall() == [(1,)]
    store.close()
    assert copy_database(database, folder, "stop") is None, "the same is there already"
    insert(database, 2)
    last = copy_database(database, folder, "stop")
    upgrade = copy_database(database, folder, "upgrade")
    assert {first, last, upgrade} == set(folder.iterdir()), "and nothing half beside them"
    assert (folder.stat().st_mode & 0o777, first.stat().st_mode & 0o077) == (0o700, 0)


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    database = tmp_path / "server.sqlite3"
    database.write_text("no database at all, but long enough to be taken for one" * 30)
    with pytest.raises(InputError):
        copy_database(database, tmp_path / "copies", "start")
    assert not list((tmp_path / "copies").iterdir())


@given(st.sets(NAMES, max_size=60))
def test_the_newest_the_last_of_a_day_and_the_last_before_an_upgrade_are_kept(
    names: set[str],
) -> None:
    gone = set(superseded(names))
    kept = sorted(names - gone, reverse=True)
    newest = sorted(names, reverse=True)
    assert kept[:NEWEST] == newest[:NEWEST]
    days = sorted({name[:10] for name in names}, reverse=True)
    for day in days[:DAYS]:
        assert max(name for name in names if name.startswith(day)) in kept
    upgrades = [name for name in newest if "upgrade" in name]
    assert set(upgrades[:UPGRADES]) <= set(kept)
    assert len(kept) <= NEWEST + DAYS + UPGRADES
    assert not superseded(kept), "a second time nothing goes"
