"""study.toml: what it takes, and that every mistake in it is told at once, where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from themecoder.errors import InputError, Problem
from themecoder.expressions import parse
from themecoder.messages import LANGUAGES, render
from themecoder.settings import model
from themecoder.settings.lines import key_lines
from themecoder.settings.load import load_study, parse_study
from themecoder.settings.model import StudyConfig
from themecoder.settings.paths import StudyPaths

ROOT = Path(__file__).parents[2]

MINIMAL = """\
id = "s"
title = "S"
[survey]
file = "survey.csv"
id = "nr"
[[questions]]
id = "q1"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "survey.csv").write_text("nr;q1\n1;ja\n", encoding="utf-8")
    return tmp_path


def problems(folder: Path, text: str) -> list[Problem]:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_study(folder)
    for problem in caught.value.problems:
        assert all(render(problem, language) for language in LANGUAGES)
    return caught.value.problems


def found(folder: Path, text: str) -> list[tuple[str, int | None]]:
    return [(problem.key, problem.row) for problem in problems(folder, text)]


def test_the_shipped_study_says_who_was_asked_what() -> None:
    study = load_study(ROOT)
    assert study.id == "mind-genai"
    assert {q.id: str(q.asked) for q in study.questions} == {
        "q7": "q3=a",
        "q15": "q3=a",
        "q18": "q3=b",
        "q19": "q3=b",
    }
    assert str(study.survey.include) == "q1 in a,b"
    assert "synthetisch" in (study.synthetic or "")


def test_the_survey_path_of_the_shipped_study_stands_in_one_place() -> None:
    assert (ROOT / "study.toml").read_text(encoding="utf-8").count("survey.csv") == 1


def test_a_study_of_the_least_keys_gets_the_documented_defaults(folder: Path) -> None:
    study = parse_study(MINIMAL, folder / "study.toml")
    question = study.question("q1")
    assert (question.column, question.label, question.asked) == ("q1", "q1", parse("all"))
    assert (study.language, study.seed, study.coding.blind_share) == ("nl", 0, 0.2)
    assert (study.mining.themes, study.report.smallest_cell) == ("auto", 5)


def test_a_question_is_labelled_by_its_label_else_its_text(folder: Path) -> None:
    text = MINIMAL + 'text = "Waarom?"\n[[questions]]\nid = "q2"\ntext = "Waarom?"\nlabel = "W2"\n'
    assert [q.label for q in parse_study(text, folder / "study.toml").questions] == [
        "Waarom?",
        "W2",
    ]


def test_spaces_are_part_of_a_columns_name(folder: Path) -> None:
    text = MINIMAL.replace('"nr"', '"nr "') + 'column = " q1"\n'
    study = parse_study(text, folder / "study.toml")
    assert (study.survey.id, study.questions[0].column) == ("nr ", " q1")


def test_a_byte_order_mark_is_no_part_of_the_text(folder: Path) -> None:
    (folder / "study.toml").write_bytes(b"\xef\xbb\xbf" + MINIMAL.encode())
    assert load_study(folder).id == "s"


def test_five_mistakes_are_five_problems_each_with_its_line(folder: Path) -> None:
    text = """\
id = "s"
titel = "S"
language = "tlh"
[survey]
file = "survei.csv"
id = 3
[[questions]]
id = "q1"
asked = "q3=a en q5=b"
[[questions]]
id = "q1"
"""
    assert found(folder, text) == [
        ("study.missing", None),
        ("study.unknown_key", 2),
        ("study.not_one_of", 3),
        ("study.no_file", 5),
        ("study.expected_text", 6),
        ("expression.syntax_operator", 9),
        ("study.double", 11),
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("[mining]\nthemes = 0", "study.themes"),
        ("[mining]\nthemes = true", "study.themes"),
        ("[mining]\nexact_up_to = -1", "study.too_small"),
        ("[mining]\nsample = 10", "study.too_small"),
        ('[mining]\nthemes = "veel"', "study.themes"),
        ("[mining]\nencoders = []", "study.empty_list"),
        ('[masking]\nallow = "x"', "study.expected_list"),
        ("[masking]\nallow = [1]", "study.expected_text"),
        ('[masking]\nallow = ["X"]\nforbid = ["x"]', "study.allowed_and_forbidden"),
        ("[coding]\nblind_share = 1.5", "study.too_large"),
        ('[coding]\ncoders=["a","a"]', "study.coder_twice"),
        ('[coding]\ncoders = ["adjudicated"]', "study.reserved"),
        ("coding = 3", "study.expected_table"),
        ('[label_studio]\nurl = "localhost"', "study.bad_url"),
        ("[report]\nsmallest_cell = -1", "study.too_small"),
        ("[report]\nsmallest_cell = 2.5", "study.expected_whole_number"),
        ("[codebook]", "study.missing"),
        ('[[attributes]]\nid = "a/b"', "study.bad_id"),
        ('[[attributes]]\nid="a"\nbands=[5, 5]', "study.bands_order"),
        ('[[attributes]]\nid="a"\nbands=[5]\nvalues={a="b"}', "study.several_ways"),
        ('[[attributes]]\nid="a"\ngroups={x="q3="}', "expression.syntax_value"),
        ('[[multiple]]\nid="m"\ncolumns=[]', "study.empty_list"),
        ('[[questions]]\nid = "Adjudicated"', "study.reserved"),
        ('[[questions]]\nid = "Q1"', "study.double"),
        ('[[questions]]\nid = "q."', "study.bad_id"),
        ('[[questions]]\nid = ""', "study.bad_id"),
        (
            '[[questions]]\nid = "q2"\ncolumn = "q1"\n[[questions]]\nid = "q3"\ncolumn = "q1"',
            "study.double",
        ),
    ],
)
def test_a_mistake_is_named(folder: Path, line: str, key: str) -> None:
    given_last = line.startswith("coding")
    text = f"{line}\n{MINIMAL}" if given_last else f"{MINIMAL}{line}\n"
    assert [problem.key for problem in problems(folder, text)] == [key]


