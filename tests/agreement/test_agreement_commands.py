"""Agreement and adjudication of the shipped study's simulated coders, through the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from commands import in_own_process, themecoder
from shipped import copy_shipped

pytestmark = [pytest.mark.slow, pytest.mark.long(70)]


@pytest.fixture
def study(tmp_path: Path, mined_once: Path) -> Path:
    return copy_shipped(tmp_path / "studie", warm=mined_once)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_agreement_of_two_coders(study: Path) -> None:
    done = themecoder(
        study, "agreement", "--coder", "coder_a", "--coder", "coder_b", "--plan", "0.2", "--json"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    table = rows(study / "reports" / "agreement.csv")
    assert len(table) == len(found["rows"])
    alphas = {
        (row["question"], row["coder_pair"], row["code"], row["coefficient"]): row for row in table
    }
    privacy = alphas["all", "all", "privacy", "krippendorff_alpha"]
    assert privacy["n_answers"] == "536"
    assert float(privacy["ci_low"]) < float(privacy["value"]) < float(privacy["ci_high"])
    assert {row["undefined_because"] for row in table} == {
        "",
        "hidden",
        "not_used",
        "no_variation",
    }
    pairs = {frozenset((pair["first"], pair["second"])) for pair in found["confused"][:3]}
    assert frozenset(("altijd_beschikbaar", "wachttijd_overbrugging")) in pairs
    needed = {one["code"]: one for one in found["needed"] if one["code"] != "all"}
    assert len(needed) == 31
    assert needed["geen_inhoud"]["answers"] < needed["te_menselijk"]["answers"]
    privacy_needs = needed["privacy"]
    assert privacy_needs["low"] < privacy_needs["answers"] < privacy_needs["high"]
    few = [row for row in table if row["no_interval_because"] == "too_few"]
    assert few and all(row["value"] and row["more_answers"] and not row["ci_low"] for row in few)


def test_the_machine_comes_and_goes_with_its_option(study: Path) -> None:
    suggestions = study / "machine.csv"
    suggestions.write_text("answer_id,code,score\n11171246:q18,privacy,0.9\n", encoding="utf-8")
    few = ("--question", "q18", "--resamples", "100")
    done = themecoder(study, "agreement", *few, "--suggestions", str(suggestions))
    assert done.returncode == 0, done.stderr
    pairs = {row["coder_pair"] for row in rows(study / "reports" / "agreement_machine.csv")}
    assert pairs == {"machine|coder_a", "machine|coder_b", "machine|coder_c"}
    assert themecoder(study, "agreement", *few).returncode == 0
    assert not (study / "reports" / "agreement_machine.csv").exists()
    before = {file.name: file.read_bytes() for file in (study / "reports").iterdir()}
    assert in_own_process(study, "agreement", *few).returncode == 0
    assert {file.name: file.read_bytes() for file in (study / "reports").iterdir()} == before


def test_bad_arguments_are_all_named_and_nothing_is_written(study: Path) -> None:
    done = themecoder(
        study, "agreement", "--plan", "3", "--resamples", "5", "--coefficient", "kappa"
    )
    assert done.returncode == 2
    assert len([line for line in done.stderr.splitlines() if line.startswith("  →")]) == 3
    assert not (study / "reports").exists()


def test_rules_then_a_person_then_a_change_of_mind(study: Path) -> None:
    done = themecoder(
        study, "disagreements", "--accept", "unanimous", "--accept", "majority", "--json"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["accepted"][0]["made"] == 458
    assert {one["question"]: one["open"] for one in found["questions"]} == {
        "q7": 47,
        "q15": 27,
        "q18": 64,
        "q19": 23,
    }
    for case in found["open"]:
        assert not any(name in str(case) for name in ("coder_a", "coder_b", "coder_c"))
    listed, page = study / "open.csv", study / "open.html"
    both = ("--csv", str(listed), "--html", str(page))
    assert themecoder(study, "disagreements", *both).returncode == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<article") == 161
    assert "synthetisch" in text
    assert not any(name in text for name in ("coder_a", "coder_b", "coder_c"))
    assert "http://" not in text and "https://" not in text
    lines = rows(listed)
    assert len(lines) == 161
    first = lines[0]
    first |= {"decision": first["A"], "why": "zo staat het er"}
    with listed.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(first))
        writer.writeheader()
        writer.writerow(first)
    refused = themecoder(study, "disagreements", "--read", str(listed))
    assert refused.returncode == 2
    assert "--by" in refused.stderr
    read = themecoder(study, "disagreements", "--read", str(listed), "--by", "Ada", "--json")
    assert json.loads(read.stdout)["read"][0]["made"] == 1
    again = themecoder(study, "disagreements", "--read", str(listed), "--by", "Ada", "--json")
    assert json.loads(again.stdout)["read"][0] | {"notes": []} == {
        "made": 0,
        "same": 1,
        "definitions": 0,
        "notes": [],
    }

    answer = first["answer_id"]
    question = answer.rpartition(":")[2]
    file = study / "annotations" / question / "coder_a.jsonl"
    changed = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (coding,) = [one for one in changed if one["answer_id"] == answer]
    coding |= {"codes": ["overig"], "quotes": [], "state": "coded"}
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in changed)
    file.write_text(text, encoding="utf-8")
    opened = json.loads(themecoder(study, "disagreements", "--json").stdout)["open"]
    assert [one["answer_id"] for one in opened if one["reopened"]] == [answer]
    assert len(opened) == 161


def test_identical_answers_that_are_coded_differently(study: Path) -> None:
    found = json.loads(themecoder(study, "disagreements", "--same-text", "--json").stdout)
    expected: dict[str, set[frozenset[str]]] = {}
    with (study / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        survey = list(csv.DictReader(handle, delimiter=";"))
    for question in ("q7", "q15", "q18", "q19"):
        coded: dict[str, list[tuple[str, frozenset[str]]]] = {}
        plain = {f"{r['respondent_id']}:{question}": " ".join(r[question].split()) for r in survey}
        for file in (study / "annotations" / question).glob("coder_?.jsonl"):
            for line in file.read_text(encoding="utf-8").splitlines():
                one = json.loads(line)
                if one["state"] != "skipped":
                    text, codes = plain[one["answer_id"]].lower(), frozenset(one["codes"])
                    coded.setdefault(text, []).append((one["answer_id"], codes))
        expected[question] = {
            frozenset(answer for answer, _ in own)
            for own in coded.values()
            if len({answer for answer, _ in own}) > 1 and len({codes for _, codes in own}) > 1
        }
    got: dict[str, set[frozenset[str]]] = {question: set() for question in expected}
    for same in found["same_text"]:
        got[same["question"]].add(frozenset(one["answer_id"] for one in same["answers"]))
        assert {who for one in same["answers"] for who in one["codes"]} <= {"A", "B", "C"}
    assert got == expected
    counted = {one["question"]: one["same_text"] for one in found["questions"]}
    assert counted == {question: len(texts) for question, texts in expected.items()}
    assert sum(counted.values()) > 0
    said = themecoder(study, "disagreements", "--same-text")
    assert said.returncode == 0
    assert all(answer in said.stdout for texts in got.values() for own in texts for answer in own)
    assert not any(name in said.stdout for name in ("coder_a", "coder_b", "coder_c"))
    only = json.loads(themecoder(study, "disagreements", "--json", "-q", "q18").stdout)
    assert "same_text" not in only
    assert only["questions"][0]["same_text"] == len(expected["q18"])
