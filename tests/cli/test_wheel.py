"""What a user gets without a clone: the wheel, and the light core that the lock names beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from shipped import ROOT
from small_study import made_small
from themecoder.cli.demo import _PARTS

pytestmark = [pytest.mark.slow, pytest.mark.long(60)]
NOT_IN_THE_CORE = ("torch", "bertopic", "transformers", "label_studio_sdk", "starlette", "keyring")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean environment with the wheel and the locked core."""
    folder = tmp_path_factory.mktemp("wheel")
    # by what the lock brought: nothing is fetched to build it
    _done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("themecoder-*.whl")
    uv = shutil.which("uv", path=sysconfig.get_path("scripts")) or "uv"
    _done(uv, "venv", "--quiet", "--python", sys.executable, folder / "env")
    programs = folder / "env" / Path(sysconfig.get_path("scripts")).name
    install = (uv, "pip", "install", "--quiet", "--python", programs / "python", "--no-deps")
    _done(*install, "--require-hashes", "-r", ROOT / "requirements" / "lock-core.txt")
    _done(*install, wheel)
    return programs


def _done(*words: str | Path, cwd: Path | None = None) -> str:
    """What a program of the clean environment prints, with nothing of this one on its path. What it
    compiles is kept: nothing was compiled there yet, and each test is another process."""
    left_out = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_light_core_holds_none_of_what_is_heavy(environment: Path) -> None:
    script = (
        f"from importlib.util import find_spec\nprint([find_spec(n) for n in {NOT_IN_THE_CORE}])"
    )
    assert _done(environment / "python", "-c", script).strip() == str([None] * 6)


def test_every_command_but_those_that_name_an_extra_loads(environment: Path) -> None:
    script = (
        "from themecoder.cli.main import COMMANDS, EXTRAS, load\n"
        "[load(name, 'nl') for name in COMMANDS if name not in EXTRAS]\n"
        "print(sorted(EXTRAS))"
    )
    assert _done(environment / "python", "-c", script).strip() == "['serve', 'workbench']"


def test_the_wheel_brings_the_shipped_study_as_it_is(environment: Path, tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\nfrom themecoder.cli.demo import copy_shipped_study\n"
        f"copy_shipped_study(Path({str(tmp_path / 'demo')!r}), 'nl')"
    )
    _done(environment / "python", "-c", script)
    listed = ["git", "-C", str(ROOT), "ls-files", "--", *_PARTS]
    tracked = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    for file in tracked:
        assert (tmp_path / "demo" / file).read_bytes() == (ROOT / file).read_bytes(), file


def test_the_doctor_gets_a_package_that_is_missing(environment: Path) -> None:
    uv = shutil.which("uv", path=sysconfig.get_path("scripts")) or "uv"
    _done(uv, "pip", "uninstall", "--quiet", "--python", environment / "python", "deduce")
    missing = subprocess.run([environment / "themecoder", "doctor"], check=False)
    assert missing.returncode == 1
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    mended = subprocess.run(
        [environment / "themecoder", "doctor", "--fix"],
        env={**os.environ, "PATH": path, "UV_NO_DEPS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert mended.returncode == 0, mended.stderr
    assert "deduce" in mended.stderr


def test_the_demo_ends_with_the_report(environment: Path, tmp_path: Path) -> None:
    """Of one question, sixty answers and two attributes, which takes every step of the whole."""
    settings = made_small(tmp_path / "demo") / "study.toml"
    blocks = re.split(r"(?m)^(?=\[\[)", settings.read_text(encoding="utf-8"))
    of_quotes = ('id = "gender"', 'id = "leeftijd"')
    kept = [
        block
        for block in blocks
        if not block.startswith("[[attributes]]") or any(name in block for name in of_quotes)
    ]
    settings.write_text("".join(kept), encoding="utf-8")
    said = _done(environment / "themecoder", "demo", tmp_path / "demo", cwd=tmp_path)
    files = [tmp_path / "demo" / "reports" / f"report.{kind}" for kind in ("html", "docx")]
    assert all(file.stat().st_size > 10_000 for file in files)
    assert "report.html" in said
