"""The commands in the documentation, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")


def blocks(document: Path, pattern: re.Pattern[str]) -> list[str]:
    return pattern.findall(document.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds, without the caches of this one."""
    clone = tmp_path_factory.mktemp("clone") / "themecoder"
    clone.mkdir()
    copied = ("study.toml", "data", "codebooks", "annotations", "docs", "benchmarks", "Makefile")
    for name in copied:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, clone / name)
        else:
            shutil.copy(source, clone)
    (clone / "reports").mkdir()
    for name in ("quoted_figures.csv", "claims.csv"):
        shutil.copy(ROOT / "reports" / name, clone / "reports")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "clone")):
        subprocess.run([*git, *words], cwd=clone, check=True)
    return clone


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
    from themecoder.cli import app

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [one.name for one in (*app.registered_commands, *app.registered_groups)]
    assert names
    assert [name for name in names if f"`themecoder {name}" not in text] == []


def commands(document: Path) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in blocks(document, SHELL)
        for line in block.splitlines()
        if line.startswith("themecoder ")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("document", list(filter(commands, DOCUMENTS)), ids=lambda d: d.name)
def test_the_commands_run(folder: Path, document: Path) -> None:
    """Each document starts from what is committed, with caches and the study of the README."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for words in (
        ("checkout", "-q", "."),
        ("clean", "-fdqx", "-e", ".themecoder", "-e", "mystudy"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    for line in commands(document):
        done = subprocess.run(
            line,
            shell=True,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    if document.name == "README.md":
        assert (folder / "mystudy" / "reports" / "themes.html").is_file()


def test_every_document_of_a_command_has_commands() -> None:
    assert len([document for document in DOCUMENTS if commands(document)]) >= 10


@pytest.mark.slow
def test_the_python_of_the_readme_runs(folder: Path) -> None:
    code = "\n".join(block for block in blocks(ROOT / "README.md", PYTHON))
    assert "Study.open" in code
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
