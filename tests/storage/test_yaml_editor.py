"""The YAML editor: any edit leaves every other line as it was typed, and can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.storage.yaml_editor import YamlEditor
from themecoder.storage.yaml_text import in_brackets, load_yaml, row_of

FILE = Path("a.yaml")
TEXTS = st.sampled_from(
    ["kort", "12", "nee: of", "# geen commentaar", "'t", 'a "b"', "é 🙂", "ja, nee]", "woord " * 30]
)
SCALARS = st.one_of(TEXTS, st.booleans(), st.integers(0, 9), st.none())
REMARK = st.sampled_from(["", "   # waarom", " # [a] 'b'"])
ABOVE = st.sampled_from([[], [""], ["# kop"], ["", "# kop", ""], ["# een", "# twee"]])


def typed(value: Any) -> str:
    """A value as some person might type it on one line."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return {None: "null", True: "true", False: "false"}.get(value, str(value))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Tables in lists and in tables, on lines of their own or between brackets, with remarks."""
    lines = ["# van Anna"] if draw(st.booleans()) else []
    offset = " " * draw(st.sampled_from([0, 2, 4]))
    for key in ("a", "b", "c"):
        lines += [*draw(ABOVE), f"{key}: {typed(draw(SCALARS))}{draw(REMARK)}"]
    lines += ["# --- lijst ---", f"list:{draw(REMARK)}"]
    for number in range(draw(st.integers(1, 4))):
        lines += [offset + line if line else line for line in draw(ABOVE)]
        if draw(st.booleans()):
            lines.append(f"{offset}- {{id: n{number}, label: {typed(draw(TEXTS))}}}{draw(REMARK)}")
            continue
        lines.append(f"{offset}- id: n{number}{draw(REMARK)}")
        lines += [f"{offset}  # binnen"] if draw(st.booleans()) else []
        lines.append(f"{offset}  label: {typed(draw(TEXTS))}{draw(REMARK)}")
        if draw(st.booleans()):
            lines += [f"{offset}  text: >-", f"{offset}    # geen remark", f"{offset}    meer"]
    lines += ["words: [x, 'y', z]" + draw(REMARK), *draw(ABOVE), "last: 1"]
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    return ends.join(lines) + draw(st.sampled_from(["", ends]))


def plain(data: Any) -> Any:
    """The data without what keeps their form."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return str(data) if isinstance(data, str) else data


def edited(text: str) -> YamlEditor:
    return YamlEditor(text, FILE, "quotes")


def kept(before: str, after: str, first: int, last: int) -> None:
    """All lines but those from ``first`` to ``last`` of ``before`` stand in ``after`` unchanged."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    assert new[: first - 1] == old[: first - 1]
    below = old[last:]
    assert not below or new[-len(below) :] == below
    assert after.endswith("\n") == before.endswith("\n")


def end_of(text: str, row: int) -> int:
    """The last line of the text that begins at ``row``: folded texts go on, indented deeper."""
    return row + (2 if "text:" in text.splitlines()[row - 1] else 0)


@given(documents(), st.sampled_from("abc"), SCALARS)
def test_another_value_changes_its_line_alone(text: str, key: str, value: Any) -> None:
    before = edited(text)
    old = before.data[key]
    row = row_of(before.data, (key,))
    before.set((), {key: value})
    after = before.changed()
    assert plain(after.data) == {**plain(before.data), key: value}
    kept(text, after.text, row, row)
    if len(typed(old)) < 80 and isinstance(old, str) and isinstance(value, str):
        after.set((), {key: str(old)})
        assert after.changed().text == text


@given(documents(), st.data())
def test_values_of_entries_in_any_style(text: str, data: st.DataObject) -> None:
    before = edited(text)
    place = data.draw(st.integers(0, len(before.data["list"]) - 1))
    keys = data.draw(st.sampled_from([["label"], ["new"], ["label", "new"], ["text", "label"]]))
    values = {key: data.draw(TEXTS) for key in keys}
    before.set(("list", place), values, ("id", "new", "label", "text"))
    after = before.changed()
    expected = plain(before.data)
    expected["list"][place].update(values)
    assert plain(after.data) == expected
    row = row_of(before.data, ("list", place))
    below = [row_of(before.data, ("list", place + 1)), row_of(before.data, ("words",))]
    kept(text, after.text, row, (below[0] if below[0] > row else below[1]) - 1)
    assert after.text.count("# kop") == text.count("# kop")


