"""Quotes of the shipped study, through the command line."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import docx
import pytest

from commands import in_own_process, themecoder
from shipped import ROOT, copy_shipped
from themecoder.study import Study

pytestmark = [pytest.mark.slow, pytest.mark.long(40)]
SOURCE = ("--source", "coder:coder_a")


@pytest.fixture
def study(tmp_path: Path, mined_once: Path) -> Path:
    folder = copy_shipped(tmp_path / "studie", warm=mined_once)
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    settings = '[quotes]\nconsent = "q23>=25"\nattributes = ["leeftijd", "gender", "zorg"]\n'
    text = re.sub(r"^\[quotes\]\n(?:[^\[\n].*\n)*", settings, text, flags=re.MULTILINE)
    assert settings in text
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_quotes_of_one_coder(study: Path) -> None:
    done = themecoder(study, "quotes", *SOURCE, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    reports = study / "reports"
    table = rows(reports / "quotes.csv")
    assert len(table) == sum(len(one["quotes"]) for one in found["sections"])
    assert found["left_out"]["consent"] > 0
    assert {row["attribute_leeftijd"] for row in table} <= {"25-34", "35-49", "50-64", "65+", ""}
    # the quotes are in the answers, and nobody is quoted twice for a code
    opened = Study.open(study)
    counts = opened.counts(opened.questions, opened.source(SOURCE[1]))
    hidden = {(r.question, r.code) for r in counts.rows if r.subgroup == "all" and r.n is None}
    quoted = Counter((row["question"], row["code"]) for row in table)
    for one in found["sections"]:
        rare = [question for question in opened.questions if (question, one["code"]) in hidden]
        assert all(quoted[question, one["code"]] <= 1 for question in rare)
        assert rare or len(one["quotes"]) == 5
    texts = {one.answer_id: one.text for q in opened.questions for one in opened.answers(q)}
    for row in table:
        original = texts[row["answer_id"]][int(row["start"]) : int(row["end"])]
        if "[" not in row["quote"] and row["marked"] == "yes":
            # an apostrophe before what a spreadsheet would run; some answers have their own
            plain = " ".join(original.split())
            assert row["quote"] in (plain, f"'{plain}")
    people = [(row["code"], row["answer_id"].partition(":")[0]) for row in table]
    assert len(people) == len(set(people))
    # people are spread over the sections: most are quoted once
    assert len({who for _, who in people}) > 0.95 * len(people)
    document = docx.Document(str(reports / "quotes.docx"))
    assert len([p for p in document.paragraphs if p.style and p.style.name == "Quote"]) == len(
        table
    )

    before = {file.name: file.read_bytes() for file in reports.iterdir()}
    assert in_own_process(study, "quotes", *SOURCE).returncode == 0
    assert {file.name: file.read_bytes() for file in reports.iterdir()} == before

    answer = next(row["answer_id"] for row in table if row["code"] == "duurzaamheid")
    kept = themecoder(study, "quotes", *SOURCE, "--never", "duurzaamheid", answer)
    assert kept.returncode == 0, kept.stderr
    after = rows(reports / "quotes.csv")
    assert ("duurzaamheid", answer) not in {(row["code"], row["answer_id"]) for row in after}


def test_a_command_that_cannot_be_carried_out_keeps_no_choice(study: Path) -> None:
    choice = ("--choose", "voorkeur_mens", "17508172:q18")
    for wrong in (("--format", "pdf"), ("--per-code", "0"), ("--code", "voorkeur_men")):
        done = themecoder(study, "quotes", *SOURCE, *choice, *wrong)
        assert done.returncode == 2
        assert "  →" in done.stderr
    done = themecoder(study, "quotes", "--source", "adjudicated")
    assert done.returncode == 2
    assert not (study / "quotes.yaml").exists()
    assert not (study / "reports").exists()
