"""What moved in the shipped study, commit by commit, through the command line."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from commands import done, themecoder
from shipped import ROOT, copy_shipped

pytestmark = [pytest.mark.slow, pytest.mark.long(40)]


def commit(study: Path, tag: str) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("add", "-A"), ("commit", "-q", "-m", tag), ("tag", tag)):
        subprocess.run([*git, *words], cwd=study, check=True)


def changed(study: Path, coder: str, question: str, codes: dict[str, list[str]]) -> None:
    file = study / "annotations" / question / f"{coder}.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["answer_id"] in codes:
            mine = codes[line["answer_id"]]
            line |= {"codes": mine, "quotes": [], "state": "coded" if mine else "no_code"}
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five states: as shipped, decided by rule, one coder's change of mind decided anew, another
    codebook, another export."""
    folder = tmp_path_factory.mktemp("git") / "studie"
    copy_shipped(folder)
    settings = (ROOT / "study.toml").read_text(encoding="utf-8")
    named = 'source = "coder:coder_a"'
    assert named in settings
    own = folder / "study.toml"
    own.write_text(settings.replace(named, 'source = "majority"'), encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    commit(folder, "geleverd")
    done(folder, "disagreements", "--accept", "unanimous", "--accept", "majority")
    own.write_text(settings.replace(named, 'source = "adjudicated"'), encoding="utf-8")
    commit(folder, "besloten")
    file = folder / "annotations" / "adjudicated" / "q18.jsonl"
    first = next(
        line
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if line["codes"] == ["privacy"] and line["decided_by"] == "unanimous"
    )
    for coder in first["source"]["of"]:
        changed(folder, coder, "q18", {first["answer_id"]: ["beangstigend"]})
    done(folder, "disagreements", "--accept", "unanimous")
    commit(folder, "herzien")
    for words in (
        ("merge", "te_menselijk", "--into", "onpersoonlijk", "--why", "niet uit elkaar te houden"),
        (
            "redefine",
            "echo_in_plaats_van_spiegel",
            "--wording",
            "--why",
            "te_menselijk is weg",
            "--exclude",
            "Vriendelijke toon: onpersoonlijk",
        ),
        ("release",),
    ):
        done(folder, "codebook", *words)
    commit(folder, "uitgebracht")
    done(folder, "migrate", "--apply")
    commit(folder, "overgebracht")
    file = folder / "data" / "survey.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = first["answer_id"].partition(":")[0]
    file.write_text("".join(one for one in lines if not one.startswith(gone)), encoding="utf-8")
    commit(folder, "opgeschoond")
    return folder


def found(study: Path, *words: str) -> Any:
    return json.loads(done(study, "diff", *words, "--json", "--answers"))


def test_decisions_and_the_source_that_they_bring(study: Path) -> None:
    made = found(study, "geleverd", "besloten")
    assert (made["before"]["source"], made["after"]["source"]) == ("majority", "adjudicated")
    assert {one["key"] for one in made["notes"]} == {"sources"}
    reasons = {tuple(why["reasons"]) for row in made["counts"] for why in row["why"]}
    assert ("source",) in reasons
    assert all("source" in one for one in reasons)
    for source in ("decided", "union", "lead:coder_a", "majority"):
        # a rule that is accepted decides nothing that was not counted so already
        same = found(study, "geleverd", "besloten", "--source", source)
        assert (same["counts"], same["moved"]) == ([], [])
    decided = found(study, "geleverd..besloten", "--source", "adjudicated", "--question", "q18")
    assert {tuple(one["reasons"]) for one in decided["moved"]} == {("adjudication",)}
    names = {by for one in decided["moved"] for by in one["by"]}
    assert names == {"unanimous", "majority"}


def test_a_change_of_mind_decided_anew(study: Path) -> None:
    made = found(study, "besloten", "herzien")
    moved = {(one["code"], one["way"]): one for one in made["moved"]}
    assert set(moved) == {("privacy", "left"), ("beangstigend", "joined")}
    for one in moved.values():
        assert one["reasons"] == ["coding", "adjudication"]
        assert "unanimous" in one["by"] and "coder_a" in one["by"]
    counts = {(row["question"], row["code_after"]): row["n"] for row in made["counts"]}
    assert counts["q18", "privacy"][1] == counts["q18", "privacy"][0] - 1
    assert counts["all", "beangstigend"][1] == counts["all", "beangstigend"][0] + 1
    text = done(study, "diff", "besloten", "herzien", "--answers")
    assert "codering en beslissing −1" in text
    assert "regel: allen gelijk" in text


def test_a_merge_and_a_release_that_was_not_migrated(study: Path) -> None:
    waiting = found(study, "herzien", "uitgebracht")
    assert {tuple(one["reasons"]) for one in waiting["moved"]} == {("codebook",)}
    assert {one["key"] for one in waiting["notes"]} == {"unmigrated_then"}
    made = found(study, "herzien", "overgebracht")
    assert {tuple(one["reasons"]) for one in made["moved"]} == {("codebook",)}
    assert {one["code"] for one in made["moved"]} == {"te_menselijk", "onpersoonlijk"}
    assert [one["type"] for one in made["codebook"]] == ["merge", "redefine"]
    back = found(study, "overgebracht", "herzien")
    assert [row["n"][::-1] for row in back["counts"]] == [row["n"] for row in made["counts"]]


def test_a_respondent_who_is_gone(study: Path) -> None:
    made = found(study, "overgebracht", "opgeschoond")
    assert {tuple(one["reasons"]) for one in made["moved"]} == {("data",)}
    assert {(one["code"], one["way"]) for one in made["moved"]} == {("beangstigend", "left")}
    bases = {one["question"]: one["n"] for one in made["bases"]}
    assert bases["q18"] == [477, 476] and bases["all"] == [771, 770]
    assert {one["key"] for one in made["notes"]} == {"unknown_answers"}
    text = done(study, "diff", "overgebracht", "opgeschoond")
    assert "Basis van q18: 477 → 476 (gegevens −1)." in text


def test_counts_are_those_of_the_engine(study: Path) -> None:
    from themecoder import Study

    opened = Study.open(study)
    made = found(study, "geleverd", "overgebracht")
    for tag, side in (("geleverd", 0), ("overgebracht", 1)):
        with opened.at_revision(tag) as then:
            coded = then.coded("q18", then.source())
            for row in made["counts"]:
                if row["question"] == "q18" and row["kind"] == "code":
                    code = row["code_before" if side == 0 else "code_after"]
                    assert len(coded.having([code])) == row["n"][side]
                    assert len(coded.asked) == row["base_n"][side]


def test_files_and_exit_codes(study: Path) -> None:
    listed = study.parent / "verschil.csv"
    words = ("diff", "besloten", "overgebracht", "--csv", str(listed))
    assert themecoder(study, *words, "--exit-code").returncode == 1
    first = listed.read_bytes()
    assert done(study, *words)
    assert listed.read_bytes() == first
    with listed.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        by = int(row["joined"]) - int(row["left"])
        assert int(row["n_after"]) - int(row["n_before"]) == by
    done(study, *words, "--answers")
    with listed.open(encoding="utf-8", newline="") as handle:
        assert {row["way"] for row in csv.DictReader(handle)} == {"joined", "left"}
    assert themecoder(study, "diff", "--exit-code").returncode == 0
    status = subprocess.run(
        ["git", "status", "--porcelain", "--ignored"], cwd=study, capture_output=True, check=True
    )
    # what the other commands made; diff itself writes nothing
    assert set(status.stdout.decode().split()) <= {"??", "!!", ".themecoder/"}
    refused = themecoder(study, "diff", "gisteren")
    assert refused.returncode == 2
    assert "gisteren" in refused.stderr and "git log" in refused.stderr
