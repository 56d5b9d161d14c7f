"""Who may read what is written: modes from the first byte, never widened; and .gitignore."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from themecoder.storage.access import close_to_others, make_folder, make_private, share_with_group
from themecoder.storage.atomic import write_text, write_together
from themecoder.storage.git_ignore import ignore_in_git, pattern_of
from themecoder.storage.sqlite_cache import SqliteCache, cache_key


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "team"
    share_with_group(folder, True)
    yield folder
    share_with_group(folder, False)


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_files_and_folders_are_their_owners_whatever_the_umask(
    tmp_path: Path, open_umask: None
) -> None:
    study = tmp_path / "studie"
    write_text(study / "annotations" / "q1" / "an.jsonl", "{}\n")
    write_together(study / "annotations", {"een": "1", "twee": b"2"})
    SqliteCache(study / ".themecoder" / "masks.sqlite").put({cache_key("a"): b"b"})
    make_private(study / ".themecoder" / "log")
    made = sorted(study.rglob("*"))
    assert [one.name for one in made if one.is_file()] == [
        ".gitignore",
        "log",
        "masks.sqlite",
        "masks.sqlite.lock",
        "een",
        "an.jsonl",
        "twee",
    ]
    for one in (study, *made):
        assert mode(one) == ("0o700" if one.is_dir() else "0o600"), one
    assert (study / ".themecoder" / ".gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize(
    ("before", "after"), [(0o644, "0o600"), (0o600, "0o600"), (0o400, "0o400")]
)
def test_rewriting_never_widens(tmp_path: Path, before: int, after: str) -> None:
    one, other = tmp_path / "een", tmp_path / "twee"
    for file in (one, other):
        file.write_text("oud", encoding="utf-8")
        file.chmod(before)
    write_text(one, "nieuw")
    write_together(tmp_path, {"twee": "nieuw"})
    assert (mode(one), mode(other)) == (after, after)
    assert one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8") == "nieuw"


def test_a_group_reads_what_is_not_secret(shared: Path, open_umask: None) -> None:
    write_text(shared / "reports" / "counts.csv", "a\n")
    write_text(shared / ".themecoder" / "accounts.json", "{}")
    write_text(shared / "server" / "accounts.json", "{}")
    write_text(shared.parent / "elders" / "a", "a")
    assert (mode(shared / "reports"), mode(shared / "reports" / "counts.csv")) == ("0o750", "0o640")
    for folder in (shared / ".themecoder", shared / "server", shared.parent / "elders"):
        assert mode(folder) == "0o700"
        assert {mode(file) for file in folder.iterdir()} == {"0o600"}


def test_what_others_left_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "kopie"
    make_folder(folder / "diep")
    (folder / "diep" / "a").write_text("a", encoding="utf-8")
    (folder / "diep" / "weg").symlink_to(tmp_path)
    for path in (folder, folder / "diep", folder / "diep" / "a"):
        path.chmod(0o777)
    tmp_path.chmod(0o755)
    close_to_others(folder)
    assert [mode(one) for one in (folder, folder / "diep", folder / "diep" / "a")] == ["0o700"] * 3
    assert mode(tmp_path) == "0o755", "a link is not followed"


def test_an_old_cache_is_closed_when_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "masks.sqlite"
    SqliteCache(file).put({cache_key("a"): b"b"})
    file.chmod(0o644)
    assert SqliteCache(file).get([cache_key("a")]) == {cache_key("a"): b"b"}
    assert mode(file) == "0o600"
    with sqlite3.connect(file) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_lines_are_added_once_below_a_persons_own(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(b"*.tmp\r\n/data\r\n!data/README.md")
    assert ignore_in_git(tmp_path, ["data/", "server/"], "waarom")
    wanted = b"*.tmp\r\n/data\r\n!data/README.md\r\n\r\n# waarom\r\nserver/\r\n"
    assert file.read_bytes() == wanted
    assert not ignore_in_git(tmp_path, ["data/", "server/"], "waarom")
    assert file.read_bytes() == wanted


def test_a_pattern_is_of_that_file_only(tmp_path: Path) -> None:
    names = [
        "a b[1].csv",
        "#1.csv",
        "!x?.csv",
        "ster*.csv",
        "gewoon.csv",
        " begin.csv",
        "eind.csv ",
    ]
    (tmp_path / "sub").mkdir()
    for name in (*names, "xx.csv", "sterren.csv", "a b1.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
        (tmp_path / "sub" / name).write_text("", encoding="utf-8")
    ignore_in_git(tmp_path, [pattern_of(name) for name in names], "waarom")
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True)
    found = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    top = {one for one in found if one and "/" not in one}
    assert top == {".gitignore", "xx.csv", "sterren.csv", "a b1.csv"}
