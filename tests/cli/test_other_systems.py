"""What Windows and macOS do not have is not asked for: the names are taken away and all runs."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import themecoder
from commands import called
from killed import killed_everywhere
from taken_away import without_posix
from themecoder.cli.demo import _PARTS, copy_shipped_study
from themecoder.coding.label_studio import install, processes
from themecoder.coding.label_studio.local_server import INSTALL, LocalServer

ROOT = Path(__file__).parents[2]
STUDY = """id = "klein"
title = "Klein"
[survey]
file = "data/survey.csv"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
[coding]
coders = ["anna", "bea"]
[report]
smallest_cell = 0
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    rows = [f"{n};de antwoorden zijn goed en snel nummer {n}" for n in range(30)]
    (tmp_path / "data" / "survey.csv").write_text("\n".join(["id;q1", *rows]), encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_every_module_is_imported_without_what_only_posix_has() -> None:
    names = [
        module.name
        for module in pkgutil.walk_packages(themecoder.__path__, "themecoder.")
        # the gate is imported by Label Studio, in Label Studio's environment
        if not module.name.endswith("__main__") and ".themecoder_gate." not in module.name
    ]
    assert len(names) > 200
    done = without_posix(script=f"import importlib\nfor n in {names!r}: importlib.import_module(n)")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.long(60)
@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("mask", "--csv", "m.csv"),
        ("plan",),
        ("run",),
        ("doctor",),
        ("serve", "--stop"),
    ],
    ids=lambda words: words[0],
)
def test_commands_run_without_what_only_posix_has(words: tuple[str, ...], study: Path) -> None:
    words = tuple(str(study / word) if word.endswith(".csv") else word for word in words)
    done = without_posix(*words, "--study", str(study))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_processes_are_ended_by_what_a_system_has() -> None:
    done = without_posix(
        script="import subprocess, sys, time\n"
        "from themecoder.coding.label_studio import processes\n"
        "words = [sys.executable, '-c', 'import time; time.sleep(60)  # label-studio']\n"
        "child = subprocess.Popen(words, **processes.of_its_own())\n"
        "while 'sleep' not in processes.command_of(child.pid): time.sleep(0.05)\n"
        "processes.kill(child.pid)\n"
        "print(child.wait(20) != 0, repr(processes.command_of(child.pid)))\n"
    )
    assert done.stdout.strip() == "True ''", done.stderr


def test_a_number_of_a_process_that_is_no_server_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text('{"pid": 1, "url": "http://127.0.0.1:1"}')
    assert LocalServer(tmp_path).stop() is False
    assert processes.command_of(2**22 + 1) == ""


def test_label_studio_is_asked_for_as_the_lock_names_it() -> None:
    asked = install._asked()
    wanted = (ROOT / "requirements" / "server.in").read_text(encoding="utf-8").splitlines()[-1]
    assert wanted == install._NAMES
    if "--require-hashes" in asked:
        assert Path(asked[-1]).is_file()
    else:
        assert asked == [wanted]


def test_the_command_that_is_named_where_label_studio_is_missing_is_there() -> None:
    program, *words = INSTALL.split()
    assert program == "themecoder"
    assert called(*words, "--help").returncode == 0
    assert called(*words, "--no-such-option", "--help").returncode == 2


def test_a_wheel_has_the_shipped_study_and_nothing_that_was_put_beside_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {name: f"themecoder/demo_study/{name}" for name in included} == included
    assert not {"data", "annotations", "codebooks", "reports"} & set(included)
    listed = ["git", "-C", str(ROOT), "ls-files", "--", *_PARTS]
    tracked = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    missed = [
        file for file in tracked if not any(Path(file).is_relative_to(name) for name in included)
    ]
    assert len(tracked) > 20 and missed == []


def test_a_demo_leaves_another_s_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "brief.txt").write_text("x", encoding="utf-8")
    done = called("demo", str(tmp_path))
    assert done.returncode == 2
    assert [file.name for file in tmp_path.iterdir()] == ["brief.txt"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_demo_that_was_killed_while_copying_is_begun_anew(tmp_path: Path) -> None:
    def copy() -> None:
        copy_shipped_study(tmp_path / "demo", "nl")

    copy_shipped_study(tmp_path / "whole", "nl")
    whole = _bytes(tmp_path / "whole")
    for _ in killed_everywhere(lambda: shutil.rmtree(tmp_path / "demo", ignore_errors=True), copy):
        copy()
        assert _bytes(tmp_path / "demo") == whole
        assert sorted(file.name for file in tmp_path.iterdir()) == ["demo", "whole"]


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_a_demo_keeps_from_git_what_a_study_keeps_from_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert copy_shipped_study(folder, "nl")
    assert not copy_shipped_study(folder, "nl"), "it is gone on with"
    for part in _PARTS:
        assert (folder / part).exists(), part
    (folder / "server").mkdir()
    (folder / "server" / "accounts.json").write_text("{}", encoding="utf-8")
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "-q"], check=True)
    listed = [*git, "ls-files", "--others", "--exclude-standard"]
    found = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    assert "study.toml" in found
    assert {name.split("/")[0] for name in found} & {"server", "data"} == set()


def test_the_sources_name_no_programs_folder_but_in_one_place() -> None:
    """``bin/pip`` is ``Scripts\\pip.exe`` on Windows."""
    sources = (Path(themecoder.__file__).parent).rglob("*.py")
    named = [f.name for f in sources if re.search(r"/bin/|bin/pip|\"bin\"", f.read_text("utf-8"))]
    assert named == ["install.py"]
    assert install.programs(Path("x")).name == ("Scripts" if sys.platform == "win32" else "bin")
