"""Git is only asked what is in its store: no command that a study's own settings name is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from git_studies import code, commit, git, made, survey
from themecoder.cli import app
from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, message, render
from themecoder.storage.git import Commit, commit_of, revision
from themecoder.study import Study

COMMANDS = {
    "core.fsmonitor": "",
    "core.pager": "",
    "pager.log": "",
    "pager.rev-list": "",
    "pager.cat-file": "",
    "core.sshCommand": "",
    "core.gitProxy": "",
    "core.askPass": "",
    "core.editor": "",
    "core.alternateRefsCommand": "",
    "credential.helper": "!",
    "credential.https://nergens.invalid.helper": "!",
    "diff.external": "",
    "diff.kwaad.command": "",
    "diff.kwaad.textconv": "",
    "filter.kwaad.clean": "",
    "filter.kwaad.smudge": "",
    "filter.kwaad.process": "",
    "merge.kwaad.driver": "",
    "gpg.program": "",
    "gpg.ssh.program": "",
    "sequence.editor": "",
    "interactive.diffFilter": "",
    "remote.origin.uploadpack": "",
    "trailer.kwaad.command": "",
    **{
        f"alias.{word}": "!"
        for word in ("status", "log", "diff", "rev-parse", "ls-tree", "cat-file", "rev-list")
    },
}
HOOKS = (
    "post-index-change",
    "post-checkout",
    "reference-transaction",
    "fsmonitor-watchman",
    "query-watchman",
    "pre-auto-gc",
)


class Marks:
    """A place where every command that is run leaves its name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        script = folder.parent / "merk.sh"
        script.write_text(
            f'#!/bin/sh\n: > {shlex.quote(str(folder))}/"$1"\nexit 1\n', encoding="utf-8"
        )
        script.chmod(0o755)
        self._script = script

    def command(self, name: str, before: str = "") -> str:
        return f"{before}{shlex.quote(str(self._script))} {name}"

    @property
    def left(self) -> set[str]:
        return {file.name for file in self._folder.iterdir()}

    def clear(self) -> None:
        for file in self._folder.iterdir():
            file.unlink()


