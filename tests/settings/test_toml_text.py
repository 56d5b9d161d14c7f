"""A study.toml changed in its text: what is said changes, and no other line does."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipped import ROOT
from themecoder.errors import InputError
from themecoder.settings.toml_text import toml_value, with_entry, with_table, with_value, without
from themecoder.survey.proposal.propose import propose
from themecoder.survey.proposal.write import write_study_toml
from themecoder.survey.readers import read_export

TEXT = """\
# Wat deze studie is.
id = "tuin"
title = "De tuin"  # tussentijds

[survey]
file = "a.csv"
# wie telt mee
include = 'v1 = "ja"'

# De open vragen.
[[questions]]
id = "q1"
asked = "all"

[[questions]]
id = "q2"  # de tweede
asked = "all"

# Kenmerken om naar uit te splitsen.
[[attributes]]
id = "leeftijd"
[attributes.values]
"1" = "jong"
"2 \\"of\\" 3" = "oud"

# Het coderen.
[coding]
coders = [
  "anna",
]
"""
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def kept(before: str, after: str) -> None:
    """Every comment line of ``before`` is in ``after``, in the same order."""
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line in comments] == comments


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_value_is_changed_and_the_comment_behind_it_stays(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    changed = with_value(text, ("title",), "De tuinen")
    assert changed == text.replace('"De tuin"', '"De tuinen"')
    changed = with_value(text, ("coding", "coders"), ["bram", "cor"])
    assert f'coders = ["bram", "cor"]{newline}' in changed
    changed = with_value(text, ("coding", "adjudicator"), "els")
    assert changed == text + f'adjudicator = "els"{newline}'
    changed = with_value(text, ("questions", 0, "text"), "Waarom?")
    assert f'asked = "all"{newline}text = "Waarom?"{newline}{newline}[[questions]]' in changed
    changed = with_value(text, ("report", "smallest_cell"), 3)
    assert changed == text + f"{newline}[report]{newline}smallest_cell = 3{newline}"
    kept(text, changed)


def test_a_table_that_goes_leaves_the_comment_about_the_next_one() -> None:
    changed = without(TEXT, ("questions", 1))
    assert 'asked = "all"\n\n# Kenmerken om naar uit te splitsen.\n' in changed
    kept(TEXT, changed)
    changed = without(without(TEXT, ("attributes", 0)), ("questions", 0))
    kept(TEXT, changed)
    assert "attributes" not in tomllib.loads(changed)


def test_a_new_table_comes_behind_those_like_it() -> None:
    entry = [
        "[[questions]]",
        'id = "q3"',
        'column = "Waarom?"',
        "[questions.values]",
        '"a b" = "x"',
    ]
    changed = with_entry(TEXT, "questions", entry)
    assert changed.index("q3") < changed.index("# Kenmerken")
    kept(TEXT, changed)
    changed = with_entry(
        TEXT, "closed", ["[[closed]]", 'id = "v3"'], after=("multiple", "attributes")
    )
    assert changed.index("v3") < changed.index("# Het coderen")
    changed = with_table(TEXT, ("attributes", 0, "values"), {"2": "oud", "1": "jong"})
    assert list(tomllib.loads(changed)["attributes"][0]["values"]) == ["2", "1"]
    kept(TEXT, changed)


def test_what_is_written_in_another_way_is_refused_and_not_damaged() -> None:
    for text in ("coding = {coders = []}\n", "[a]\nb.c = 1\n[a.b.d]\n"):
        with pytest.raises(InputError):
            with_value(text, ("coding", "coders") if "coding" in text else ("a", "b"), ["x"])


@given(value=st.one_of(texts, st.lists(texts), st.booleans(), st.integers(0, 9)), name=texts)
def test_any_value_is_read_back(value: Any, name: str) -> None:
    changed = with_value(TEXT, ("coding", "anders"), value)
    assert tomllib.loads(changed)["coding"]["anders"] == value
    changed = with_table(changed, ("attributes", 0, "values"), {name: "x"})
    assert tomllib.loads(changed)["attributes"][0]["values"] == {name: "x"}
    again = with_value(changed, ("coding", "anders"), "")
    assert tomllib.loads(again)["coding"]["anders"] == ""
    kept(TEXT, again)


def test_every_table_of_a_first_study_toml_can_go() -> None:
    text = write_study_toml(propose(read_export(ROOT / "data/survey.csv")), file="survey.csv")
    for array in ("questions", "attributes", "closed"):
        data = tomllib.loads(text)
        for place in range(len(data[array])):
            changed = without(text, (array, place))
            heads = [line for line in text.split("\n\n") if line.startswith("#")]
            assert all(head.split("\n[")[0] in changed for head in heads)
            left = tomllib.loads(changed).get(array, [])
            assert left == data[array][:place] + data[array][place + 1 :]
    assert toml_value(["a", True, 2]) == '["a", true, 2]'
