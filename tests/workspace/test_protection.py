"""A study says what may give its answers away, and a synthetic one does not cry wolf."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from commands import done, themecoder
from shipped import ROOT
from themecoder.workspace.protection import protection_warnings

EXPORT = "nr;q1\n" + "".join(
    f"r{n};Dit is een antwoord van iemand, nummer {n}\n" for n in range(30)
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "studie"
    folder.mkdir(mode=0o755)
    (folder / "mijn export.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "mijn export.csv").chmod(0o644)
    done(folder, "init", str(folder / "mijn export.csv"))
    return folder


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def keys(folder: Path) -> list[str]:
    return [problem.key.removeprefix("protection.") for problem in protection_warnings(folder)]


def test_init_keeps_answers_from_git_and_others(study: Path) -> None:
    lines = (study / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"data/", ".themecoder/", "server/", "backups/", "reports/internal/"} < set(lines)
    assert (study / "mijn export.csv").stat().st_mode & 0o777 == 0o600
    assert keys(study) == []
    git(study, "init", "-q")
    git(study, "add", "-A")
    assert git(study, "ls-files").splitlines() == [".gitignore", "study.toml"]
    assert keys(study) == []


def test_a_second_init_leaves_the_file_as_it_is(study: Path) -> None:
    file = study / ".gitignore"
    before = file.read_bytes()
    done(study, "init", str(study / "mijn export.csv"), "--force")
    assert file.read_bytes() == before


def test_what_git_has_is_told_by_doctor_and_status(study: Path) -> None:
    git(study, "init", "-q")
    for name in ("data/a.csv", ".themecoder/b", "server/c", "backups/d", "reports/internal/e"):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text("", encoding="utf-8")
    git(study, "add", "-f", "data", "server", "mijn export.csv")
    (problem,) = protection_warnings(study)
    assert problem.key == "protection.in_git"
    assert problem.params["folders"] == "data mijn export.csv server"
    for command in ("doctor", "status"):
        found = themecoder(study, command)
        assert "git rm -r --cached data" in found.stderr
        told = json.loads(themecoder(study, command, "--json").stdout)["warnings"]
        assert [one["key"] for one in told] == ["protection.in_git"]


def test_a_folder_that_others_read(study: Path) -> None:
    study.chmod(0o755)
    assert keys(study) == ["readable"]
    study.chmod(0o750)
    assert keys(study) == []


def test_the_doctor_closes_it_when_asked_and_else_leaves_it(study: Path) -> None:
    study.chmod(0o775)
    themecoder(study, "doctor")
    assert study.stat().st_mode & 0o777 == 0o775
    found = themecoder(study, "doctor", "--fix")
    assert str(study) in found.stderr
    assert study.stat().st_mode & 0o777 == 0o770
    assert json.loads(themecoder(study, "doctor", "--fix", "--json").stdout)["warnings"] == []


@pytest.mark.parametrize(
    "place",
    [
        "Dropbox",
        "Dropbox (Universiteit)",
        "OneDrive - Trimbos",
        "iCloud Drive",
        "Mobile Documents/com~apple~CloudDocs",
        "Google Drive",
        "GoogleDrive-iemand@voorbeeld.nl",
        "Mijn Drive",
        "Nextcloud",
        "nextcloud2",
    ],
)
def test_a_folder_that_is_copied_elsewhere_by_its_name(study: Path, place: str) -> None:
    folder = study.parent / place / "werk" / "studie"
    folder.parent.mkdir(parents=True)
    study.rename(folder)
    assert keys(folder) == ["synced"]


@pytest.mark.parametrize("mark", [".dropbox", ".sync_0a1b.db", ".tmp.driveupload"])
def test_a_folder_that_is_copied_elsewhere_by_a_mark(study: Path, mark: str) -> None:
    (study.parent / mark).write_text("", encoding="utf-8")
    assert keys(study) == ["synced"]


def test_a_synthetic_study_is_told_of_secrets_only(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(f'synthetic = "verzonnen"\n{text}', encoding="utf-8")
    study.chmod(0o755)
    git(study, "init", "-q")
    git(study, "add", "-f", "mijn export.csv")
    assert keys(study) == []
    (study / "server").mkdir()
    (study / "server" / "accounts.json").write_text("{}", encoding="utf-8")
    git(study, "add", "-f", "server")
    assert keys(study) == ["in_git"]


def test_the_shipped_study_has_no_warning() -> None:
    assert protection_warnings(ROOT) == []


def test_without_a_study_there_is_nothing_to_protect(tmp_path: Path) -> None:
    assert protection_warnings(tmp_path) == []
    (tmp_path / "study.toml").write_text("geen toml [", encoding="utf-8")
    tmp_path.chmod(0o755)
    assert keys(tmp_path) == ["readable"]