def hostile(study: Path, marks: Marks) -> None:
    """Name a command wherever git's settings can name one: there, in a file that they include, in
    hooks and through attributes."""
    included = study.parent / "erbij.cfg"
    for file in (study / ".git" / "config", included):
        for key, before in COMMANDS.items():
            name = f"{file.name}.{key.replace('/', '_')}"
            git(study, "config", "--file", str(file), key, marks.command(name, before))
    for key, value in (
        ("include.path", str(included)),
        ("log.showSignature", "true"),
        ("log.follow", "true"),
        ("diff.noprefix", "true"),
        ("protocol.allow", "always"),
        ("protocol.ext.allow", "always"),
        ("status.submoduleSummary", "true"),
        ("core.hooksPath", str(study / "haken")),
        ("filter.kwaad.required", "true"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", marks.command("ext", "ext::")),
    ):
        git(study, "config", key, value)
    attributes = "* filter=kwaad diff=kwaad merge=kwaad\n"
    (study / ".git" / "info").mkdir(exist_ok=True)
    (study / ".git" / "info" / "attributes").write_text(attributes, encoding="utf-8")
    (study / ".gitattributes").write_text(attributes, encoding="utf-8")
    for folder in (study / "haken", study / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            hook = folder / name
            hook.write_text(f"#!/bin/sh\n{marks.command(name)}\n", encoding="utf-8")
            hook.chmod(0o755)
    # stat data that no longer fit: git would look into the file, through its filter
    for file in (study / "study.toml", study / "data" / "survey.csv"):
        os.utime(file, (1, 1))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study in a repository, with one commit."""
    git(tmp_path, "init", "-q", "studie")
    folder = made(tmp_path / "studie")
    commit(folder)
    return folder


@pytest.fixture
def marks(tmp_path: Path, study: Path) -> Marks:
    found = Marks(tmp_path / "merken")
    hostile(study, found)
    # the marks work: git's own status runs the monitor and the filter
    subprocess.run(["git", "status"], cwd=study, capture_output=True, check=False)
    assert {"config.core.fsmonitor", "erbij.cfg.core.fsmonitor"} & found.left
    assert any("filter.kwaad" in name for name in found.left)
    found.clear()
    return found


def files(study: Path) -> list[Path]:
    return [
        study / "study.toml",
        study / "data" / "survey.csv",
        study / "annotations" / "q1" / "anna.jsonl",
    ]


def test_nothing_that_the_settings_of_a_study_name_is_run(study: Path, marks: Marks) -> None:
    head = git(study, "rev-parse", "HEAD").strip()
    marks.clear()
    assert commit_of(study, files(study)) == Commit(head, clean=True)
    survey(study, "1,a,ja hoor")
    assert commit_of(study, files(study)) == Commit(head, clean=False)
    found = revision(study, "HEAD")
    found.write(["study.toml", "data/survey.csv"], study.parent / "toen")
    assert (study.parent / "toen" / "data" / "survey.csv").read_bytes().count(b"\n") == 4
    assert marks.left == set()


def test_an_object_that_is_not_here_is_fetched_from_nowhere(study: Path, marks: Marks) -> None:
    oid = git(study, "rev-parse", "HEAD:data/survey.csv").strip()
    marks.clear()
    (study / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(InputError) as caught:
        revision(study, "HEAD").write(["data/survey.csv"], study.parent / "toen")
    assert [problem.key for problem in caught.value.problems] == ["diff.not_here"]
    assert marks.left == set()


@pytest.mark.slow
def test_no_command_of_ours_runs_one(study: Path, marks: Marks) -> None:
    code(study, "anna", {1: "een", 2: "twee"})
    for words in (["diff"], ["diff", "HEAD"], ["counts"], ["check"], ["report"], ["run"]):
        done = CliRunner().invoke(app, [*words, "--study", str(study)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        if words[0] in ("diff", "counts", "report"):
            assert done.exit_code == 0, done.output
        assert marks.left == set(), words
    assert "Vastgelegd in git" in (study / "reports" / "report.html").read_text(encoding="utf-8")


def test_what_is_in_git_as_it_is_here(tmp_path: Path, study: Path) -> None:
    head = git(study, "rev-parse", "HEAD").strip()
    clean, changed = Commit(head, clean=True), Commit(head, clean=False)
    file = study / "data" / "survey.csv"
    text = file.read_bytes()
    assert commit_of(study, files(study)) == clean
    file.write_bytes(text.replace(b"\n", b"\r\n"))  # as git puts it on Windows
    assert commit_of(study, files(study)) == clean
    file.write_bytes(text + b"4,a,\n")
    assert commit_of(study, files(study)) == changed
    file.write_bytes(text)
    new = study / "data" / "nieuw [1].csv"
    new.write_bytes(text)
    assert commit_of(study, [*files(study), new]) == changed
    (study / ".gitignore").write_text("nieuw*\n", encoding="utf-8")
    assert commit_of(study, [*files(study), new]) == clean
    assert commit_of(study, [new]) is None
    assert commit_of(made(tmp_path / "los"), files(tmp_path / "los")) is None
    # a commit of something else is not theirs
    (study / "verslag.txt").write_text("x", encoding="utf-8")
    commit(study)
    assert commit_of(study, files(study)) == clean


def test_a_study_that_a_hook_of_git_asks_after_is_the_study_itself(
    tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "ander")
    for name, value in (("GIT_DIR", ".git"), ("GIT_WORK_TREE", "."), ("GIT_INDEX_FILE", "weg")):
        monkeypatch.setenv(name, str(tmp_path / "ander" / value))
    found = commit_of(study, files(study))
    assert found is not None and found.clean


def test_a_folder_of_another_user_is_told_with_what_to_do(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own way to test this
    monkeypatch.setattr("themecoder.storage.git._KEPT_VARIABLES", re.compile("GIT_TEST_.*"))
    told: list[str] = []
    assert commit_of(study, files(study), told.append) is None
    assert told == ["report.commit.other_owner"]
    assert all("safe.directory" in message(told[0], language) for language in LANGUAGES)
    with pytest.raises(InputError) as caught:
        Study.open(study).diff()
    (problem,) = caught.value.problems
    assert problem.key == "diff.other_owner"
    for language in LANGUAGES:
        assert f"safe.directory '{study}'" in render(problem, language)
