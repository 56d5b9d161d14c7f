"""``themecoder assistant themes``: proposals beside the themes, which a person takes over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_study import make_study
from scripted_model import ScriptedModel, Sent, data_of, saying, scripted

from commands import done, snapshot, themecoder

pytestmark = pytest.mark.slow


def naming(body: dict[str, Any], number: int) -> Sent:
    word = data_of(body)["keywords"][0]
    said = {"definition": f"Wie het heeft\nover {word}.", "label": f"Over {word} {number}"}
    return saying(json.dumps(said))


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with scripted(naming) as found:
        yield found


@pytest.fixture
def study(tmp_path: Path, model: ScriptedModel) -> Path:
    folder = make_study(tmp_path / "studie", model.url)
    done(folder, "mine", "--unguided", "--themes", "3")
    return folder


def proposals(study: Path) -> list[dict[str, Any]]:
    file = study / "reports" / "internal" / "assistant" / "themes_q1.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["proposals"]
    return found


def themes(study: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (study / "themes" / "q1" / "themes.json").read_text("utf-8")
    )["themes"]
    return found


def test_proposals_stand_beside_the_themes_and_change_nothing(
    study: Path, model: ScriptedModel
) -> None:
    before = snapshot(study / "themes") | snapshot(study / "codebooks")
    said = done(study, "assistant", "themes")
    assert snapshot(study / "themes") | snapshot(study / "codebooks") == before
    found = proposals(study)
    assert [one["theme"] for one in found] == [one["id"] for one in themes(study)]
    assert all(one["label"] in said and "\n" not in one["definition"] for one in found)
    for data in model.data():
        assert data["answers"] and set(data) == {"question", "keywords", "answers"}
    asked = len(model.asked)
    done(study, "assistant", "themes")
    assert len(model.asked) == asked and proposals(study) == found


def test_a_person_takes_a_proposal_over(study: Path) -> None:
    done(study, "assistant", "themes")
    one = proposals(study)[0]
    theme = str(one["theme"])
    done(study, "codebook", "adopt", "q1", theme, "--new", "--proposed")
    draft = json.loads(done(study, "codebook", "show", "draft", "--json"))
    (code,) = [code for code in draft["codes"] if code["label"] == one["label"]]
    assert code["definition"] == one["definition"] and code["examples"]


def test_what_is_no_proposal_of_this_theme_is_not_taken_over(study: Path) -> None:
    words = ("codebook", "adopt", "q1", str(themes(study)[0]["id"]), "--new", "--proposed")
    before = snapshot(study / "codebooks")
    assert "assistant themes" in themecoder(study, *words).stderr
    done(study, "assistant", "themes")
    assert themecoder(study, *words, "--label", "Iets").returncode == 2
    file = study / "themes" / "q1" / "themes.json"
    text = file.read_text("utf-8")
    document = json.loads(text)
    document["themes"][0]["keywords"] = document["themes"][0]["keywords"][1:]
    file.write_text(json.dumps(document), encoding="utf-8")
    found = themecoder(study, *words)
    assert found.returncode == 2 and "veranderd" in found.stderr
    file.write_text(text, encoding="utf-8")
    kept = study / "reports" / "internal" / "assistant" / "themes_q1.json"
    kept.write_text('{"proposals": [{"theme": "een"}]}', encoding="utf-8")
    found = themecoder(study, *words)
    assert found.returncode == 2 and "themes_q1.json" in found.stderr
    assert snapshot(study / "codebooks") == before


def test_a_theme_without_a_usable_reply_is_named(study: Path, model: ScriptedModel) -> None:
    first = themes(study)[0]["keywords"][0]["keyword"]

    def failing(body: dict[str, Any], number: int) -> Sent:
        if data_of(body)["keywords"][0] == first:
            return saying('{"definition": "\\u200b", "label": " "}')
        return naming(body, number)

    model.script = failing
    found = json.loads(done(study, "assistant", "themes", "--json"))["questions"][0]
    assert found["failed"] == [themes(study)[0]["id"]]
    assert len(found["themes"]) == len(themes(study)) - 1


def test_before_themes_are_mined_there_is_nothing_to_name(
    tmp_path: Path, model: ScriptedModel
) -> None:
    folder = make_study(tmp_path / "nieuw", model.url)
    found = themecoder(folder, "assistant", "themes")
    assert found.returncode == 2 and not model.asked
