"""``themecoder autocode`` on a study of its own: planned, coded for a part, coded by machine."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import pytest

from commands import done, snapshot, themecoder
from killed import killed_everywhere, left_over
from night_study import SAID, answer, line, made_night_study
from shipped import copy_shipped
from themecoder.autocoding.study_autocode import autocode_study, write_autocoded
from themecoder.coding.machine_coding import read_machine
from themecoder.coding.plan_file import read_plan
from themecoder.workspace.folder import StudyFolder

N, CODED = 240, 100
MACHINE = Path("annotations") / "machine.json"


def code_by_hand(study: Path, first: int, last: int, **more: object) -> list[str]:
    """Anna codes her tasks from ``first`` up to ``last`` in the order of the plan, beside what she
    coded; returns which answers."""
    file = study / "annotations" / "q1" / "anna.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = sorted(read_plan(study / "annotations" / "plan.csv"), key=lambda row: row.place)
    own = [row.answer_id for row in rows[first:last]]
    lines = [line(one, [answer(int(one[1:4]))[1]], **more) for one in own]
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.write_text(before + "".join(lines), encoding="utf-8")
    return own


@pytest.fixture(scope="module")
def coded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_night_study(tmp_path_factory.mktemp("autocode") / "studie", N)
    done(folder, "plan", "--blind", "100%")
    code_by_hand(folder, 0, CODED)
    return folder


@pytest.fixture
def study(coded_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(coded_once, tmp_path / "studie"))


@pytest.fixture(scope="module")
def by_machine(coded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine") / "studie"
    shutil.copytree(coded_once, folder)
    done(folder, "autocode", "--at", "0.9", "--apply")
    return folder


@pytest.fixture
def machine(by_machine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(by_machine, tmp_path / "machine"))


def counted(study: Path, source: str) -> dict[str, str]:
    done(study, "counts", "--source", source)
    name = "counts_with_machine.csv" if source.endswith("machine") else "counts.csv"
    with (study / "reports" / name).open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row["n"] for row in csv.DictReader(handle) if row["subgroup"] == "all"}


def test_a_dry_run_writes_nothing_and_says_what_would_be_coded(study: Path) -> None:
    before = snapshot(study / "annotations")
    found = json.loads(done(study, "autocode", "--at", "0.9", "--json"))
    assert snapshot(study / "annotations") == before
    (whole,) = [one for one in found["accuracy"] if one["question"] == "all"]
    (outcome,) = found["questions"]
    assert outcome == {
        "question": "q1",
        "random": CODED,
        "left": N - CODED,
        "machine": whole["answers"],
        "for_people": 0,
        "problem": None,
    }
    assert whole["share"] >= 0.9 and whole["low"] <= whole["share"] <= whole["high"]
    assert whole["answers"] > 70
    (saturation,) = found["saturation"]
    assert saturation["new"]["curve"][-1] == [CODED, 3]
    # how many there really are
    rest = [row.answer_id for row in read_plan(study / "annotations" / "plan.csv")]
    rest = sorted(set(rest) - set(_seen(study)))
    for one in saturation["left"]:
        real = sum(answer(int(name[1:4]))[1] == one["code"] for name in rest)
        assert one["low"] <= real <= one["high"] and abs(one["answers"] - real) < 15


def _seen(study: Path) -> list[str]:
    file = study / "annotations" / "q1" / "anna.jsonl"
    return [json.loads(row)["answer_id"] for row in file.read_text("utf-8").splitlines()]


def test_what_is_coded_is_right_and_stands_apart(machine: Path, study: Path) -> None:
    coded = read_machine(machine / MACHINE)
    assert coded is not None and coded.random_part == "plan"
    assert not {one.answer_id for one in coded.codings} & set(_seen(machine))
    right = [one.codes == (answer(int(one.answer_id[1:4]))[1],) for one in coded.codings]
    stated = coded.stated("all")
    assert stated is not None and stated.low <= sum(right) / len(right) <= stated.high
    assert all(one.likely >= one.threshold for one in coded.codings)
    found = [themecoder(folder, "disagreements", "--json").stdout for folder in (machine, study)]
    assert found[0].replace(str(machine), str(study)) == found[1]
    for folder in (machine, study):
        done(folder, "agreement")
    assert (machine / "reports" / "agreement.csv").read_bytes() == (
        study / "reports" / "agreement.csv"
    ).read_bytes()


def test_a_second_time_changes_nothing_and_undo_takes_all_away(machine: Path, study: Path) -> None:
    before = snapshot(machine / "annotations")
    done(machine, "autocode", "--at", "0.9", "--apply")
    assert snapshot(machine / "annotations") == before
    done(machine, "autocode", "--undo")
    assert snapshot(machine / "annotations") == snapshot(study / "annotations")
    assert "niets" in done(machine, "autocode", "--undo")


def test_only_a_source_that_says_so_counts_it(machine: Path, study: Path) -> None:
    people = counted(study, "decided")
    assert counted(machine, "decided") == people
    coded = read_machine(machine / MACHINE)
    assert coded is not None
    both = counted(machine, "decided+machine")
    for code in SAID:
        by_machine = sum(code in one.codes for one in coded.codings)
        assert int(both[code]) == int(people[code]) + by_machine
    said = done(machine, "counts", "--source", "decided+machine", "-f", "csv", "-f", "matrix")
    assert f"{len(coded.codings)} van de {CODED + len(coded.codings)}" in said
    with (machine / "reports" / "counts_with_machine_accuracy.csv").open(newline="") as handle:
        (row,) = csv.DictReader(handle)
    stated = coded.stated("q1")
    assert stated is not None and float(row["low"]) == stated.low
    matrix = machine / "reports" / "internal" / "counts_with_machine_matrix.csv"
    with matrix.open(newline="", encoding="utf-8") as handle:
        states = {one["answer_id"]: one["state"] for one in csv.DictReader(handle)}
    assert {a for a, state in states.items() if state == "machine"} == {
        one.answer_id for one in coded.codings
    }


def test_a_person_who_codes_such_an_answer_wins_at_once(machine: Path) -> None:
    coded = read_machine(machine / MACHINE)
    assert coded is not None
    before = counted(machine, "decided+machine")
    first = next(one for one in coded.codings if one.codes == ("kil",))
    file = machine / "annotations" / "q1" / "anna.jsonl"
    file.write_text(file.read_text("utf-8") + line(first.answer_id, ["privacy"]), encoding="utf-8")
    after = counted(machine, "decided+machine")
    assert int(after["kil"]) == int(before["kil"]) - 1
    assert int(after["privacy"]) == int(before["privacy"]) + 1
    assert f"{len(coded.codings)} antwoorden door de machine" in done(machine, "status")
    assert json.loads(done(machine, "status", "--json"))["machine"] == [
        {"question": "q1", "answers": len(coded.codings), "overtaken": 1}
    ]
    # a skipped answer is a person's too: she could not code it, and no machine does it for her
    second = next(one for one in coded.codings if one.codes == ("nacht",))
    text = line(second.answer_id, [], state="skipped")
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")
    assert int(counted(machine, "decided+machine")["nacht"]) == int(after["nacht"]) - 1


@pytest.mark.parametrize("command", ["report", "quotes", "run", "check"])
def test_what_cannot_tell_it_apart_refuses_it(machine: Path, command: str) -> None:
    (machine / "reports").mkdir(exist_ok=True)
    claims = "id,text,codes,question,group,quantifier\nc1,Veel,kil,q1,,veel\n"
    (machine / "reports" / "claims.csv").write_text(claims, encoding="utf-8")
    before = snapshot(machine / "reports")
    found = themecoder(machine, command, "--source", "decided+machine")
    assert found.returncode == 2 and "themecoder counts" in found.stderr
    assert snapshot(machine / "reports") == before


def test_another_version_of_the_codebook_is_not_counted(machine: Path) -> None:
    file = machine / MACHINE
    text = file.read_text("utf-8").replace('"codebook": "1.0.0"', '"codebook": "0.9.0"')
    file.write_text(text, encoding="utf-8")
    found = themecoder(machine, "counts", "--source", "decided+machine")
    assert found.returncode == 2 and "0.9.0" in found.stderr and "1.0.0" in found.stderr
    assert themecoder(machine, "counts").returncode == 0


@pytest.mark.parametrize("damage", ["{", '{"format": 9}', ""])
def test_a_damaged_file_is_told(machine: Path, damage: str) -> None:
    (machine / MACHINE).write_text(damage, encoding="utf-8")
    for words in (["counts", "--source", "decided+machine"], ["status"]):
        found = themecoder(machine, *words)
        assert found.returncode == 2 and "machine.json" in found.stderr
        assert "Traceback" not in found.stderr
    done(machine, "autocode", "--undo")
    assert not (machine / MACHINE).exists()


def test_nothing_coded_by_machine_is_nothing_to_count(study: Path) -> None:
    found = themecoder(study, "counts", "--source", "decided+machine")
    assert found.returncode == 2 and "autocode" in found.stderr


@pytest.mark.parametrize("words", [[], ["--at", "0.9", "--undo"], ["--undo", "--apply"]])
def test_it_is_told_what_to_do(study: Path, words: list[str]) -> None:
    found = themecoder(study, "autocode", *words)
    assert found.returncode == 2 and "--undo" in found.stderr
    assert not (study / MACHINE).exists()


def test_coding_out_of_order_is_refused(study: Path) -> None:
    code_by_hand(study, 170, 200)
    found = themecoder(study, "autocode", "--at", "0.9", "--apply")
    assert found.returncode == 2 and "30 antwoorden zijn buiten de volgorde" in found.stderr
    assert not (study / MACHINE).exists()


def test_an_answer_that_was_passed_over_is_left_to_people(study: Path) -> None:
    file = study / "annotations" / "q1" / "anna.jsonl"
    rows = file.read_text("utf-8").splitlines(keepends=True)
    passed = json.loads(rows[50])["answer_id"]
    file.write_text("".join(rows[:50] + rows[51:]), encoding="utf-8")
    done(study, "autocode", "--at", "0.9", "--apply")
    coded = read_machine(study / MACHINE)
    assert coded is not None and passed not in {one.answer_id for one in coded.codings}
    (outcome,) = json.loads(done(study, "autocode", "--at", "0.9", "--json"))["questions"]
    assert outcome["for_people"] == 1 and outcome["left"] == N - CODED + 1


def test_too_few_answers_are_refused_with_how_many_more(study: Path) -> None:
    file = study / "annotations" / "q1" / "anna.jsonl"
    file.unlink()
    code_by_hand(study, 0, 20)
    # who saw suggestions agrees with them sooner: that is no measure
    code_by_hand(study, 20, 90, shown=["kil"])
    found = themecoder(study, "autocode", "--at", "0.9")
    assert found.returncode == 2 and "nog 10 zonder suggesties" in found.stderr


def test_without_a_plan_a_person_must_say_how_answers_were_drawn(study: Path) -> None:
    (study / "annotations" / "plan.csv").unlink()
    found = themecoder(study, "autocode", "--at", "0.9")
    assert found.returncode == 2 and "--drawn" in found.stderr
    words = "geloot met dobbelstenen"
    done(study, "autocode", "--at", "0.9", "--drawn", words, "--apply")
    coded = read_machine(study / MACHINE)
    assert coded is not None and coded.random_part == words


def test_an_accuracy_that_is_not_reached_is_refused(study: Path) -> None:
    """Anna codes by the toss of a coin."""
    file = study / "annotations" / "q1" / "anna.jsonl"
    chance = random.Random(1)
    rows = [line(one, [chance.choice(sorted(SAID))]) for one in _seen(study)]
    file.write_text("".join(rows), encoding="utf-8")
    found = themecoder(study, "autocode", "--at", "0.9", "--apply")
    assert found.returncode == 2 and "0.9" in found.stderr
    assert not (study / MACHINE).exists()


def test_killed_anywhere_it_is_whole_or_as_before(machine: Path, tmp_path: Path) -> None:
    """Written over what the machine coded before, it is the old file or the new one."""
    opened = StudyFolder.open(machine)
    found = autocode_study(opened, 0.9)
    new = (machine / MACHINE).read_bytes()
    old = new.replace(b'"at": 0.9', b'"at": 0.8')
    assert old != new

    def fresh() -> None:
        (machine / MACHINE).write_bytes(old)

    def write() -> None:
        with opened.locked():
            write_autocoded(opened, found)

    for _ in killed_everywhere(fresh, write):
        assert (machine / MACHINE).read_bytes() in (old, new)
    assert (machine / MACHINE).read_bytes() == new
    done(machine, "autocode", "--undo")
    assert left_over(machine / "annotations") == []


@pytest.mark.slow
@pytest.mark.long(60)
def test_the_shipped_study(mined_once: Path, tmp_path: Path) -> None:
    """Coder_a's coding of half of the respondents; the other half of it is what is looked up."""
    folder = copy_shipped(tmp_path / "studie", warm=mined_once)
    truth: dict[str, list[str]] = {}
    for file in sorted((folder / "annotations").glob("*/*.jsonl")):
        rows = file.read_text("utf-8").splitlines(keepends=True)
        if file.stem != "coder_a":
            file.unlink()
            continue
        kept = [row for row in rows if int(json.loads(row)["answer_id"].partition(":")[0]) % 2]
        file.write_text("".join(kept), encoding="utf-8")
        for row in set(rows) - set(kept):
            record = json.loads(row)
            if record["state"] != "skipped":
                truth[record["answer_id"]] = record["codes"]
    done(folder, "autocode", "--at", "0.7", "--drawn", "oneven nummers", "--apply")
    coded = read_machine(folder / MACHINE)
    assert coded is not None
    stated = coded.stated("all")
    assert stated is not None and stated.share >= 0.7 and stated.answers > 20
    looked_up = [
        sorted(truth[o.answer_id]) == list(o.codes) for o in coded.codings if o.answer_id in truth
    ]
    assert stated.low <= sum(looked_up) / len(looked_up) <= stated.high
