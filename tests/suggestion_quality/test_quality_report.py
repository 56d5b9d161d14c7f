"""``themecoder suggestions --report`` on a study of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from commands import done, snapshot, themecoder
from night_study import answer, line, made_night_study
from themecoder.coding.suggestions.study_suggestions import learned_codes
from themecoder.suggestion_quality.study_quality import suggestion_quality
from themecoder.workspace.folder import StudyFolder

N = 60
FILES = ("suggestions.html", "suggestions.json")


def code_all(study: Path, **of_prompted: Any) -> None:
    """Anna codes all answers by the words, every third with what the machine said beside it."""
    file = study / "annotations" / "q1" / "anna.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for n in range(N):
        more = {"shown": [answer(n)[1]], **of_prompted} if n % 3 == 0 else {"seconds": 20.0}
        lines.append(line(f"r{n:03}:q1", [answer(n)[1]], **more))
    file.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def reported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = made_night_study(tmp_path_factory.mktemp("quality") / "studie", N)
    code_all(study, seconds=10.0)
    done(study, "suggestions", "--report")
    return study


@pytest.fixture
def reported(reported_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reported_once, tmp_path / "studie"))


def test_only_what_was_coded_blind_is_a_measure(reported: Path) -> None:
    found = json.loads((reported / "reports" / "suggestions.json").read_text(encoding="utf-8"))
    assert (found["format"], found["blind"], found["coded"]) == (1, 40, 60)
    learned = learned_codes(StudyFolder.open(reported))
    assert learned is not None
    rows = [n for n, one in enumerate(learned.answers) if int(one[1:4]) % 3]
    right = np.array(
        [[answer(int(learned.answers[n][1:4]))[1] == code for code in learned.codes] for n in rows]
    )
    # the file has four digits of it, and it is the probability of one of the codes
    taken = learned.probabilities[rows] >= found["cut_off"] - 1e-4
    expected = f1_score(right, taken, average="micro")
    assert found["scores"]["whole"]["f1"]["value"] == pytest.approx(expected, abs=1e-3)
    assert found["effort"]["saved"]["value"] == pytest.approx(0.5)
    assert found["effort"]["by_suggestion"]["value"] == 1
    assert [one["coded"] for one in found["curve"]] == [0, 15, 30, 60]


def test_the_page_says_the_same_and_runs_no_script(reported: Path) -> None:
    page = (reported / "reports" / "suggestions.html").read_text(encoding="utf-8")
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert "40 antwoorden" in page and "Bespaarde tijd" in page and page.count("<svg") == 2
    english = reported / "study.toml"
    english.write_text('interface = "en"\n' + english.read_text(encoding="utf-8"))
    said = done(reported, "suggestions", "--report")
    assert "coded without anyone seeing a suggestion" in said


def test_a_second_time_changes_nothing(reported: Path) -> None:
    before = snapshot(reported / "reports")
    done(reported, "suggestions", "--report")
    assert snapshot(reported / "reports") == before and sorted(before) == sorted(FILES)
    assert not (reported / "suggestions").exists()


def test_a_code_of_few_respondents_has_no_measures(reported: Path) -> None:
    """Only three of those who are coded blind have the code kil."""
    file = reported / "annotations" / "q1" / "anna.jsonl"
    records = [json.loads(one) for one in file.read_text(encoding="utf-8").splitlines()]
    kept = 0
    for record in records:
        if record["codes"] == ["kil"] and record["shown"] is None:
            kept += 1
            if kept > 3:
                record["codes"] = ["privacy"]
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    found = json.loads(done(reported, "suggestions", "--report", "--json"))
    measures = {one["code"]: one["recall"]["value"] for one in found["scores"]["codes"]}
    assert measures["kil"] is None and measures["nacht"] is not None
    assert "1 code die te weinig" in (reported / "reports" / "suggestions.html").read_text("utf-8")


def test_without_blind_coding_nothing_is_measured(reported: Path) -> None:
    file = reported / "annotations" / "q1" / "anna.jsonl"
    text = file.read_text(encoding="utf-8").replace('"shown": null', '"shown": []')
    file.write_text(text, encoding="utf-8")
    for name in FILES:
        (reported / "reports" / name).unlink()
    refused = themecoder(reported, "suggestions", "--report", "--json")
    assert refused.returncode == 2
    (problem,) = json.loads(refused.stderr)["problems"]
    assert problem["key"] == "suggestions.few_blind" and "0 antwoorden" in problem["message"]
    assert not any((reported / "reports" / name).exists() for name in FILES)


def test_a_question_by_itself_has_no_report(reported: Path) -> None:
    assert themecoder(reported, "suggestions", "--report", "-q", "q1").returncode == 2


def test_half_of_the_coders_give_a_code(reported: Path) -> None:
    """Bram calls everything kil: of two coders each is a half, so that his code counts too."""
    file = reported / "annotations" / "q1" / "bram.jsonl"
    rows = [line(f"r{n:03}:q1", ["kil"], coder="bram") for n in range(N)]
    file.write_text("".join(rows), encoding="utf-8")
    found = suggestion_quality(StudyFolder.open(reported), resamples=100)
    assert found.blind == N
    before = json.loads((reported / "reports" / "suggestions.json").read_text(encoding="utf-8"))
    three = before["scores"]["three"]["value"]
    assert found.scores.three.value is not None and found.scores.three.value >= three - 0.05
