"""Files are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.storage import atomic as files

SLOW_WRITER = """
import sys, time
from pathlib import Path
from themecoder.storage import atomic as files
with files.atomic(Path(sys.argv[1])) as handle:
    handle.write("new, half")
    handle.flush()
    print("writing", flush=True)
    time.sleep(60)
"""

CUT_SHORT = """
import os, sys
from pathlib import Path
from themecoder.storage import atomic as files
folder, renames_done = Path(sys.argv[1]), int(sys.argv[2])
replace, count = Path.replace, 0
def counted(self, target):
    global count
    if str(target).endswith((".txt", ".csv")) and not str(target).startswith("."):
        if count == renames_done:
            os.kill(os.getpid(), 9)
        count += 1
    return replace(self, target)
Path.replace = counted
files.write_together(folder, {"a.txt": "new a", "b.csv": "new b"})
"""


def test_a_killed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_WRITER, str(target)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert target.read_text(encoding="utf-8") == "old"


def test_an_error_while_writing_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), files.atomic(target) as handle:
        handle.write("new")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["result.csv"]


def test_a_full_disk_is_a_clear_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old", encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignore = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(InputError) as caught:
            files.write_text(target, "x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignore)
    assert caught.value.problems[0].key == "files.not_writable"
    assert target.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["result.csv"]


def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("not a folder", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        files.write_text(tmp_path / "reports" / "themes.html", "x")
    assert caught.value.problems[0].file == tmp_path / "reports" / "themes.html"


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    files.write_text(target, "same")
    os.utime(target, (1, 1))
    files.write_text(target, "same")
    assert target.stat().st_mtime == 1


@pytest.mark.parametrize(("renames_done", "expected"), [(0, "new"), (1, "new")])
def test_files_written_together_are_all_new_once_the_journal_is_there(
    tmp_path: Path, renames_done: int, expected: str
) -> None:
    (tmp_path / "a.txt").write_text("old a", encoding="utf-8")
    (tmp_path / "b.csv").write_text("old b", encoding="utf-8")
    script = [sys.executable, "-c", CUT_SHORT, str(tmp_path), str(renames_done)]
    assert subprocess.run(script, check=False).returncode == -signal.SIGKILL
    files.finish_pending_write(tmp_path)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == f"{expected} a"
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == f"{expected} b"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "b.csv"]


def test_files_written_together_are_all_old_where_one_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old a", encoding="utf-8")
    (tmp_path / "b.csv").mkdir()  # a folder in the way
    (tmp_path / ".b.csv.new").mkdir()
    with pytest.raises(InputError):
        files.write_together(tmp_path, {"a.txt": "new a", "b.csv": "new b"})
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old a"
    assert not (tmp_path / ".pending.json").exists()


def test_writing_together_is_quick_when_nothing_changed(tmp_path: Path) -> None:
    files.write_together(tmp_path, {"a.txt": "a", "b.csv": b"b"})
    os.utime(tmp_path / "a.txt", (1, 1))
    files.write_together(tmp_path, {"a.txt": "a", "b.csv": b"b"})
    assert (tmp_path / "a.txt").stat().st_mtime == 1


@given(st.lists(st.lists(st.text().filter(lambda t: "\x00" not in t), min_size=2, max_size=2)))
def test_a_csv_reads_back_as_it_was_written(rows: list[list[str]]) -> None:
    import csv
    import io

    text = files.csv_text(("a", "b"), rows)
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


def test_hashes_tell_apart_what_runs_together() -> None:
    assert files.sha256("ab", "c") != files.sha256("a", "bc")


def test_a_concurrent_reader_sees_old_or_new_never_half(tmp_path: Path) -> None:
    target = tmp_path / "result.txt"
    target.write_text("o" * 50_000, encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; from themecoder.storage import atomic as files\n"
        "for _ in range(30):\n"
        "    for letter in 'no':\n"
        "        files.write_text(Path(sys.argv[1]), letter * 50_000)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(target)])
    seen = set()
    while process.poll() is None:
        text = target.read_text(encoding="utf-8")
        assert len(text) == 50_000
        seen |= set(text)
        time.sleep(0.001)
    assert process.returncode == 0
    assert seen <= {"n", "o"}
