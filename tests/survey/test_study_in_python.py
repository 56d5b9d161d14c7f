"""A study in a notebook: made of a DataFrame, asked by name, shown as tables and plots."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sample_report import make_reported
from themecoder import Study
from themecoder.errors import InputError, Problem
from themecoder.messages import render, speak


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study.open(make_reported(tmp_path_factory.mktemp("notebook") / "klein"))


def test_a_data_frame_becomes_a_study(tmp_path: Path) -> None:
    texts = [f"Dat vind ik om reden {i} een heel goed plan voor iedereen" for i in range(40)]
    frame = pd.DataFrame({"nr": range(1, 41), "mening": texts, "groep": ["a", "b"] * 20})
    study = Study.init(frame, tmp_path / "nieuw")
    assert {answer.text for answer in study.answers(study.questions[0])} == set(texts)
    assert not Path(study.config.survey.file).is_absolute()
    with pytest.raises(InputError) as caught:
        Study.init(frame, tmp_path / "nieuw")
    assert [problem.key for problem in caught.value.problems] == ["cli.init.exists"]


def test_an_export_that_is_not_there_is_named_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "enquete.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Study.init(tmp_path / "enquette.csv", tmp_path / "nieuw")
    assert "enquete.csv" in str(caught.value)
    assert not (tmp_path / "nieuw").exists()


def test_an_error_says_itself_in_a_sentence() -> None:
    problem = Problem("plan.share", {"found": "130%"})
    try:
        for language in ("en", "nl"):
            speak(language)
            assert str(InputError([problem, problem])) == "\n".join([render(problem, language)] * 2)
    finally:
        speak("nl")


def test_counts_by_name_as_a_table(study: Study) -> None:
    counts = study.counts("q1", "coder:an", by="leeftijd")
    table = counts.to_frame()
    assert len(table) == len(counts.rows)
    row = table[(table.question == "q1") & (table.code == "hulp") & (table.subgroup == "all")]
    found = counts.find("hulp", "q1")
    assert found is not None
    assert [row.n.item(), row.base_n.item()] == [found.n, found.base_n]
    assert row.code_label.item() == "Hulp"
    assert set(table.question) == {"q1"}
    assert "AgreementRow" not in repr(counts) and len(repr(counts)) < 120


def test_a_study_shows_its_name_and_folder(study: Study) -> None:
    assert repr(study) == f"Study({study.config.id}, in {study.paths.root})"


def test_coding_as_answer_by_code(study: Study) -> None:
    coded, codings = study.coded("q1", "coder:an"), study.codings("q1", study.source("coder:an"))
    table = coded.to_frame()
    for answer_id, coding in codings.items():
        assert {code for code in table if table.loc[answer_id, code] == 1} == set(coding.codes)
    assert table.index.name == "answer_id"
    assert len(repr(coded)) < 120


def test_agreement_as_a_table(study: Study) -> None:
    found = study.agreement("q1", resamples=100)
    assert len(found.to_frame()) == len(found.rows)
    assert len(repr(found)) < 160


def test_a_plot_is_shown_and_saved(study: Study, tmp_path: Path) -> None:
    drawn = study.plot(study.counts("q1"), "q1")
    assert drawn is not None
    assert drawn._repr_svg_().lstrip().startswith("<?xml")
    assert "Hulp" in repr(drawn)
    assert drawn.save(tmp_path / "a.svg").read_text(encoding="utf-8") == drawn._repr_svg_()
    assert drawn.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError):
        drawn.save(tmp_path / "a.docx")
    with pytest.raises(InputError):
        study.plot(study.counts("q1"), "q99")
