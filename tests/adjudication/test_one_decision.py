"""An open answer decided by itself: with a reason, on what was shown, never over somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from coding_study import make_study
from themecoder.adjudication.one_decision import case_mark, decide_one
from themecoder.adjudication.study_adjudication import load_adjudication
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Coding
from themecoder.errors import InputError
from themecoder.workspace.folder import StudyFolder

ANSWER = "105:q1"


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    study = StudyFolder.open(make_study(tmp_path / "study"))
    for coder, codes in (("anna", ("privacy", "tijd")), ("bram", ("privacy",))):
        coding = Coding(ANSWER, coder, "1.0.0", "coded", codes)
        write_codings(study.paths.coding("q1", coder), [coding])
    return study


def mark(study: StudyFolder) -> str:
    case = load_adjudication(study, "q1").find(ANSWER)
    assert case is not None
    return case_mark(case)


def keys(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.key.removeprefix("adjudication.") for problem in error.value.problems]


def test_a_decision_stands_with_its_reason_and_closes_the_case(study: StudyFolder) -> None:
    decide_one(study, ANSWER, ["privacy"], "Tijd is niet genoemd", "eva", mark(study))
    (decision,) = read_codings(study.paths.adjudicated("q1"))
    assert (decision.codes, decision.decided_by) == (("privacy",), "eva")
    assert decision.source["why"] == "Tijd is niet genoemd"
    assert load_adjudication(study, "q1").open == []


def test_what_is_wrong_is_told_at_once_and_nothing_is_written(study: StudyFolder) -> None:
    with pytest.raises(InputError) as error:
        decide_one(study, ANSWER, ["geen_inhoud", "straat"], " ", "", mark(study))
    assert keys(error) == ["no_code", "exclusive", "no_why", "no_name"]
    with pytest.raises(InputError) as error:
        decide_one(study, "101:q1", [], "geen", "eva", "")
    assert keys(error) == ["no_answer"]
    assert not study.paths.adjudicated("q1").exists()


def test_nobody_decides_over_what_was_not_shown(study: StudyFolder) -> None:
    shown = mark(study)
    decide_one(study, ANSWER, ["privacy"], "zo", "eva", shown)
    with pytest.raises(InputError) as error:
        decide_one(study, ANSWER, ["tijd"], "anders", "finn", shown)
    assert keys(error) == ["changed"]
    (decision,) = read_codings(study.paths.adjudicated("q1"))
    assert decision.decided_by == "eva"
    shown = mark(study)
    changed = Coding(ANSWER, "bram", "1.0.0", "coded", ("tijd",))
    write_codings(study.paths.coding("q1", "bram"), [changed])
    with pytest.raises(InputError) as error:
        decide_one(study, ANSWER, ["tijd"], "anders", "eva", shown)
    assert keys(error) == ["changed"]
