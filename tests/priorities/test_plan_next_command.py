"""``themecoder plan --by`` and ``claims`` on the shipped study, coded in the order of a plan."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from coded_by_plan import code_by_plan, coder_a_codings, source_is
from commands import done, themecoder
from shipped import copy_shipped
from themecoder.coding.plan import CLAIMS, RANDOM, RECHECK, TEACH, Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder, independent_coding
from themecoder.workspace.folder import StudyFolder

pytestmark = [pytest.mark.slow, pytest.mark.long(120)]
PLACES = 15


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """Three coders coded the first of their rows."""
    folder = copy_shipped(tmp_path_factory.mktemp("next") / "studie", warm=mined_once, quoted=True)
    source_is(folder, "decided")
    codings = coder_a_codings(folder)
    done(folder, "plan")
    code_by_plan(folder, codings, PLACES)
    return folder


@pytest.fixture
def study(planned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned, tmp_path / "studie"))


def rows_of(study: Path) -> tuple[Planned, ...]:
    return read_plan(study / "annotations" / "plan.csv")


def doubled(rows: tuple[Planned, ...]) -> float:
    times = Counter(row.answer_id for row in rows)
    return sum(n > 1 for n in times.values()) / len(times)


def test_the_first_plan_has_a_fifth_for_two_and_a_later_one_what_is_asked_for(study: Path) -> None:
    assert doubled(rows_of(study)) == pytest.approx(0.2, abs=0.005)
    assert "20%" in done(study, "plan")
    assert "30%" in done(study, "plan", "--double", "30%")
    assert doubled(rows_of(study)) == pytest.approx(0.3, abs=0.005)
    before = rows_of(study)
    refused = themecoder(study, "plan", "--double", "0%")
    assert refused.returncode == 2 and "plan.csv" not in refused.stdout
    assert rows_of(study) == before


def test_what_teaches_comes_next_and_what_is_coded_stays(study: Path) -> None:
    before = {row.key: row for row in rows_of(study)}
    done(study, "plan", "--by", TEACH, "--next", "10")
    after = rows_of(study)
    assert {row.key for row in after} == before.keys()
    chosen = Counter(row.coder for row in after if row.by == TEACH)
    # eight of ten, but for what chance comes to first
    assert set(chosen.values()) <= {6, 7, 8} and len(chosen) == 3
    assert all(row == before[row.key] for row in after if row.place <= PLACES)
    done(study, "plan", "--by", TEACH, "--next", "10")
    assert rows_of(study) == after
    done(study, "plan", "--by", RANDOM)
    assert rows_of(study) == tuple(before.values())


def test_claims_come_next_by_what_is_open(study: Path) -> None:
    told = json.loads(done(study, "claims", "--json"))
    states = {one["id"]: one for one in told["claims"]}
    assert told["level"] == 0.95 and len(states) == 50
    settled = [one for one in states.values() if one["verdict"]]
    assert 5 < len(settled) < 50 and all(one["needed"] is None for one in settled)
    assert all(one["needed"] > 0 for one in states.values() if not one["verdict"])
    said = done(study, "plan", "--by", CLAIMS, "--next", "9")
    chosen = Counter(row.coder for row in rows_of(study) if row.by == CLAIMS)
    assert set(chosen.values()) <= {4, 5, 6} and len(chosen) == 3 and "c58" in said
    assert ", ".join(told["questions"]) in said and {"q7", "q18"} <= {*told["questions"]}


def test_a_second_coder_where_a_mistake_is_likely_counts_in_no_agreement(study: Path) -> None:
    done(study, "plan", "--recheck", "5")
    rows = [row for row in rows_of(study) if row.by == RECHECK]
    assert len(rows) == 5 and all(row.blind for row in rows)
    files = {row.key[:2] for row in rows}
    code_by_plan(study, coder_a_codings(Path(__file__).parents[2]), 400)
    here = StudyFolder.open(study)
    for question in here.questions:
        everything, kept = coding_by_coder(here, question), independent_coding(here, question)
        gone = {
            (one.answer_id, coder)
            for coder, own in everything.items()
            for one in own
            if one not in kept[coder]
        }
        assert gone == {key for key in files if key[0].endswith(f":{question}")}


@pytest.mark.parametrize("words", [("--by", "luck"), ("--by", TEACH, "--next", "0")])
def test_what_is_no_order_is_refused(study: Path, words: tuple[str, ...]) -> None:
    before = rows_of(study)
    refused = themecoder(study, "plan", *words)
    assert refused.returncode == 2 and rows_of(study) == before
