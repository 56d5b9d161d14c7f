"""quotes.yaml: read with every mistake and its line, changed line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, message, render
from themecoder.quotes.choices import Choice, Choices
from themecoder.quotes.files.choices import CHOOSE, NEVER, parse_choices, read_choices_text
from themecoder.quotes.files.edits import Edits

FILE = Path("quotes.yaml")
CODES = ("hulp", "zorg", "no")
QUESTIONS = ("q1", "q2")
TYPED = """\
# van Anna
hulp:
  choose:
  - r1:q1   # mooi
  # hierna die van Bo
  - answer: r2:q1
    start: 3
    end: 9

# Zorg: overlegd op dinsdag
zorg:
  never: [r3:q1, r4:q2]   # te herkenbaar
  note: >
    twee
    regels
"""


def read(text: str) -> dict[str, Choices]:
    return parse_choices(text, FILE, CODES, QUESTIONS)


def ids(found: dict[str, Choices], code: str, key: str) -> list[str]:
    return [one.answer_id for one in getattr(found.get(code, Choices()), key)]


def test_what_a_person_typed_is_read_with_its_lines() -> None:
    found = read(TYPED)
    assert found["hulp"].choose == (Choice("r1:q1", row=4), Choice("r2:q1", 3, 9, row=6))
    assert ids(found, "zorg", NEVER) == ["r3:q1", "r4:q2"]
    assert found["zorg"].note == "twee regels\n"
    assert read("") == read("# niets\n") == read("hulp:\n") == {}


WRONG = {
    "- a": ["no_table"],
    "hulp: [r1:q1]": ["no_section"],
    "help:\n  choose: []": ["no_code"],
    "hulp:\n  kies: []\n  choose: r1:q1\n  note: 3": ["no_key", "no_list", "no_text"],
    "hulp:\n  choose:\n  - 5\n  - r1:q9\n  - [r1:q1]\n  - {start: 1, end: 2}": ["no_answer"] * 4,
    "hulp:\n  choose:\n  - {answer: r1:q1, start: 4}\n  - {answer: r2:q1, start: 4, end: 4}\n"
    "  - {answer: r3:q1, begin: 4}": ["no_place", "no_place", "no_key"],
    "hulp:\n  choose: [r1:q1, r1:q2]\n  never: [r1:q1]": ["same_person", "both"],
    "hulp:\n  choose: [r1:q1]\n  never:\n  - {answer: r2:q1, start: x}\n  - :q1": [
        "no_place",
        "no_answer",
    ],
    "hulp:\n  5: x\n  ~: y\n  ? [a]\n  : b\n  choose:\n  - {answer: r1:q1, 5: 4}": ["no_key"] * 4,
    "hulp:\n\tchoose: []": ["not_yaml"],
    "hulp: {}\nhulp: {}": ["double_key"],
    "hulp: &a [*a]": ["not_yaml"],
    "hulp: *b": ["not_yaml"],
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:20])
def test_every_mistake_is_told_with_its_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    found = caught.value.problems
    assert sorted(p.key for p in found) == sorted(f"quotes.{key}" for key in WRONG[text])
    assert all(problem.row for problem in found)
    assert all(render(problem, language) for problem in found for language in LANGUAGES)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "quotes.yaml"
    assert read_choices_text(file) == ""
    file.write_bytes(b"hulp:\n  note: caf\xe9\n")
    with pytest.raises(InputError) as caught:
        read_choices_text(file)
    assert caught.value.problems[0].row == 2


def test_only_the_lines_of_a_change_change() -> None:
    edits = Edits(TYPED, FILE)
    edits.add("hulp", CHOOSE, Choice("r5:q1"))
    assert edits.text == TYPED.replace("    end: 9\n", "    end: 9\n  - r5:q1\n")
    assert edits.remove("hulp", CHOOSE, "r5:q1")
    assert edits.text == TYPED
    assert not edits.remove("hulp", CHOOSE, "r5:q1")
    edits.add("zorg", NEVER, Choice("r3:q1"))
    assert edits.text == TYPED
    edits.add("zorg", NEVER, Choice("r5:q2"))
    assert edits.text == TYPED.replace("r4:q2]", "r4:q2, r5:q2]")
    edits.remove("zorg", NEVER, "r5:q2")
    edits.remove("hulp", CHOOSE, "r1:q1")
    assert edits.text == TYPED.replace("  - r1:q1   # mooi\n", "")


def test_the_last_choice_takes_its_keys_along_and_leaves_remarks() -> None:
    edits = Edits(TYPED, FILE)
    edits.remove("hulp", CHOOSE, "r1:q1")
    edits.remove("hulp", CHOOSE, "r2:q1")
    assert edits.text.startswith("# van Anna\n  # hierna die van Bo\n\n# Zorg")
    for answer in ("r3:q1", "r4:q2"):
        edits.remove("zorg", NEVER, answer)
    assert read(edits.text) == {"zorg": Choices(note="twee regels\n")}


UNEDITABLE = (
    "hulp: {choose: [r1:q1]}\n",
    "hulp:\n  choose: [r1:q1,\n    r2:q1]\n",
    "{}\n",
    "hulp: null\n",
)


@pytest.mark.parametrize("text", UNEDITABLE)
def test_what_cannot_be_changed_by_line_is_left_alone(text: str) -> None:
    edits = Edits(text, FILE)
    with pytest.raises(InputError) as caught:
        edits.add("hulp", CHOOSE, Choice("r7:q1"))
    assert [problem.key for problem in caught.value.problems] == ["quotes.not_editable"]


def test_windows_line_ends_stay() -> None:
    edits = Edits("hulp:\r\n  choose:\r\n  - r1:q1\r\n", FILE)
    edits.add("hulp", CHOOSE, Choice("r2:q1"))
    assert edits.text == "hulp:\r\n  choose:\r\n  - r1:q1\r\n  - r2:q1\r\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_a_new_file_is_nothing_but_remarks(language: str) -> None:
    head = message("quotes.file_header", language).lstrip()
    assert read(head) == {}
    assert all(line.startswith("#") for line in head.splitlines())


ANSWERS = st.sampled_from(["r1:q1", "12:30:q1", "1e3:q2", "a b'\":q1", "#x:q2", "- y:q1", "é:q2"])
MOVES = st.tuples(
    st.sampled_from(["add", "remove"]),
    st.sampled_from(CODES),
    st.sampled_from([CHOOSE, NEVER]),
    ANSWERS,
    st.booleans(),
)
STARTS = st.sampled_from(["", "# kop\n", "zorg:\n", "hulp:\n  note: x\n"])


@given(st.lists(MOVES, max_size=12), STARTS)
def test_any_row_of_changes_is_read_back(
    moves: list[tuple[str, str, str, str, bool]], start: str
) -> None:
    edits = Edits(start, FILE)
    kept: dict[tuple[str, str], list[Choice]] = {}
    for what, code, key, answer, placed in moves:
        mine = kept.setdefault((code, key), [])
        choice = Choice(answer, 1, 5) if placed and key == CHOOSE else Choice(answer)
        if what == "add" and all(one.answer_id != answer for one in mine):
            edits.add(code, key, choice)
            mine.append(choice)
        elif what == "remove":
            there = [one for one in mine if one.answer_id == answer]
            assert edits.remove(code, key, answer) == bool(there)
            mine[:] = [one for one in mine if one.answer_id != answer]
    try:
        found = read(edits.text)
    except InputError as error:
        assert {p.key for p in error.problems} == {"quotes.both"}
        return
    for (code, key), expected in kept.items():
        got = [(o.answer_id, o.start) for o in getattr(found.get(code, Choices()), key)]
        assert got == [(o.answer_id, o.start) for o in expected]
