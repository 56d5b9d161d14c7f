"""Bad input on the command line: a clear error, exit code 2, and nothing written."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from commands import THEMECODER, in_own_process, themecoder

STUDY = """\
id = "klein"
title = "Een kleine studie"
language = "nl"

[survey]
file = "survey.csv"
id = "respondent"
include = "q1 in a,b"

[[questions]]
id = "q2"
asked = "q1=a"

[[attributes]]
id = "leeftijd"
column = "q3"
bands = [30, 60]
"""
GIVEN = "respondent;q1;q2;q3\n" + "".join(
    f"r{i};{'ab'[i % 2]};{'' if i % 2 else f'antwoord over privacy nummer {i}'};{20 + i}\n"
    for i in range(40)
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "survey.csv").write_text(GIVEN, encoding="utf-8")
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in folder.rglob("*")
        if f.is_file() and ".themecoder" not in f.parts
    }


def refused(study: Path, *said: str, words: tuple[str, ...] = ("mine",)) -> str:
    """The command exits with 2, says each of ``said`` and a remedy, and writes nothing."""
    before = snapshot(study)
    done = themecoder(study, *words)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "→" in done.stderr
    assert [word for word in said if word not in done.stderr] == [], done.stderr
    assert snapshot(study) == before
    return done.stderr


def change(study: Path, old: str, new: str, file: str = "study.toml") -> None:
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new), encoding="utf-8")


def test_the_study_of_these_tests_is_fine(study: Path) -> None:
    done = in_own_process(study, "import", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["questions"] == [
        {"question": "q2", "asked": 20, "answered": 20, "empty": 0, "contentless": 0}
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "q2"', 'id = "q2"\ncolumn = "q22"', ["q22", "q2"]),
        ('id = "respondent"', 'id = "nummer"', ["nummer", "respondent"]),
        ("q1 in a,b", "q9 in a,b", ["q9"]),
        ("q1=a", "q1=a and (q3>=20", ["^"]),
        ("q1=a", "q1==", ["^"]),
        ('file = "survey.csv"', 'file = "weg.csv"', ["weg.csv"]),
        ('file = "survey.csv"', 'file = "survey.csv"\ndelimiter = "|"', ["survey.csv", "|"]),
    ],
)
def test_settings_that_do_not_fit(study: Path, old: str, new: str, said: list[str]) -> None:
    change(study, old, new)
    refused(study, *said)


def test_the_caret_stands_under_the_mistake(study: Path) -> None:
    change(study, "q1=a", "q1=a en q3>=20")
    lines = refused(study).splitlines()
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith("en")


def test_all_mistakes_in_the_settings_are_reported_at_once(study: Path) -> None:
    wrong = STUDY.replace('language = "nl"', 'language = "xx"').replace("q1 in a,b", "q1 in")
    wrong = wrong.replace("[30, 60]", "[60, 30]").replace('title = "Een kleine studie"\n', "")
    wrong += "\n[mining]\nthems = 4\n"
    (study / "study.toml").write_text(wrong, encoding="utf-8")
    said = refused(study, "language", "q1 in", "bands", "title", "thems")
    assert said.count("→") >= 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GIVEN.replace("r3;", ";").encode(), ["survey.csv", "5"]),
        (GIVEN.replace("r3;", "r4;").encode(), ["survey.csv", "r4"]),
        (b"respondent;q1;q2;q3\n", ["survey.csv"]),
        (b"", ["survey.csv"]),
        (GIVEN.replace("r5;b;", "r5;b;x;").encode(), ["survey.csv", "rij 7"]),
        (GIVEN.replace("privacy", "één").encode() + b"r99;a;\xe9\xe9n;30\n", ["rij 42"]),
        (GIVEN.replace("r4;a;", 'r4;a;"').encode(), ["survey.csv", "rij 6"]),
        (GIVEN.replace(";", " ").encode(), ["survey.csv"]),
    ],
)
def test_exports_that_are_broken(study: Path, data: bytes, said: list[str]) -> None:
    (study / "survey.csv").write_bytes(data)
    refused(study, *said)


def test_a_zip_named_csv(study: Path) -> None:
    with zipfile.ZipFile(study / "survey.csv", "w") as archive:
        archive.writestr("echt.csv", GIVEN)
    refused(study, "zip", "echt.csv")


def test_words_on_the_command_line(study: Path) -> None:
    refused(study, "q99", "q2", words=("mine", "--question", "q99"))
    refused(study, "veel", words=("mine", "--themes", "veel"))
    refused(study, words=("mine", "--guided"))
    refused(study, "study.toml", words=("init", str(study / "survey.csv")))


def test_init_with_force_keeps_the_old_file(study: Path) -> None:
    assert in_own_process(study, "init", str(study / "survey.csv"), "--force").returncode == 0
    assert (study / "study.toml.bak").read_text(encoding="utf-8") == STUDY
    assert themecoder(study, "init", str(study / "survey.csv"), "--force").returncode == 0
    assert (study / "study.toml.bak2").is_file()


def test_no_study_here(tmp_path: Path) -> None:
    refused(tmp_path, "study.toml")


def test_errors_are_json_for_machines_and_english_where_wished(study: Path) -> None:
    change(study, 'language = "nl"', 'language = "en"')
    change(study, 'id = "respondent"', 'id = "nummer"')
    done = in_own_process(study, "import", "--json")
    assert done.returncode == 2
    found = json.loads(done.stderr)["problems"]
    assert any("nummer" in problem["message"] for problem in found)
    assert all("kolom" not in problem["message"] for problem in found)


MODELS = ("torch", "bertopic", "spacy", "umap", "sklearn", "deduce", "transformers")
TABLES = ("pandas", "numpy")


@pytest.mark.parametrize(
    ("words", "heavy"),
    [([], MODELS + TABLES), (["doctor"], MODELS + TABLES)]
    + [
        ([command], (*MODELS, "pandas"))
        for command in ("init", "import", "mask", "mine", "counts", "run")
    ],
)
def test_help_loads_nothing_heavy(words: list[str], heavy: tuple[str, ...]) -> None:
    script = (
        "import sys\nfrom themecoder.cli import app\n"
        f"sys.argv = ['themecoder', *{words!r}, '--help']\n"
        "try:\n    app()\nexcept SystemExit as done:\n    assert not done.code\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Gebruik" in done.stdout


def test_doctor_says_what_there_is(study: Path) -> None:
    done = in_own_process(study, "doctor", "--json")
    parts = {finding["what"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert parts["encoder_e5"]["state"] == "ok"
    assert {"pipeline", "server", "browser", "torch"} <= set(parts)
    missing = [part for part in parts.values() if part["state"] == "missing"]
    assert done.returncode == (1 if missing else 0)
    assert all(part["command"] for part in missing)


# what needs the models


@pytest.mark.long(60)
@pytest.mark.slow
@pytest.mark.parametrize("name", ["themes", "reports"])
def test_a_folder_that_can_not_be_written(study: Path, name: str) -> None:
    (study / name).write_text("in the way", encoding="utf-8")
    before = (study / name).read_bytes()
    done = themecoder(study, "mine")
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert (study / name).read_bytes() == before


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_result(study: Path) -> None:
    assert themecoder(study, "mine").returncode == 0
    before = snapshot(study)
    change(study, "privacy nummer 4", "de wachtlijst nummer 4", file="survey.csv")
    before["survey.csv"] = (study / "survey.csv").read_bytes()

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = in_own_process(study, "mine", preexec_fn=small_disk)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(study) == before


@pytest.mark.slow
def test_killed_at_any_moment_the_old_or_the_new_result_is_whole(study: Path) -> None:
    assert themecoder(study, "mine").returncode == 0
    for wait in (0.3, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0):
        change(study, "over privacy nummer", "over de privacy nummer", file="survey.csv")
        process = subprocess.Popen(
            [THEMECODER, "mine", "--study", str(study)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        document = json.loads((study / "themes" / "q2" / "themes.json").read_text("utf-8"))
        assert document["themes"]
        change(study, "over de privacy nummer", "over privacy nummer", file="survey.csv")
    done = themecoder(study, "mine")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_two_runs_at_once_tell_the_second_to_wait(study: Path) -> None:
    from filelock import FileLock

    (study / ".themecoder").mkdir()
    with FileLock(study / ".themecoder" / "lock"):
        refused(study, words=("mine",))
