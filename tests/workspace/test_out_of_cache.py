"""What earlier versions kept in the cache is moved out of it, whatever happens on the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands import snapshot, themecoder
from garden_study import CONFIG
from killed import killed_everywhere
from themecoder.coding.label_studio.connect import embedded
from themecoder.coding.label_studio.local_server import LocalServer
from themecoder.errors import InputError
from themecoder.workspace.folder import StudyFolder

OLD = {
    "label_studio/data/label_studio.sqlite3": "",
    "label_studio/data/.env": "SECRET_KEY=x",
    "label_studio/accounts.json": "{}",
    "label_studio/server.log": "started",
    "backups/2026-01-01-annotations/plan.csv": "plan",
    "backups/2026-01-02.json": "{}",
}
CACHE = {"label_studio/push-q1.json": "{}", "masks.sqlite": "cache"}
NEW = {
    path.replace("label_studio/", "server/", 1): text.encode() for path, text in sorted(OLD.items())
}


def make(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    (root / "study.toml").write_text(CONFIG, encoding="utf-8")
    (root / "enquete.csv").write_text("nr;q1\n1;rozen\n", encoding="utf-8")
    for path, text in (OLD | CACHE).items():
        file = root / ".themecoder" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def use(root: Path) -> None:
    """What the first command does that writes, or asks for the server."""
    study = StudyFolder.open(root)
    with study.locked():
        embedded(study)


def moved(root: Path) -> dict[str, bytes]:
    found = snapshot(root)
    assert not [path for path in OLD if f".themecoder/{path}" in found]
    assert all(f".themecoder/{path}" in found for path in CACHE)
    return {path: data for path, data in found.items() if path.startswith(("server/", "backups/"))}


def test_killed_anywhere_nothing_is_lost_and_the_next_use_moves_the_rest(tmp_path: Path) -> None:
    root = tmp_path / "studie"
    for _ in killed_everywhere(lambda: make(root), lambda: use(root)):
        there = snapshot(root)
        for old, new in zip(sorted(OLD), NEW, strict=True):
            assert (f".themecoder/{old}" in there) != (new in there), "in one place, and once"
        use(root)
        assert moved(root) == NEW
    assert moved(root) == NEW
    before = snapshot(root)
    use(root)
    assert {path: data for path, data in snapshot(root).items() if "lock" not in path} == {
        path: data for path, data in before.items() if "lock" not in path
    }
    for name in ("server", "backups"):
        assert (root / name).stat().st_mode & 0o777 == 0o700


def test_what_is_in_both_places_is_left_there_and_told(tmp_path: Path) -> None:
    root = tmp_path / "studie"
    make(root)
    (root / "server" / "data").mkdir(parents=True)
    before = snapshot(root)
    with pytest.raises(InputError) as caught:
        embedded(StudyFolder.open(root))
    assert [problem.key for problem in caught.value.problems] == ["server.two_places"]
    assert snapshot(root) == before


def test_a_server_that_runs_in_the_cache_is_to_be_stopped_first(tmp_path: Path) -> None:
    root = tmp_path / "studie"
    make(root)
    command = [sys.executable, "-c", "import time; time.sleep(60)", "label-studio"]
    with subprocess.Popen(command) as server:
        state = {"pid": server.pid, "url": "http://127.0.0.1:9"}
        (root / ".themecoder" / "label_studio" / "server.json").write_text(json.dumps(state))
        while not LocalServer(root / ".themecoder" / "label_studio").alive():
            assert server.poll() is None  # its command line is empty for a moment
        with pytest.raises(InputError) as caught:
            embedded(StudyFolder.open(root))
        assert [problem.key for problem in caught.value.problems] == ["server.runs_in_cache"]
        assert not (root / "server").exists()
        stopped = themecoder(root, "serve", "--stop")
        assert stopped.returncode == 0, stopped.stderr
        server.wait(60)
    use(root)
    found = moved(root)
    assert {path: found[path] for path in NEW} == NEW
    assert [file.name for file in (root / ".themecoder" / "label_studio").iterdir()] == [
        "push-q1.json"
    ]


def test_make_clean_leaves_coding_where_earlier_versions_kept_it(tmp_path: Path) -> None:
    root = tmp_path / "studie"
    make(root)
    shutil.copy(Path(__file__).parents[2] / "Makefile", root)
    subprocess.run(["make", "-C", str(root), "clean"], check=True, capture_output=True)
    use(root)
    assert {path for path in snapshot(root) if path.startswith(("server", "backups"))} == set(NEW)
    subprocess.run(["make", "-C", str(root), "clean"], check=True, capture_output=True)
    assert {path for path in snapshot(root) if path.startswith(("server", "backups"))} == set(NEW)
