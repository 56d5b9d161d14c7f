"""From an export and a study.toml to respondents, bases and answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError, Problem
from themecoder.expressions import parse
from themecoder.messages import LANGUAGES, render
from themecoder.settings.load import load_study
from themecoder.settings.model import StudyConfig
from themecoder.survey.export import Column, Export
from themecoder.survey.model import Survey, build_survey

ROOT = Path(__file__).parents[2]


def export(rows: list[dict[str, str | None]], **labels: dict[str, str]) -> Export:
    frame = pandas.DataFrame(rows, dtype=object)
    columns = tuple(Column(str(name), values=labels.get(str(name), {})) for name in frame)
    return Export(columns, frame, tuple(range(2, len(frame) + 2)), "export.csv", "csv", {})


def study(**changes: object) -> StudyConfig:
    plain: dict[str, object] = {
        "id": "s",
        "title": "S",
        "survey": {"file": "export.csv", "id": "nr", "include": "q1 in a,b"},
        "questions": [{"id": "q7", "asked": "q3=a"}],
    }
    return StudyConfig.model_validate(plain | changes)


def row(
    nr: str | None, q1: str | None, q3: str | None, q7: str | None, **more: str | None
) -> dict[str, str | None]:
    return {"nr": nr, "q1": q1, "q3": q3, "q7": q7, **more}


ROWS = [
    row("9", "a", "a", "helpt mij"),
    row("10", "b", "a", None),
    row("11", "a", "b", None),
    row("12", "c", None, None),
    row("13", "b", "a", " \t"),
    row("100", "b", "a", "nee "),
]


def problems(source: Export, config: StudyConfig) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        build_survey(source, config)
    for problem in caught.value.problems:
        assert all(render(problem, language) for language in LANGUAGES)
    return caught.value.problems


@pytest.fixture(scope="module")
def shipped() -> Survey:
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    return build_survey(
        export([{k: v or None for k, v in r.items()} for r in rows]), load_study(ROOT)
    )


def test_the_shipped_survey_has_the_bases_that_the_report_prints(shipped: Survey) -> None:
    assert (len(shipped.respondents), shipped.screened_out) == (771, 33)
    assert [len(shipped.asked(q)) for q in ("q7", "q15", "q18", "q19")] == [294, 294, 477, 477]
    assert sum(len(shipped.answers(q.id)) for q in shipped.config.questions) == 893
    assert shipped.warnings == ()


def test_the_shipped_attributes_have_the_counts_that_the_report_prints(shipped: Survey) -> None:
    care, age = shipped.attribute("zorg"), shipped.attribute("leeftijd")
    assert [len(care.members(group)) for group in care.labels] == [412, 41, 298, 20]
    assert list(age.labels) == ["<18", "18-24", "25-34", "35-49", "50-64", "65+"]
    assert sum(len(age.members(group)) for group in age.labels) == 771


def test_respondents_outside_the_target_group_are_nowhere() -> None:
    survey = build_survey(export(ROWS), study())
    assert survey.respondents == ("9", "10", "11", "13", "100")
    assert survey.screened_out == 1
    assert survey.members(parse("all")) == survey.respondents
    assert "12" not in survey.frame.index


def test_asked_is_answered_and_empty_and_white_space_is_empty() -> None:
    survey = build_survey(export(ROWS), study())
    (overview,) = survey.overview(lambda text: text.strip() == "nee")
    assert (overview.asked, overview.answered, overview.empty, overview.contentless) == (4, 2, 2, 1)


def test_answers_are_sorted_by_id_as_text_and_kept_as_typed() -> None:
    answers = build_survey(export(ROWS), study()).answers("q7")
    assert [(a.answer_id, a.text) for a in answers] == [("100:q7", "nee "), ("9:q7", "helpt mij")]
    assert {(a.respondent_id, a.question) for a in answers} == {("100", "q7"), ("9", "q7")}


def test_the_same_text_twice_is_two_answers() -> None:
    rows = [row("1", "a", "a", "ja"), row("2", "a", "a", "ja")]
    assert len(build_survey(export(rows), study()).answers("q7")) == 2


def test_ids_are_text_without_outer_spaces() -> None:
    rows = [row(" 007 ", "a", "a", "x"), row("7", "a", "a", "y"), row("21018833", "a", "b", None)]
    assert build_survey(export(rows), study()).respondents == ("007", "7", "21018833")


def test_answers_of_people_who_were_not_asked_are_listed_and_do_not_count() -> None:
    rows = [*ROWS, row("14", "a", "b", "toch wat"), row("15", "a", None, "en ik")]
    survey = build_survey(export(rows), study())
    (warning,) = survey.warnings
    assert warning.key == "survey.not_asked_answered"
    assert (warning.params["count"], warning.params["rows"]) == ("2", "8, 9")
    assert all(render(warning, language) for language in LANGUAGES)
    assert len(survey.answers("q7")) == 2


def test_an_answer_of_someone_screened_out_is_no_warning() -> None:
    rows = [*ROWS, row("14", "c", "b", "toch wat")]
    assert build_survey(export(rows), study()).warnings == ()


def test_empty_and_double_ids_are_listed_with_values_and_rows() -> None:
    rows = [
        row("1", "a", "a", "x"),
        row(None, "a", "a", "y"),
        row("1 ", "a", "a", "v"),
        row("2", "a", "a", "z"),
        row("2", "a", "a", "z"),
        row(" ", "a", "a", "w"),
        row("3", "a", "a", "u"),
        row("3", "c", None, None),  # left out: somebody's row of another wave or event
    ]
    found = {p.key: p.params for p in problems(export(rows), study())}
    assert found == {
        "survey.id_empty": {"count": 2, "rows": "3, 7"},
        "survey.id_double": {"count": 2, "values": "1 (2, 4); 2 (5, 6)"},
    }


def test_all_problems_come_at_once() -> None:
    config = study(
        survey={"file": "f", "id": "nummer", "include": "q11 in a,b"},
        questions=[{"id": "q7", "asked": "q3=A"}, {"id": "q8"}],
        attributes=[{"id": "leeftijd"}, {"id": "g", "groups": {"x": "q99", "y": "q3"}}],
        multiple=[{"id": "m", "columns": ["q1", "m_b"]}],
    )
    found = [(p.key, p.params["name"]) for p in problems(export(ROWS), config)]
    assert found == [
        ("survey.no_column", "nummer"),
        ("survey.no_column", "q8"),
        ("survey.no_column", "leeftijd"),
        ("survey.no_column", "m_b"),
        ("expression.unknown_column", "q11"),
        ("expression.value_misspelt", "q3"),
        ("expression.unknown_column", "q99"),
        ("expression.not_an_option", "q3"),
    ]


def test_a_missing_column_names_the_near_one() -> None:
    (problem,) = problems(export(ROWS), study(questions=[{"id": "Q07"}]))
    assert problem.params["near"] == "q7 …"


def test_a_target_group_of_nobody_is_a_problem_and_a_question_for_nobody_a_warning() -> None:
    rows = [row("1", "a", "b", None), row("2", "c", "a", None)]
    nobody = study(survey={"file": "f", "id": "nr", "include": "q1=a and q3=a"})
    assert [p.key for p in problems(export(rows), nobody)] == ["survey.nobody_included"]
    survey = build_survey(export(rows), study(survey={"file": "f", "id": "nr", "include": "q1=a"}))
    assert [w.key for w in survey.warnings] == ["survey.asked_nobody"]
    assert survey.overview(lambda _: False)[0].asked == 0


def test_an_export_without_rows_is_a_problem() -> None:
    empty = export(ROWS)
    empty = Export(empty.columns, empty.frame.iloc[:0], (), "export.csv", "csv", {})
    assert [p.key for p in problems(empty, study())] == ["survey.no_rows"]


def test_values_are_shown_in_the_order_of_the_study_then_the_file_then_by_size() -> None:
    rows = [
        row(str(n), "a", "a", None, x=x) for n, x in enumerate(["10", "9", "c", "d", "a", None])
    ]
    source = export(rows, x={"d": "De", "zz": "niemand"})
    config = study(attributes=[{"id": "x", "values": {"c": "See"}}])
    survey = build_survey(source, config)
    groups = survey.attribute("x")
    assert [(w.params["attribute"], w.params["values"]) for w in survey.warnings[1:]] == [
        ("x", "10, 9, a, d")
    ]
    assert list(groups.labels.items()) == [
        ("c", "See"),
        ("d", "De"),
        ("9", "9"),
        ("10", "10"),
        ("a", "a"),
    ]
    assert groups.members("c") == ("2",)
    assert "5" not in groups.of


def test_bands_hold_their_lower_bound_and_warn_of_cells_without_a_number() -> None:
    rows = [
        row(str(n), "a", "a", None, age=x) for n, x in enumerate(["17", "18", "24,5", "25", "?"])
    ]
    survey = build_survey(export(rows), study(attributes=[{"id": "age", "bands": [18, 25]}]))
    assert dict(survey.attribute("age").of) == {"0": "<18", "1": "18-24", "2": "18-24", "3": "25+"}
    assert [(w.key, w.params.get("rows")) for w in survey.warnings] == [
        ("expression.value_unseen", None),  # nobody in these rows has q1=b
        ("survey.band_no_number", "6"),
    ]


def test_groups_of_expressions_take_each_respondent_once() -> None:
    config = study(attributes=[{"id": "g", "groups": {"ja": "q3=a", "b": "q1=b", "rest": "all"}}])
    groups = build_survey(export(ROWS), config).attribute("g")
    assert dict(groups.of) == {"9": "ja", "10": "ja", "11": "rest", "13": "ja", "100": "ja"}
    assert list(groups.labels) == ["ja", "rest"]


CELLS = st.sampled_from([None, "a", "b", "c", " "])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_bases_add_up_for_any_pattern_of_empty_cells(
    cells: list[tuple[str | None, str | None, str | None]],
) -> None:
    rows = [row(str(n), q1, q3, q7) for n, (q1, q3, q7) in enumerate(cells)]
    rows += [row("x", "a", "a", "y"), row("z", "b", "b", None), row("v", "c", "c", None)]
    survey = build_survey(export(rows), study())
    (overview,) = survey.overview(lambda _: True)
    assert overview.asked == overview.answered + overview.empty
    assert overview.contentless == overview.answered
    assert {a.respondent_id for a in survey.answers("q7")} <= set(survey.asked("q7"))
    assert set(survey.asked("q7")) <= set(survey.respondents)
    assert len(survey.respondents) + survey.screened_out == len(rows)
