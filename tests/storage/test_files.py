"""Files are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import json
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
from themecoder.storage import leftovers

SLOW_WRITER = """
import sys, time
from pathlib import Path
from themecoder.storage import atomic as files
from themecoder.storage import leftovers
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
from themecoder.storage import leftovers
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


def test_files_are_written_together_into_a_relative_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a study in the folder where a command is given: it has no name there."""
    monkeypatch.chdir(tmp_path)
    files.write_together(Path("uit"), {"a.csv": "1", "q1/anna.jsonl": "2"})
    assert (tmp_path / "uit" / "q1" / "anna.jsonl").read_text("utf-8") == "2"
    assert sorted(file.name for file in (tmp_path / "uit").iterdir()) == ["a.csv", "q1"]


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
    with pytest.raises(InputError):
        files.write_together(
            tmp_path, {"a.txt": "new a", "b" * 250: "a name too long for a file beside it"}
        )
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old a"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_the_next_write_removes_what_a_killed_one_left_and_nothing_that_is_under_way(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", SLOW_WRITER]
    with (
        subprocess.Popen([*command, str(tmp_path / "a.csv")], stdout=subprocess.PIPE) as killed,
        subprocess.Popen([*command, str(tmp_path / "b.csv")], stdout=subprocess.PIPE) as at_work,
    ):
        for one in (killed, at_work):
            assert one.stdout is not None and one.stdout.readline() == b"writing\n"
        killed.kill()
        killed.wait()
        (tmp_path / ".c.csv.new").write_text("as earlier versions left it", encoding="utf-8")
        (tmp_path / ".hidden.part").write_text("of another program", encoding="utf-8")
        assert len(list(tmp_path.iterdir())) == 4
        files.write_text(tmp_path / "d.csv", "d")
        names = sorted(file.name.partition(".csv")[0] for file in tmp_path.iterdir())
        assert names == [".b", ".hidden.part", "d"]
        at_work.kill()
    files.write_text(tmp_path / "d.csv", "d")  # nothing changes, and yet it is tidied
    assert sorted(file.name for file in tmp_path.iterdir()) == [".hidden.part", "d.csv"]


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


def test_files_of_several_folders_are_one_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {"q1/anna.jsonl": "a\n", "q2/anna.jsonl": "b\n", "plan.csv": "c\n"}
    monkeypatch.chdir(tmp_path)
    files.write_together(Path("annotations"), contents)
    here = tmp_path / "annotations"
    assert {name: (here / name).read_text("utf-8") for name in contents} == contents
    assert [file for file in here.rglob(".*") if file.is_file()] == []


def test_what_waits_in_a_folder_below_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "q1").mkdir()
    waiting = tmp_path / "q1" / ".anna.jsonl.abcdefgh.part"
    waiting.write_text("nieuw", "utf-8")
    journal = tmp_path / leftovers.JOURNAL
    journal.write_text(json.dumps({"q1/anna.jsonl": f"q1/{waiting.name}"}), "utf-8")
    leftovers.remove_leftovers(tmp_path / "q1")
    assert waiting.is_file()
    files.finish_pending_write(tmp_path)
    assert (tmp_path / "q1" / "anna.jsonl").read_text("utf-8") == "nieuw"
    assert not journal.exists()
