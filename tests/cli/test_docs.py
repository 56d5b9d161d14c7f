"""The commands in the documentation, run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands import called
from shipped import ROOT, copy_caches, copy_shipped
from themecoder.cli.main import COMMANDS

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LONGEST = {
    "run": 150,
    "tutorial": 45,
    "codebook": 40,
    "ppi": 60,
    "quotes": 40,
    "report": 40,
    "README": 60,
    "whatif": 60,
}
"""About how many seconds the commands of a document take, where that is long."""
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")


def blocks(document: Path, pattern: re.Pattern[str]) -> list[str]:
    return pattern.findall(document.read_text(encoding="utf-8"))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone holds, without the caches of this one."""
    folder = copy_shipped(tmp_path / "themecoder", quoted=True)
    for name in ("docs", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "Makefile", folder)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "clone")):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = [t for t in LINK.findall(document.read_text(encoding="utf-8")) if ":" not in t]
    assert [t for t in targets if not (document.parent / t).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(encoding="utf-8"), re.M):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`themecoder {name}" not in text] == []


def commands(document: Path) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in blocks(document, SHELL)
        for line in block.splitlines()
        if line.startswith("themecoder ")
    ]


def in_a_shell(line: str, folder: Path) -> None:
    """The line as it stands, in a process of its own."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"


def in_this_process(line: str, folder: Path) -> None:
    """The line in this process, which does what a shell does with the end of some: ``|| true``
    lets a check fail, ``> FILE`` keeps what is printed."""
    line, fails, after = line.partition(" || ")
    assert after in ("", "true"), after
    line, printed, file = line.partition(" > ")
    program, *words = shlex.split(line)
    assert program == "themecoder"
    done = called(*words)
    assert done.returncode in ((0, 1) if fails else (0,)), f"{line}\n{done.stderr}"
    if printed:
        (folder / file).write_text(done.stdout, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            document,
            marks=[
                pytest.mark.xdist_group(f"docs/{document.stem}"),
                pytest.mark.long(LONGEST.get(document.stem, 15)),
            ],
        )
        for document in filter(commands, DOCUMENTS)
    ],
    ids=lambda document: document.name,
)
def test_the_commands_run(
    clone: Path, mined_once: Path, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each document starts from what is committed. The first command of each, and all those of
    the README, which start without caches, are run by a shell."""
    monkeypatch.chdir(clone)
    readme = document.name == "README.md"
    if not readme:
        copy_caches(mined_once, clone)
    for number, line in enumerate(commands(document)):
        if readme or number == 0:
            in_a_shell(line, clone)
        else:
            in_this_process(line, clone)
    if readme:
        assert (clone / "mystudy" / "reports" / "themes.html").is_file()


def test_every_document_of_a_command_has_commands() -> None:
    assert len([document for document in DOCUMENTS if commands(document)]) >= 10


@pytest.mark.slow
@pytest.mark.long(40)
@pytest.mark.xdist_group("docs/python")
def test_the_python_of_the_readme_runs(clone: Path, mined_once: Path) -> None:
    copy_caches(mined_once, clone)
    code = "\n".join(block for block in blocks(ROOT / "README.md", PYTHON))
    assert "Study.open" in code
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
