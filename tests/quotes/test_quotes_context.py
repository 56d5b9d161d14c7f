"""A quote in its context: words whole, masks whole, characters whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from themecoder.masking.model import Mask, MaskedText
from themecoder.quotes.context import CUT, Passage, entire, marked

TEXT = "Mijn behandelaar heeft geen tijd, dus praat ik met een computer omdat die er altijd is."
FAMILY = "👩\u200d👩\u200d👧"


def masked(text: str, *names: str) -> MaskedText:
    masks = [Mask(text.index(n), text.index(n) + len(n), "name", n, "test") for n in names]
    return MaskedText(text, tuple(sorted(masks, key=lambda mask: mask.start)))


def cut(text: MaskedText, words: str, reach: int = 80, whole: int = 240) -> Passage:
    start = text.original.index(words)
    found = marked(text, start, start + len(words), reach, whole)
    assert found is not None
    return found


def test_a_short_answer_is_shown_whole() -> None:
    found = cut(masked(TEXT), "praat ik met een computer")
    assert found.before + found.quote + found.after == TEXT
    assert found.quote == "praat ik met een computer"


def test_context_is_cut_between_words() -> None:
    long = "aaaa bbbb cccc dddd eeee ffff gggg hier staat het hhhh iiii jjjj kkkk llll mmmm nnnn"
    found = cut(masked(long), "hier staat het", reach=12, whole=20)
    assert (found.before, found.after) == ("… ffff gggg ", " hhhh iiii …")


def test_a_word_or_two_are_not_cut_off() -> None:
    long = "eerst dit " + "woord " * 20 + "en hier staat het dan"
    found = cut(masked(long), "hier staat het", reach=10, whole=20)
    assert found.after == " dan"
    assert found.before.startswith(CUT)


def test_masks_stay_whole() -> None:
    text = masked("Toen zei Annelies Jansen dat ik moest bellen", "Annelies Jansen")
    found = cut(text, "Jansen dat ik")
    assert found.quote == "[NAAM] dat ik"
    assert (found.start, found.end) == (18, 31)
    assert "Jansen" not in found.before


def test_nothing_but_masks_is_not_shown() -> None:
    text = masked("Annelies!", "Annelies")
    assert marked(text, 0, 9, 80, 240) is None
    assert entire(text, 240) is None


def test_an_emoji_is_not_taken_apart() -> None:
    text = masked(f"goed {FAMILY} en 🇳🇱 dus")
    inside = text.original.index("👧")
    found = marked(text, 0, inside, 80, 240)
    assert found is not None
    assert found.quote == f"goed {FAMILY}"
    flag = text.original.index("🇱")
    end = marked(text, flag, len(text.original), 80, 240)
    assert end is not None
    assert end.quote == "🇳🇱 dus"


def test_line_ends_and_what_no_document_can_hold_go() -> None:
    text = masked("een\r\n\r\ntwee\x00\x07 drie\u202e vier")
    found = entire(text, 240)
    assert found is not None
    assert found.quote == "een twee drie vier"


def test_a_long_answer_as_its_own_quote_is_cut() -> None:
    found = entire(masked("woord " * 100), 60)
    assert found is not None
    assert found.quote + found.after == "woord " * 9 + "woord …"
    assert (found.start, found.end) == (0, 59)
    endless = entire(masked("x" * 500), 60)
    assert endless is not None
    assert (len(endless.quote), endless.after) == (60, CUT)


@st.composite
def answers(draw: st.DrawFn) -> tuple[MaskedText, int, int]:
    word = st.sampled_from(["ik", "Annelies", "hé", "e\u0301", FAMILY, "🇳🇱🇧🇪", "…", "a" * 30, "=1"])
    space = st.sampled_from([" ", "\n", "  ", ", "])
    text = "".join(draw(word) + draw(space) for _ in range(draw(st.integers(1, 25))))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    spots = [n for n in range(len(text)) if text.startswith("Annelies", n)]
    masks = tuple(Mask(n, n + 8, "name", "Annelies", "test") for n in spots)
    return MaskedText(text, masks), start, end


@given(answers(), st.integers(0, 60), st.integers(1, 120))
def test_what_is_shown_is_a_piece_of_the_masked_answer(
    case: tuple[MaskedText, int, int], reach: int, whole: int
) -> None:
    text, start, end = case
    line = " ".join(text.masked.split())
    for found in (marked(text, start, end, reach, whole), entire(text, whole)):
        if found is None:
            continue
        shown = found.before + found.quote + found.after
        assert "Annelies" not in shown
        assert shown.count("[") == shown.count("]") == shown.count("[NAAM]")
        assert shown.removeprefix(CUT).removesuffix(CUT).strip() in line
        assert found.quote == found.quote.strip() != ""
        assert found.quote[0] != "\u0301"
        assert len(found.before) <= reach + 25 or len(text.masked) <= whole


@given(answers())
def test_with_room_enough_nothing_is_left_out(case: tuple[MaskedText, int, int]) -> None:
    text, start, end = case
    found = marked(text, start, end, 0, 10_000)
    if found is not None:
        assert found.before + found.quote + found.after == " ".join(text.masked.split())
