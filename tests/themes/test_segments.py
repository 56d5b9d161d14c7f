"""Answers cut into segments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from themecoder.themes.segments import cut


def pieces(text: str, language: str = "nl") -> list[str]:
    return [segment.text for segment in cut("1:q", text, language)]


_PARTS = st.sampled_from(
    [
        "ik vind het handig",
        "maar",
        ". ",
        "; ",
        "\n",
        ", daarnaast ",
        "[NAAM]",
        " o.a. ",
        "1.5",
        "…",
        "?!",
        " en ook ",
        "😅",
        " ",
        "Nee",
        "é",
        "[E-MAIL]",
        "- ",
        '"',
        "alleen maar",
    ]
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PARTS, max_size=14).map("".join))


@given(_TEXTS, st.sampled_from(["nl", "en", "de", "fr", "xx"]))
def test_segments_are_in_order_exact_and_hold_every_letter_and_digit(text, language):
    segments = cut("1:q", text, language)
    covered = [False] * len(text)
    end = 0
    for segment in segments:
        assert end <= segment.start < segment.end <= len(text)
        assert text[segment.start : segment.end] == segment.text
        assert segment.text == segment.text.strip()
        covered[segment.start : segment.end] = [True] * (segment.end - segment.start)
        end = segment.end
    assert all(c for c, character in zip(covered, text, strict=True) if character.isalnum())


@given(_TEXTS)
def test_a_mask_is_never_cut(text):
    segments = cut("1:q", text)
    assert sum(s.text.count("[NAAM]") for s in segments) == text.count("[NAAM]") or not segments


def test_sentences_lines_and_semicolons_part():
    said = "Het is er altijd. Ik hoef nooit te wachten\nhet kost niks; wel zo fijn toch"
    assert pieces(said) == [
        "Het is er altijd.",
        "Ik hoef nooit te wachten",
        "het kost niks;",
        "wel zo fijn toch",
    ]


def test_a_contrast_and_an_addition_part():
    assert pieces("het is wel handig maar ik mis de mens") == [
        "het is wel handig",
        "maar ik mis de mens",
    ]
    assert pieces("snel en gratis antwoord, daarnaast oordeelt het niet") == [
        "snel en gratis antwoord,",
        "daarnaast oordeelt het niet",
    ]


def test_maar_in_a_fixed_phrase_does_not_part():
    assert len(pieces("je wordt alleen maar in je gelijk bevestigd")) == 1


def test_short_pieces_stay_with_a_neighbour():
    assert pieces("Nee. Ik zou dat nooit doen.") == ["Nee. Ik zou dat nooit doen."]


def test_abbreviations_and_numbers_do_not_part():
    assert len(pieces("ik gebruik o.a. Gemini en bijv. ChatGPT voor 1.5 uur per dag")) == 1


def test_nothing_to_read_gives_no_segment():
    assert cut("1:q", " … 😅 -- ") == []
    assert cut("1:q", "") == []
