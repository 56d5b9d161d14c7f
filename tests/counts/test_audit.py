"""The attack on a study's own files finds what was given away, and nothing where nothing was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

import shipped
from commands import themecoder
from random_studies import RandomStudy, on_disk, random_studies
from themecoder import Study
from themecoder.counts.audit import ToldCount, audit_disclosure
from themecoder.counts.same_cells import same_cells, twin

STUDY = """
id = "s"
title = "Proef"
language = "nl"
[survey]
file = "survey.csv"
id = "id"
[[closed]]
id = "kleur"
kind = "single"
values = {r = "Rood", g = "Groen", b = "Blauw"}
[[attributes]]
id = "plaats"
[report]
smallest_cell = 5
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """42 respondents, of whom 3 chose red, 20 green and 19 blue, in two places."""
    colours = ["r"] * 3 + ["g"] * 20 + ["b"] * 19
    lines = [f"R{n},{colour},{'noord' if n % 2 else 'zuid'}" for n, colour in enumerate(colours)]
    (tmp_path / "survey.csv").write_text("\n".join(["id,kleur,plaats", *lines]), encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    assert themecoder(tmp_path, "counts", "--format", "csv").returncode == 0
    return tmp_path


def give_back(study: Path, given: dict[tuple[str, str], int]) -> None:
    """Print hidden counts in the file: (code, subgroup) -> n."""
    file = study / "reports" / "counts.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if (row["code"], row["subgroup"]) in given:
            assert row["n"] == ""
            row["n"] = str(given[row["code"], row["subgroup"]])
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_files_as_they_are_written_tell_nothing(study: Path) -> None:
    done = themecoder(study, "counts", "--audit-disclosure")
    assert done.returncode == 0
    assert "0" in done.stdout
    assert (study / "reports" / "internal" / "LEESMIJ.txt").is_file()


def test_a_guard_that_is_given_back_tells_the_small_count(study: Path) -> None:
    counts = Study.open(study).counts()
    guards = {
        (row.code, row.subgroup): {"g": 20, "b": 19}[row.code]
        for row in counts.rows
        if row.suppressed == "guard" and row.subgroup == "all"
    }
    assert guards
    give_back(study, guards)
    told = audit_disclosure(Study.open(study))
    assert ToldCount("counts.csv", "kleur", "r", "all", 3, 3) in told
    done = themecoder(study, "counts", "--audit-disclosure", "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["told"]) == len(told)


def test_a_small_count_that_is_printed_is_told(study: Path) -> None:
    """As in files that were made before the smallest cell was raised."""
    give_back(study, {("r", "all"): 3})
    told = audit_disclosure(Study.open(study))
    assert ToldCount("counts.csv", "kleur", "r", "all", 3, 3) in told


def test_counts_of_other_coding_are_refused(study: Path) -> None:
    file = study / "reports" / "counts.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kleur,any,all,42", "kleur,any,all,41"), encoding="utf-8")
    done = themecoder(study, "counts", "--audit-disclosure")
    assert done.returncode == 2
    file.unlink()
    assert themecoder(study, "counts", "--audit-disclosure").returncode == 2


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_studies())
def test_no_random_study_tells_a_small_count(
    tmp_path_factory: pytest.TempPathFactory, study: RandomStudy
) -> None:
    opened = Study.open(on_disk(study, tmp_path_factory.mktemp("studies") / "s"))
    counts = opened.counts()
    assume(not counts.not_coded)
    opened.write_counts(counts, ["csv"])
    assert audit_disclosure(opened) == []


def test_a_count_that_stands_in_two_tables_is_hidden_in_both() -> None:
    """The shipped study counts care by gender and gender by care."""
    study = Study.open(shipped.ROOT)
    same = same_cells(study)
    assert same["q2", "gender"] == ("q24", "zorg")
    rows = {(r.question, r.code, r.subgroup): r for r in study.counts(["q2", "q24"]).rows}
    pairs = {key: twin(key, same) for key in rows}
    both = {key: other for key, other in pairs.items() if other in rows}
    assert len(both) > 20
    for key, other in both.items():
        assert other is not None
        assert rows[key].n == rows[other].n
