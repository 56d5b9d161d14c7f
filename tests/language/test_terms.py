"""Words, phrases and negations that may become keywords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.language import tokens as token_stage
from themecoder.language import words
from themecoder.language.dutch import Forms
from themecoder.language.terms import commonest, spelling_variants, terms
from themecoder.language.tokens import MASKED, Token

NL = words.load("nl")
POS = {
    "oordeel": "NOUN",
    "gebrek": "NOUN",
    "empathie": "NOUN",
    "vertrouw": "VERB",
    "praat": "VERB",
    "vertrouwen": "VERB",
    "veilig": "ADJ",
    "computer": "NOUN",
    "voelt": "VERB",
    "dag": "NOUN",
    "nacht": "NOUN",
    "gesprek": "NOUN",
    "warm": "ADJ",
}
LEMMA = {"vertrouw": "vertrouwen", "praat": "praten", "voelt": "voelen"}


def text(sentence: str) -> list[Token]:
    found = []
    for word in sentence.split():
        low = word.lower()
        pos = "PUNCT" if not word[0].isalnum() and word != MASKED else POS.get(low, "")
        found.append(Token(word, LEMMA.get(low, low), pos))
    return found


def forms(sentence: str) -> list[str]:
    return [term.form for term in terms(text(sentence), NL)]


def test_stop_words_marks_and_numbers_are_no_terms() -> None:
    assert forms("de het ik . 12 , nee") == []


def test_a_mask_is_no_term_and_parts_the_words_around_it() -> None:
    assert forms(f"computer {MASKED} gesprek") == ["computer", "gesprek"]


def test_a_negation_before_a_noun_stays_visible() -> None:
    assert "geen oordeel" in forms("er is geen oordeel")


def test_a_negation_before_a_verb_is_shown_without_what_is_between() -> None:
    assert "niet vertrouwen" in forms("dat is niet te vertrouwen")


def test_a_negation_after_a_verb_stays_visible() -> None:
    assert "vertrouw niet" in forms("ik vertrouw het niet")


def test_an_english_negation_keeps_the_word_that_it_is_written_to() -> None:
    said = [Token(word, word.lower()) for word in ("I", "do", "n't", "trust", "machines")]
    said[3] = Token("trust", "trust", "VERB")
    assert "don't trust" in [term.form for term in terms(said, words.load("en"))]


def test_a_negation_denies_the_word_it_stands_before() -> None:
    found = forms("dat voelt niet veilig")
    assert "niet veilig" in found
    assert "niet voelen" not in found


def test_a_negation_does_not_reach_into_the_next_clause() -> None:
    assert forms("niet omdat gesprek") == ["gesprek"]


def test_a_phrase_keeps_the_linking_words_inside() -> None:
    assert "gebrek aan empathie" in forms("een gebrek aan empathie")
    assert "dag en nacht" in forms("dag en nacht")


def test_a_phrase_does_not_cross_a_mark() -> None:
    assert forms("computer , gesprek") == ["computer", "gesprek"]


def test_forms_of_a_lemma_share_a_key_and_accents_do_not_matter() -> None:
    assert Token("Patiënt", "patiënt").key == Token("patient", "patient").key


def test_what_is_said_as_one_is_one_word() -> None:
    assert forms("24/7") == ["24/7"]


def test_shouting_is_not_shown_as_shouting() -> None:
    assert forms("GESPREK") == ["gesprek"]


def test_abbreviations_keep_their_capitals() -> None:
    assert forms("GGZ") == ["GGZ"]


def test_a_rare_unknown_spelling_joins_the_word_it_is_a_slip_of() -> None:
    counts = {"privacy": 9, "privicy": 1, "priacy": 2, "privaat": 3}
    known = {"privacy": True, "privicy": False, "priacy": False, "privaat": True}
    assert spelling_variants(counts, known) == {"privicy": "privacy", "priacy": "privacy"}


def test_a_known_word_is_no_slip() -> None:
    assert spelling_variants({"wensen": 20, "wenzen": 1}, {"wensen": True, "wenzen": True}) == {}


@given(st.dictionaries(st.text("abcde", min_size=6, max_size=8), st.integers(1, 30), max_size=25))
def test_a_slip_joins_a_word_that_is_no_slip_of_less(counts: dict[str, int]) -> None:
    joined = spelling_variants(counts, dict.fromkeys(counts, False))
    for slip, word in joined.items():
        assert counts[word] >= 3 * counts[slip]
        assert abs(len(slip) - len(word)) <= 1
        assert slip[0] == word[0]


def test_the_commonest_form_is_the_shortest_of_equals() -> None:
    assert commonest(["gegevens", "gegeven", "gegevens"]) == "gegevens"
    assert commonest(["tips", "tip"]) == "tip"


WORD = st.text(st.characters(codec="utf-8", exclude_characters="\x1e\x1f"), min_size=1)


@given(st.lists(st.builds(Token, WORD, WORD, st.sampled_from(["", "NOUN"]), st.booleans())))
def test_stored_tokens_come_back_as_they_were(found: list[Token]) -> None:
    assert token_stage.parse(token_stage.dump(found)) == tuple(found)


def test_what_is_no_stored_token_is_an_error() -> None:
    with pytest.raises(ValueError, match="unpack"):
        token_stage.parse("nonsense")


FORMS = Forms(
    lookup={"gesprekken": "gesprek", "gegevens": "gegeven", "luistert": "luisteren"},
    exceptions={
        "noun": {"kinderen": ["kind"], "oordelen": ["oordeel"], "bots": ["bot"]},
        "verb": {"praat": ["praten"], "oordeel": ["oordelen"]},
        "adj": {"bange": ["bang"]},
    },
    index={
        "noun": frozenset({"kind", "oordeel", "praat", "gesprek", "bot"}),
        "verb": frozenset({"praten", "oordelen", "luisteren"}),
        "adj": frozenset({"bang"}),
    },
)


@pytest.mark.parametrize(
    ("before", "form", "after", "lemma", "pos"),
    [
        ("ik", "praat", "met", "praten", "VERB"),
        ("nu", "praat", "ik", "praten", "VERB"),
        ("de", "praat", "van", "praat", "NOUN"),
        ("geen", "oordeel", "", "oordeel", "NOUN"),
        ("te", "oordelen", "", "oordelen", "VERB"),
        ("veel", "oordelen", "", "oordeel", "NOUN"),
        ("de", "kinderen", "", "kind", "NOUN"),
        ("", "gesprekken", "", "gesprek", "NOUN"),
        ("mijn", "gegevens", "", "gegeven", "NOUN"),
        ("hij", "luistert", "", "luisteren", "VERB"),
        ("een", "bange", "man", "bang", "ADJ"),
        ("die", "chatbots", "", "chatbot", "NOUN"),
        ("", "xyzzy", "", "xyzzy", ""),
    ],
)
def test_words_beside_a_word_tell_noun_from_verb(
    before: str, form: str, after: str, lemma: str, pos: str
) -> None:
    assert FORMS.analyse(form, before, after, NL) == (lemma, pos)


def test_a_language_without_lists_has_empty_ones() -> None:
    assert words.load("xx") == words.WordLists()
