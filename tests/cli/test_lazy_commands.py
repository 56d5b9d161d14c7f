"""Commands are loaded by name: the help knows them without loading any, and they load no more than
they need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from themecoder.cli.main import COMMANDS, app, summary_of
from themecoder.messages import lookup

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from themecoder.cli import app
sys.argv = ["themecoder", *{words!r}]
try:
    app()
except SystemExit as done:
    assert not done.code, done.code
print(sorted(set({heavy!r}) & set(sys.modules)))
"""


def loaded(words: list[str], heavy: list[str]) -> str:
    """Which of ``heavy`` a real process has in memory after a command."""
    script = SCRIPT.format(words=words, heavy=heavy)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.summary == (command.load(name).help or "").split("\n")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_is_in_both_languages(name: str) -> None:
    assert summary_of(name, "en") == COMMANDS[name].summary
    assert lookup(f"help.command.{name}", "nl") not in (None, COMMANDS[name].summary)


@pytest.mark.parametrize(
    ("language", "heads"),
    [("nl", ["Codeboek", "Coderen", "Uitkomsten"]), ("en", ["Codebook", "Coding", "Results"])],
)
def test_alone_it_lists_the_commands_in_the_order_of_work(
    language: str, heads: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "study.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [])
    assert done.exit_code == 0
    places = [done.stdout.index(f"{head}:\n") for head in heads]
    assert places == sorted(places)
    names = re.findall(r"^  (\w+) ", done.stdout.partition("--help")[2], re.MULTILINE)
    assert sorted(names) == sorted(COMMANDS)
    order = [names.index(name) for name in ("init", "mine", "codebook", "push", "pull", "counts")]
    assert order == sorted(order)


def test_a_shell_completes_commands() -> None:
    asked = {"_THEMECODER_COMPLETE": "complete_bash", "COMP_WORDS": "themecoder pu"}
    script = "import sys; sys.argv = ['themecoder']; from themecoder.cli import main; main()"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **asked, "COMP_CWORD": "1"},
    )
    assert done.stdout.split() == ["push", "pull"]


def test_the_help_loads_no_library_but_the_command_line_s_own() -> None:
    heavy = [
        "numpy",
        "pandas",
        "scipy",
        "torch",
        "spacy",
        "sklearn",
        "pydantic",
        "themecoder.study",
    ]
    assert loaded(["--help"], heavy) == "[]"


def test_counting_loads_no_model_and_no_library_of_models(tmp_path: Path) -> None:
    for part in ("annotations", "codebooks", "data"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "study.toml", tmp_path)
    heavy = ["torch", "spacy", "sklearn", "transformers", "bertopic", "deduce", "label_studio_sdk"]
    assert loaded(["counts", "--study", str(tmp_path)], heavy) == "[]"
    assert (tmp_path / "reports" / "counts.csv").is_file()


def test_python_runs_it_where_the_program_is_not_on_the_path() -> None:
    command = [sys.executable, "-m", "themecoder", "--help"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "themecoder" in done.stdout
    assert "__main__" not in done.stdout
