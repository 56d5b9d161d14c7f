"""What counts as an answer that says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.language import phrases
from themecoder.language.contentless import contentless

CASES = [
    (line.split("\t", 1)[1], line.startswith("1"))
    for line in (Path(__file__).parents[1] / "data" / "contentless_nl.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
EMPTY = [text for text, says_nothing in CASES if says_nothing]
FULL = [text for text, says_nothing in CASES if not says_nothing]
PHRASES = ["nee", "geen mening", "weet ik niet", "bedankt", "zie boven", "fijne dag nog", "nvt"]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_how_people_say_nothing_and_what_only_looks_like_it(text: str, expected: bool) -> None:
    assert contentless(text) is expected


def test_the_cases_are_many_and_of_both_kinds() -> None:
    assert len(EMPTY) >= 150
    assert len(FULL) >= 100


@given(st.sampled_from(CASES), st.sampled_from(["{}", " {} ", "{}.", "{}!!", "{} 😊", "\n{}\n"]))
def test_marks_and_space_around_an_answer_do_not_matter(
    case: tuple[str, bool], around: str
) -> None:
    text, expected = case
    assert contentless(around.format(text)) is expected


@given(st.sampled_from([t for t, _ in CASES if t.isascii() and len(t.split()) > 1]))
def test_capitals_do_not_matter(text: str) -> None:
    assert contentless(text.upper()) is contentless(text.lower())


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=5))
def test_nothing_said_several_times_is_nothing(parts: list[str]) -> None:
    assert contentless(", ".join(parts))


@given(st.sampled_from(PHRASES), st.sampled_from(["privacy", "te duur", "ik mis warmte"]))
def test_one_word_with_content_makes_content(empty: str, full: str) -> None:
    assert not contentless(f"{empty}, {full}")
    assert not contentless(f"{full}. {empty}")


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert contentless(text) in (True, False)


@given(st.text(alphabet=" \t\n.,-–…?!*/'\"()", max_size=20))
def test_marks_alone_say_nothing(text: str) -> None:
    assert contentless(text)


@pytest.mark.parametrize(
    ("language", "empty", "full"),
    [
        (
            "en",
            ["no", "N/A", "I don't know", "none, thanks!", "see above"],
            ["no trust", "privacy"],
        ),
        (
            "de",
            ["Nein", "k.A.", "weiß nicht", "keine Angabe", "siehe oben"],
            ["keine Zeit", "kalt"],
        ),
        ("fr", ["non", "Rien à ajouter", "je ne sais pas", "R.A.S."], ["rien d'humain", "froid"]),
        ("fi", ["-", "...", "x", "👍"], ["ei", "kyllä"]),
    ],
)
def test_other_languages(language: str, empty: list[str], full: list[str]) -> None:
    assert [text for text in empty if not contentless(text, language)] == []
    assert [text for text in full if contentless(text, language)] == []


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr"])
def test_every_phrase_in_a_resource_file_is_itself_contentless(language: str) -> None:
    loaded = phrases.load((language,))
    for found in loaded.by_first.values():
        for phrase in found:
            least = [sorted(e.words)[0] for e in phrase if not e.optional]
            shown = [{"#": "6", "_": "iets"}.get(word, word) for word in least]
            if shown[0] == "iets":
                continue
            assert loaded.cover(shown), shown


@pytest.mark.parametrize(
    "line", ["[phrases]\n(a) (b)", "[phrases]\na|", "[phrases]\na (b", "loose words"]
)
def test_a_damaged_resource_file_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="line"):
        phrases.parse(line.splitlines())
