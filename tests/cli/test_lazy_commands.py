"""Commands are loaded by name: the help knows them without loading any, and they load no more than
they need."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from themecoder.cli.help import name_of
from themecoder.cli.main import COMMANDS, app, load
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


def parts(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from parts(f"{path} {name}", below)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_option_and_argument_has_its_help_in_both_languages(name: str) -> None:
    dutch, english = (dict(parts(name, load(name, language))) for language in ("nl", "en"))
    for path, command in english.items():
        documented = inspect.getdoc(inspect.unwrap(command.callback)) if command.callback else None
        assert documented in (None, command.help)
        assert command.help
        assert dutch[path].help not in (None, command.help)
        told = {parameter.name: parameter.help for parameter in dutch[path].params}
        for parameter in command.params:
            assert parameter.help, f"{path}: {parameter.name} has no line in options.toml"
            assert told[parameter.name] not in (None, parameter.help)


def test_options_toml_has_no_line_for_what_no_command_has() -> None:
    asked = {
        (path, name_of(parameter))
        for name in COMMANDS
        for path, command in parts(name, load(name, "en"))
        for parameter in command.params
    }
    file = resources.files("themecoder.messages") / "en" / "options.toml"
    lines = tomllib.loads(file.read_text(encoding="utf-8"))
    for place, names in lines.items():
        below = {name for path, name in asked if f"{path} ".startswith(f"{place} ")}
        if place in ("shared", "themecoder"):
            root = {"help", "version", "allow-outside", "install-completion", "show-completion"}
            below = {name for _, name in asked} | root
        assert set(names) <= below, place


WRONG = {
    "plna": ("'plna'", "Bedoelt u plan?"),
    "codebook ad": ("'ad'", "Bedoelt u add?"),
    "plan --nxt 3": ("--nxt", "Bedoelt u --next?"),
    "plan --next": ("achter de optie --next hoort een waarde",),
    "plan --next veel": ("--next krijgt 'veel'", "een geheel getal"),
    "plan --json=1": ("achter de optie --json hoort geen waarde",),
    "serve --port 80": ("--port krijgt '80'", "van 1024 tot en met 65000"),
    "quotes --choose a": ("horen 2 waarden",),
    "codebook rename": ("het argument CODE ontbreekt",),
    "codebook add code": ("de optie --label ontbreekt",),
    "codebook adopt q18 eerste": ("THEMA krijgt 'eerste'",),
    "push q7 q18": ("meer dan deze opdracht vraagt: q7 q18",),
}


@pytest.mark.parametrize("words", WRONG)
def test_what_is_typed_wrongly_is_said_in_the_language_of_the_study(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words.split(), env={"THEMECODER_LANGUAGE": "nl"})
    assert done.exit_code == 2
    assert done.stderr.startswith("Gebruik: ")
    assert [text for text in WRONG[words] if text not in done.stderr] == []
    english = CliRunner().invoke(app, words.split(), env={"THEMECODER_LANGUAGE": "en"})
    assert english.exit_code == 2
    assert english.stderr.startswith("Usage: ")
    assert "Fout" not in english.stderr


def test_help_is_in_the_language_of_the_study_that_is_named(tmp_path: Path) -> None:
    for language, head in (("en", "Options:"), ("nl", "Opties:")):
        (tmp_path / "study.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
        for named in (["--study", str(tmp_path)], [f"--study={tmp_path}"]):
            shown = CliRunner().invoke(app, ["counts", *named, "--help"]).stdout
            assert head in shown
            assert (lookup("options.counts.by", language) or "")[:20] in shown


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
