"""What counts are broken down by, held against plain pandas on the shipped study."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

from themecoder import Study
from themecoder.errors import InputError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(ROOT)


@pytest.fixture(scope="module")
def frame() -> pandas.DataFrame:
    found = pandas.read_csv(ROOT / "data" / "survey.csv", sep=";", dtype=str, keep_default_na=False)
    found = found[found["q1"].isin(["a", "b"])]  # the target group
    assert len(found) == 771
    return found


def shown(study: Study, question: str, *by: str) -> dict[tuple[str, str], tuple[int | None, int]]:
    found = study.counts([question], by=by)
    return {(row.code, row.subgroup): (row.n, row.base_n) for row in found.rows}


def test_by_a_closed_question(study: Study, frame: pandas.DataFrame) -> None:
    found = shown(study, "q3", "q9")
    asked = frame["q9"] != ""
    for value in sorted(frame.loc[asked, "q9"].unique()):
        mine = frame[frame["q9"] == value]
        assert found["any", f"q9={value}"] == (len(mine), len(mine))
    assert found["any", "q9="][1] == int((~asked).sum())
    labels = study.counts(["q3"], by=["q9"]).subgroup_labels
    closed = next(one for one in study.config.closed if one.id == "q9")
    assert labels["q9=a"] == f"{closed.label}: {closed.values['a']}"


def test_by_an_expression_with_a_name_and_without(study: Study, frame: pandas.DataFrame) -> None:
    found = shown(study, "q3", "jong: q23<30", "q3=a and q23>=65")
    age = pandas.to_numeric(frame["q23"])
    assert found["a", "jong=yes"] == (
        int(((frame["q3"] == "a") & (age < 30)).sum()),
        int((age < 30).sum()),
    )
    assert found["any", "jong=no"][1] == int((age >= 30).sum())
    # q3 by what it answered itself tells nothing
    assert not [key for key in found if key[1].startswith("expr")]
    labels = study.counts(["q22"], by=["q3=a"]).subgroup_labels
    assert labels["expr1=yes"] == "q3=a: ja"


def test_by_a_question_with_several_answers(study: Study, frame: pandas.DataFrame) -> None:
    closed = next(one for one in study.config.closed if one.kind == "multiple")
    found = shown(study, "q3", closed.id)
    ticked = {column: int((frame[column] == "1").sum()) for column in closed.options}
    there = {column: found["a", f"{column}=yes"] for column, n in ticked.items() if n}
    assert {column: base for column, (_, base) in there.items()} == {
        column: n for column, n in ticked.items() if n
    }
    assert {n for n, _ in there.values()} > {None}  # small ones and their guards are hidden
    assert all(n in (None, ticked[column]) for column, (n, _) in there.items())
    # who answered at all is as known as the base is
    assert all(found["any", f"{column}=yes"] == (n, n) for column, n in ticked.items() if n)


def test_what_can_make_no_groups_is_told_all_at_once(study: Study) -> None:
    with pytest.raises(InputError) as error:
        study.counts(["q3"], by=["q99", "q3==", "q3=z", "q23", "zorg: q3=a", "leeftijd"])
    assert [problem.key for problem in error.value.problems] == [
        "counts.no_attribute",
        "expression.syntax_value",
        "expression.value_unseen",
        "counts.by_number",
        "counts.by_taken",
    ]
