"""A machine's keywords in a memo: told from what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.codebook.theme_keywords import keywords_note, words_of_people
from themecoder.messages import LANGUAGES

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(
    st.sampled_from(LANGUAGES),
    st.integers(1, 999),
    st.lists(LINE, min_size=1, max_size=4),
    st.lists(st.sampled_from(["Niet als het om geld gaat.", "Kernwoorden: geld", "(zie memo)"])),
)
def test_what_people_wrote_around_it_stays(
    language: str, theme: int, words: list[str], people: list[str]
) -> None:
    note = keywords_note("q18.a", theme, words, language)
    for place in range(len(people) + 1):
        memo = "\n".join([*people[:place], note, *people[place:]])
        assert words_of_people(memo) == "\n".join(people)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_theme_without_keywords_has_no_note(language: str) -> None:
    assert keywords_note("q18", 1, [], language) == ""