@given(documents(), st.data(), st.lists(TEXTS, min_size=1, max_size=3))
def test_entries_come_and_go_without_a_trace(
    text: str, data: st.DataObject, labels: list[str]
) -> None:
    before = edited(text)
    key = data.draw(st.sampled_from(["list", "words"]))
    at = data.draw(st.integers(0, len(before.data[key])))
    new = labels if key == "words" else [{"id": "x", "label": label} for label in labels]
    before.insert((key,), at, new)
    after = before.changed()
    expected = plain(before.data)
    expected[key][at:at] = new
    assert plain(after.data) == expected
    remaining = iter(after.text.splitlines(keepends=True))
    lines = text.splitlines(keepends=True)
    assert all(line in remaining for line in lines if not line.startswith("words"))
    for place in reversed(range(at, at + len(new))):
        after.remove((key, place))
        after = after.changed()
    assert after.text == text


@given(documents(), st.sampled_from(["a", "b", "c", "list", "words"]))
def test_a_key_goes_and_remarks_above_and_below_stay(text: str, key: str) -> None:
    before = edited(text)
    before.remove((key,))
    after = before.changed()
    assert plain(after.data) == {k: v for k, v in plain(before.data).items() if k != key}
    assert after.text.count("# kop") == text.count("# kop")


@given(documents(), st.lists(TEXTS, max_size=3))
def test_a_new_key_comes_and_goes_without_a_trace(text: str, words: list[str]) -> None:
    before = edited(text)
    before.set((), {"new": {"one": words, "two": in_brackets(words)}}, ("a", "b", "new", "c"))
    after = before.changed()
    assert plain(after.data) == {**plain(before.data), "new": {"one": words, "two": words}}
    assert list(after.data).index("new") == 2
    after.remove(("new",))
    assert after.changed().text == text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("k:   # leeg\n", "k:   # leeg\n- x\n"),
        ("k: []   # leeg\n", "k:   # leeg\n- x\n"),
        ("k: >-  \n  oud\n\n# onder\n", "k:\n- x\n\n# onder\n"),
        ("k:  # boven\n- a\n# tussen\n- b\n# onder\n", "k:  # boven\n- x\n# tussen\n# onder\n"),
    ],
)
def test_a_list_in_place_of_something_else(text: str, after: str) -> None:
    editor = edited(text)
    editor.set((), {"k": ["x"]})
    assert editor.changed().text == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{a: {b: 1}}", ("a",)),
        ("a: {b: {c: 1}}", ("a", "b")),
        ("a: 1", ("a",)),
        ("a: [1]", ("a",)),
        ("x: &x\n  b: 1\na: *x", ("a",)),
        ("x: &x {b: 1}\na:\n  <<: *x\n  c: 1", ("a",)),
        ("? a\n: {b: 1}", ("c",)),
        ("x: &x 1\na:\n  b: *x", ("a",)),
    ],
)
def test_what_shares_its_lines_is_left_to_the_person(text: str, path: tuple[str, ...]) -> None:
    editor = edited(text)
    with pytest.raises(InputError) as caught:
        editor.set(path, {"b": 2})
    assert [problem.key for problem in caught.value.problems] == ["quotes.not_editable"]


@pytest.mark.parametrize(
    ("text", "key", "row"),
    [
        ("a: 1\na: 2", "double_key", 2),
        ("a: [1", "not_yaml", 1),
        ("a:\n\t- 1", "not_yaml", 2),
        ("a: 2026-13-45", "not_yaml", None),
        ("[" * 5000, "not_yaml", 1),
    ],
)
def test_what_is_no_yaml_is_one_problem(text: str, key: str, row: int | None) -> None:
    with pytest.raises(InputError) as caught:
        load_yaml(text, FILE, "codebook")
    (problem,) = caught.value.problems
    assert (problem.key, problem.row) == (f"codebook.{key}", row)