def test_an_unknown_key_suggests_the_near_one_of_its_table(folder: Path) -> None:
    (problem,) = problems(folder, MINIMAL + 'askd = "q3=a"\n')
    assert (problem.params["setting"], problem.params["near"]) == ("questions[1].askd", "asked …")


def test_a_file_that_is_not_there_names_the_near_one(folder: Path) -> None:
    (problem,) = problems(folder, MINIMAL.replace("survey.csv", "survy.csv"))
    assert problem.params["near"] == "survey.csv"
    (problem,) = problems(folder, MINIMAL.replace("survey.csv", "dat/survey.csv"))
    assert problem.key == "study.no_folder"


def test_text_that_is_no_toml_is_pointed_at(folder: Path) -> None:
    (problem,) = problems(folder, MINIMAL.replace('"nr"', "nr"))
    assert (problem.key, problem.row) == ("study.not_toml", 5)
    assert problem.column


def test_bytes_that_are_no_utf8_are_pointed_at(folder: Path) -> None:
    (folder / "study.toml").write_bytes('id = "s"\ntitle = "é"\n'.encode("cp1252"))
    with pytest.raises(InputError) as caught:
        load_study(folder)
    assert [(p.key, p.row) for p in caught.value.problems] == [("study.not_utf8", 2)]


def test_no_study_here(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_study(tmp_path)
    assert caught.value.problems[0].key == "study.not_found"


def test_asking_for_a_question_that_is_not_there_names_those_that_are(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        parse_study(MINIMAL, folder / "study.toml").question("q9")
    assert caught.value.problems[0].params == {"id": "q9", "ids": "q1"}


JSON = st.recursive(
    st.one_of(st.integers(-5, 5), st.text(max_size=4), st.booleans(), st.floats(0, 9)),
    lambda part: st.one_of(
        st.lists(part, max_size=3), st.dictionaries(st.sampled_from("abx"), part, max_size=2)
    ),
    max_leaves=4,
)
KEYS = list(StudyConfig.model_fields)


@given(st.sampled_from(KEYS), JSON)
def test_whatever_a_key_holds_is_taken_or_told(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: Any
) -> None:
    toml = f"{key} = {_toml(value)}\n"
    try:
        parse_study(toml, tmp_path_factory.getbasetemp() / "study.toml")
    except InputError as error:
        assert all(render(p, language) for p in error.problems for language in LANGUAGES)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return (
        f"'{value}'"
        if isinstance(value, str) and value.isalnum()
        else repr(str(value).strip("'\"\\"))
    )


def test_lines_of_keys_in_tables_arrays_and_around_long_values() -> None:
    text = '''\
a = 1
long = """
b = 2
[no]
"""
list = [
  "x = 1", # c = 3
  [1],
]
"quoted key" = 3
dot.ted = 4
[t]
a = '[u]'
[[q]]
id = 1
[[q]] # comment
id = 2
[q.values]
a = 1
'''
    assert key_lines(text) == {
        ("a",): 1,
        ("long",): 2,
        ("list",): 6,
        ("quoted key",): 10,
        ("dot",): 11,
        ("dot", "ted"): 11,
        ("t",): 12,
        ("t", "a"): 13,
        ("q",): 14,
        ("q", 0): 14,
        ("q", 0, "id"): 15,
        ("q", 1): 16,
        ("q", 1, "id"): 17,
        ("q", 1, "values"): 18,
        ("q", 1, "values", "a"): 19,
    }


def documented_models() -> list[type[BaseModel]]:
    return [
        value
        for value in vars(model).values()
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and value.__module__.startswith("themecoder.settings.")
    ]


@pytest.mark.parametrize("settings", documented_models(), ids=lambda one: one.__name__)
def test_every_key_is_documented(settings: type[BaseModel]) -> None:
    text = (ROOT / "docs" / "study-file.md").read_text(encoding="utf-8")
    missing = [
        key for key in settings.model_fields if f"`{key}`" not in text and f"[{key}]" not in text
    ]
    assert missing == []


def test_the_example_in_the_documentation_is_a_study(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "study-file.md").read_text(encoding="utf-8")
    first, second = [block.split("```")[0] for block in text.split("```toml\n")[1:]]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "survey.csv").touch()
    study = parse_study(first + second, tmp_path / "study.toml")
    assert [attribute.id for attribute in study.attributes] == ["leeftijd", "gebruik"]


def test_paths_of_a_study_lie_in_its_folder() -> None:
    paths = StudyPaths(Path("s"))
    assert paths.coding("q7", "a").as_posix() == "s/annotations/q7/a.jsonl"
    assert paths.themes("q7").as_posix() == "s/themes/q7"
    assert paths.codebook("mind-genai").as_posix() == "s/codebooks/mind-genai"
