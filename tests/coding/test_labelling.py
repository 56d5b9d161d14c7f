"""The plan, the labelling page, results and suggestions: pure, without a server."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk.label_interface import LabelInterface

from codebook_histories import releases
from themecoder.codebook.files.document import read_document
from themecoder.codebook.model import Codebook
from themecoder.coding.label_studio.config import (
    CODES,
    QUOTES,
    code_hotkeys,
    instruction,
    label_config,
)
from themecoder.coding.label_studio.results import Result, Span, merged, read_result, write_result
from themecoder.coding.label_studio.shown_before import shown_prediction
from themecoder.coding.label_studio.tasks import prediction
from themecoder.coding.plan import Planned, plan, with_new_rounds
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.coding.suggestions.files import read_suggestions, write_suggestions
from themecoder.errors import InputError

ROOT = Path(__file__).parents[2]
SHIPPED = read_document(ROOT / "codebooks" / "mind-genai" / "1.0.0.yaml").codebook
CODERS = ("a", "b", "c", "d")


def answers(n: int, question: str = "q1") -> dict[str, list[str]]:
    return {question: [f"R{number:04d}:{question}" for number in range(n)]}


shares = st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0])


@given(st.integers(1, 60), st.integers(2, 4), shares, shares, st.integers(0, 5))
def test_a_plan_is_balanced_and_covers_every_answer(
    n: int, n_coders: int, double: float, blind: float, seed: int
) -> None:
    coders = CODERS[:n_coders]
    rows = plan(answers(n), coders, double, blind, seed)
    per_answer = Counter(row.answer_id for row in rows)
    assert len(per_answer) == n
    assert set(per_answer.values()) <= {1, 2}
    assert sum(count == 2 for count in per_answer.values()) == round(double * n)
    load = Counter(row.coder for row in rows)
    assert max(load.values()) - min(load[coder] for coder in coders) <= 2
    assert len({row.key for row in rows}) == len(rows)
    for coder in coders:
        mine = [row for row in rows if row.coder == coder]
        assert sorted(row.place for row in mine) == list(range(1, len(mine) + 1))
        assert sum(row.blind for row in mine) == round(blind * len(mine))
    assert plan(answers(n), coders, double, blind, seed) == rows


def test_every_pair_of_coders_overlaps() -> None:
    rows = plan(answers(120), CODERS, 0.3, 0.2, 1)
    who: dict[str, set[str]] = {}
    for row in rows:
        who.setdefault(row.answer_id, set()).add(row.coder)
    pairs = Counter(pair for two in who.values() for pair in combinations(sorted(two), 2))
    assert set(pairs) == set(combinations(CODERS, 2))
    assert max(pairs.values()) - min(pairs.values()) <= 1


@given(st.integers(1, 30), st.integers(0, 30), shares, st.integers(0, 3))
def test_answers_that_come_in_later_change_nothing_for_the_others(
    n: int, more: int, double: float, seed: int
) -> None:
    first = plan(answers(n), CODERS, double, 0.25, seed)
    both = plan(answers(n + more), CODERS, double, 0.25, seed, first)
    assert set(first) <= set(both)
    assert {row.answer_id for row in both} == set(answers(n + more)["q1"])
    assert plan(answers(n + more), CODERS, double, 0.25, seed, both) == both


def test_the_seed_draws_another_plan() -> None:
    assert plan(answers(40), CODERS, 0.3, 0.2, 1) != plan(answers(40), CODERS, 0.3, 0.2, 2)


def test_what_waits_gets_a_round_of_its_own_without_suggestions() -> None:
    rows = plan(answers(10), CODERS[:2], 0, 0, 1)
    key = (rows[0].answer_id, rows[0].coder)
    (new,) = set(with_new_rounds(rows, {key: "opnieuw"}, 1)) - set(rows)
    assert (new.answer_id, new.coder, new.round, new.blind, new.note, new.place) == (
        *key,
        2,
        True,
        "opnieuw",
        1,
    )


@pytest.mark.parametrize(("coders", "key"), [((), "plan.no_coders"), (("a",), "plan.one_coder")])
def test_doubles_need_two_coders(coders: tuple[str, ...], key: str) -> None:
    with pytest.raises(InputError) as caught:
        plan(answers(3), coders, 0.5, 0, 1)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_the_plan_file_reads_back_and_names_every_wrong_row(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    rows = plan(answers(9), CODERS, 0.5, 0.2, 1)
    write_plan(file, rows)
    assert read_plan(file) == rows
    assert read_plan(tmp_path / "none.csv") == ()
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(",1,", ",een,", 1)
    lines.append(lines[3])
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(file)
    assert [(problem.key, problem.row) for problem in caught.value.problems] == [
        ("plan.damaged", 2),
        ("plan.twice", len(lines)),
    ]


def aliases(config: str, control: str) -> list[str]:
    root = xml.fromstring(config)
    (found,) = [one for one in root.iter() if one.get("name") == control]
    return [one.get("alias", "") for one in found.iter() if one.get("alias")]


@given(releases(least=1, most=3))
def test_the_page_holds_every_code_once_retired_ones_out_of_sight(
    books: tuple[Codebook, ...],
) -> None:
    book = books[-1]
    config = label_config(book)
    for control in (CODES, QUOTES):
        assert sorted(aliases(config, control)) == sorted(code.id for code in book.codes)
    hidden = [
        one.get("alias")
        for view in xml.fromstring(config).iter("View")
        if view.get("className") == "tc-retired"
        for one in view
        if one.tag in ("Choice", "Label")
    ]
    retired = [code.id for code in book.codes if code.retired]
    assert sorted(hidden) == sorted(retired * 2)  # type: ignore[type-var]
    keys = code_hotkeys(book)
    assert len(set(keys.values())) == len(keys)
    assert label_config(book) == config
    text = instruction(book)
    assert all(code.label in text for code in book.usable)


def test_label_studios_own_kit_reads_the_page_and_the_suggestions() -> None:
    page = LabelInterface(label_config(SHIPPED))
    page.validate()
    assert set(page.get_control(CODES).labels) >= {code.id for code in SHIPPED.usable}
    assert page.validate_prediction(prediction([("privacy", 0.8)], "m1"))
    assert not page.validate_prediction(
        {**prediction([("privacy", 0.8)], "m1"), "result": [{"from_name": "elders"}]}
    )


def test_all_31_codes_have_a_key_and_values_that_differ() -> None:
    assert set(code_hotkeys(SHIPPED)) == {code.id for code in SHIPPED.codes}
    root = xml.fromstring(label_config(SHIPPED))
    values = [one.get("value") for one in root.iter("Choice")]
    assert len(values) == len(set(values)) == 32


TEXT = "👩🏽‍⚕️ cafe\u0301 en\r\ntab\there, einde"
codes = st.sampled_from(["a", "b", "c"])


@st.composite
def results(draw: st.DrawFn) -> Result:
    spans = set()
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(TEXT) - 1))
        end = draw(st.integers(start + 1, len(TEXT)))
        spans.add(Span(start, end, draw(codes), TEXT[start:end]))
    ticked = draw(st.sets(codes)) | {span.code for span in spans}
    remark = draw(st.sampled_from(["", "let op", "twee\nregels"]))
    return Result(tuple(sorted(ticked)), tuple(sorted(spans)), draw(st.booleans()), remark)


@given(results())
def test_a_result_reads_back_as_it_was_written(result: Result) -> None:
    assert read_result(write_result(result), TEXT, "abc") == result


@given(results())
def test_merging_codes_changes_codes_only(result: Result) -> None:
    items = write_result(result)
    now = merged(items, {"a": "b"})
    touched = "a" in result.codes
    assert (now is None) == (not touched)
    if now is not None:
        found = read_result(now, TEXT, "abc")
        assert "a" not in found.codes and "b" in found.codes
        assert {(s.start, s.end, s.text) for s in found.spans} == {
            (s.start, s.end, s.text) for s in result.spans
        }
        assert merged(now, {"a": "b"}) is None


def test_the_suggestion_file_reads_back_and_names_every_wrong_row(tmp_path: Path) -> None:
    file = tmp_path / "q1.csv"
    write_suggestions(file, {"R2:q1": [("b", 0.9), ("a", 0.25)], "R1:q1": [("a", 0.5)]})
    assert read_suggestions(file) == {"R1:q1": [("a", 0.5)], "R2:q1": [("b", 0.9), ("a", 0.25)]}
    file.write_text("answer_id,code,score\nR1:q1,a,veel\nR1:q1,a,1.5\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_suggestions(file)
    assert [problem.row for problem in caught.value.problems] == [2, 3]


def test_a_row_of_the_plan_is_known_by_answer_coder_and_round() -> None:
    assert Planned("q1", "R1:q1", "a", 2).key == ("R1:q1", "a", 2)


def test_a_code_below_another_stands_in_and_a_flat_page_is_as_it_was() -> None:
    codes = [replace(code, parent="") for code in SHIPPED.codes]
    assert label_config(replace(SHIPPED, codes=tuple(codes))) == label_config(SHIPPED)
    first, second, third = codes[:3]
    codes[1] = replace(second, parent=third.id, group=third.group)
    codes[2] = replace(third, parent=first.id, group=first.group)
    book = replace(SHIPPED, codes=tuple(codes))
    page = xml.fromstring(label_config(book))
    choices = page.find(f".//Choices[@name='{CODES}']")
    assert choices is not None
    shown = [one.get("alias") for one in choices.iter("Choice")]
    assert shown[:3] == [first.id, third.id, second.id]
    styles = {
        one.get("alias"): view.get("style")
        for view in choices.iter("View")
        for one in view.findall("Choice")
    }
    assert styles[third.id] == "margin-left:16px"
    assert styles[second.id] == "margin-left:32px"
    assert "margin-left:32px" in instruction(book)
    LabelInterface(label_config(book)).validate()
    aliases = {one.get("alias") for one in choices.iter("Choice")}
    assert aliases == {code.id for code in SHIPPED.codes}


def test_a_mark_of_a_rejected_suggestion_goes_with_its_tick() -> None:
    suggested = Result(("a", "b"), (Span(0, 3, "a", TEXT[:3]), Span(4, 6, "b", TEXT[4:6])))
    items = [{**one, "origin": "prediction"} for one in write_result(suggested)]
    assert read_result(items, TEXT, "abc") == suggested
    ticks, of_a, of_b = items
    rejected = [{**ticks, "value": {"choices": ["b"]}}, of_a, of_b]
    assert read_result(rejected, TEXT, "abc") == Result(("b",), (Span(4, 6, "b", TEXT[4:6]),))
    assert read_result([of_a], TEXT, "abc") == Result()
    # what the coder marked or moved is hers, ticked or not
    for origin in ("manual", "prediction-changed"):
        found = read_result([{**of_a, "origin": origin}], TEXT, "abc")
        assert found == Result(("a",), (Span(0, 3, "a", TEXT[:3]),))


def test_the_suggestion_that_was_shown_is_the_one_that_the_coder_began_with() -> None:
    pushed, first, second, later = (
        {"id": number, "created_at": f"2026-01-31T10:0{number}:00.5Z"} for number in range(4)
    )
    made = {"created_at": "2026-01-31T10:02:30Z", "parent_prediction": None}
    every = [later, second, pushed, first]
    assert shown_prediction(every, made) == second
    assert shown_prediction(every, {**made, "parent_prediction": 1}) == first
    assert shown_prediction(every, {**made, "parent_prediction": 3}) == later
    assert shown_prediction([later], made) is None
    assert shown_prediction([], made) is None
    # what came with the task was there from the start, though an import makes it last
    assert shown_prediction([later], made, made["created_at"]) == later
    assert shown_prediction(every, made, made["created_at"]) == second
    assert shown_prediction([later], made, "2020-01-01T00:00:00Z") is None
    # a file may tell no moments
    assert shown_prediction([{"result": []}], {"created_at": None}) == {"result": []}
