"""From candidate themes to codes, with where each code came from kept."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from commands import done, snapshot, themecoder
from shipped import copy_shipped
from themecoder.study import Study

pytestmark = [pytest.mark.slow, pytest.mark.long(30)]


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    study = tmp_path_factory.mktemp("thema") / "studie"
    copy_shipped(study, ("data", "codebooks"), warm=mined_once)
    done(study, "mine", "--question", "q19", "--unguided")
    return study


@pytest.fixture
def study(mined: Path, tmp_path: Path) -> Path:
    shutil.copytree(mined, tmp_path / "studie")
    return tmp_path / "studie"


def themes(study: Path) -> list[dict[str, Any]]:
    found = json.loads((study / "themes" / "q19" / "themes.json").read_text(encoding="utf-8"))
    return list(found["themes"])


def origins(study: Path) -> list[dict[str, str]]:
    file = study / "codebooks" / "mind-genai" / "origins.csv"
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def draft(study: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done(study, "codebook", "show", "draft", "--json"))
    return found


def test_a_theme_into_a_code_that_is_there_keeps_what_the_theme_was(study: Path) -> None:
    theme = themes(study)[0]
    before = draft(study)
    words = ("codebook", "adopt", "q19", str(theme["id"]), "--as", "privacy")
    done(study, *words)
    (row,) = origins(study)
    assert row["code"] == "privacy"
    assert row["decision"] == "adopted"
    assert (row["label"], int(row["size"])) == (theme["label"], theme["size"])
    assert float(row["stability"]) == pytest.approx(theme["stability"], abs=1e-4)
    assert draft(study)["codes"] == before["codes"], "no code changes by it"
    assert theme["label"] in done(study, "codebook", "log", "privacy")
    kept = snapshot(study / "codebooks")
    done(study, *words)
    assert snapshot(study / "codebooks") == kept, "a second time changes nothing"
    done(study, "mine", "--question", "q19", "--unguided", "--themes", "few")
    assert origins(study) == [row], "it is what the theme was then"


def test_a_new_code_is_filled_in_from_the_theme_without_identifying_details(study: Path) -> None:
    theme = themes(study)[1]
    done(
        study,
        "codebook",
        "adopt",
        "q19",
        str(theme["id"]),
        "--new",
        "--label",
        "Iets nieuws",
        "--group",
        "rest",
    )
    code = next(one for one in draft(study)["codes"] if one["label"] == "Iets nieuws")
    assert (code["id"], code["group"], code["questions"]) == ("iets_nieuws", "rest", ["q19"])
    assert code["definition"] == code["include"] == code["exclude"] == ""
    words = [word["keyword"] for word in theme["keywords"][:8]]
    number = theme["id"]
    assert code["memo"] == f"Kernwoorden van kandidaat-thema {number} van q19: {', '.join(words)}"
    masked = Study.open(study).masked_texts()
    shown = [" ".join(text.masked.split()) for text in masked.values()]
    done(study, "codebook", "show", "draft", "--html")
    page = (study / "reports" / "codebook.html").read_text(encoding="utf-8")
    assert "Iets nieuws" in page
    assert "Kernwoorden van kandidaat-thema" not in page, "coders go by people's words only"
    assert code["examples"]
    for example in code["examples"]:
        assert any(example["text"] in text for text in shown)
    changes = draft(study)["changes"]
    assert [(one["type"], one["code"]) for one in changes] == [("add", "iets_nieuws")]
    # its definition is for a person to write, and the check says so
    found = themecoder(study, "codebook", "check", "draft")
    assert found.returncode == 1
    assert "iets_nieuws" in found.stderr
    done(study, "codebook", "redefine", "iets_nieuws", "--definition", "Nieuw.", "--why", "w")
    assert "1.1.0" in done(study, "codebook", "release")


def test_a_new_code_gets_no_words_of_a_machine_for_a_label(study: Path) -> None:
    theme, kept = themes(study)[0], snapshot(study / "codebooks")
    for words in ((), ("--label", "  ")):
        found = themecoder(study, "codebook", "adopt", "q19", str(theme["id"]), "--new", *words)
        assert found.returncode == 2
        assert "--label" in found.stderr and theme["label"] in found.stderr
        assert snapshot(study / "codebooks") == kept


def test_discarded_is_kept_and_not_undone_by_accident(study: Path) -> None:
    theme = str(themes(study)[0]["id"])
    done(study, "codebook", "discard", "q19", theme, "--why", "te breed")
    assert [(one["decision"], one["code"], one["why"]) for one in origins(study)] == [
        ("discarded", "", "te breed")
    ]
    kept = snapshot(study / "codebooks")
    found = themecoder(study, "codebook", "adopt", "q19", theme, "--as", "privacy")
    assert found.returncode == 2
    assert snapshot(study / "codebooks") == kept
    done(study, "codebook", "adopt", "q19", theme, "--as", "privacy", "--replace")
    assert [(one["decision"], one["code"]) for one in origins(study)] == [("adopted", "privacy")]


def test_a_theme_that_is_not_there_is_named(study: Path) -> None:
    found = themecoder(study, "codebook", "adopt", "q19", "99", "--as", "privacy")
    assert found.returncode == 2
    assert "99" in found.stderr
    found = themecoder(study, "codebook", "adopt", "q19", "1", "--as", "privaci")
    assert found.returncode == 2
    assert "privacy" in found.stderr


def test_damaged_origins_are_named_by_row(study: Path) -> None:
    done(study, "codebook", "discard", "q19", "1", "--why", "w")
    file = study / "codebooks" / "mind-genai" / "origins.csv"
    text = file.read_text(encoding="utf-8-sig").replace("q19,1,", "q19,een,")
    file.write_text(text, encoding="utf-8")
    found = themecoder(study, "codebook", "log", "privacy")
    assert found.returncode == 2
    assert "origins.csv" in found.stderr and "rij 2" in found.stderr
    assert file.read_text(encoding="utf-8") == text
