"""Forms of one word get one lemma, however a lemmatiser reads them from sentence to sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from themecoder.language import words
from themecoder.language.lemma_votes import with_one_lemma
from themecoder.language.phrases import fold
from themecoder.language.tokens import Token

NL = words.load("nl")
VERB, NOUN = ("slapen", "VERB"), ("slaap", "NOUN")


def lemmas(*readings: tuple[str, tuple[str, str]]) -> list[str]:
    tokens = [Token(form, lemma, pos) for form, (lemma, pos) in readings]
    return [token.lemma for text in with_one_lemma([tokens], NL) for token in text]


def test_a_form_has_the_lemma_that_it_has_most_often() -> None:
    las = ("lezen", "VERB")
    assert lemmas(("las", las), ("Las", las), ("las", ("las", "NOUN"))) == ["lezen"] * 3


def test_a_form_that_is_the_lemma_of_another_goes_together_with_it() -> None:
    readings = (("slaapt", VERB), ("slapen", NOUN), ("slaap", NOUN), ("slapen", NOUN))
    assert lemmas(*readings) == ["slaap"] * 4


def test_other_words_stay_apart() -> None:
    assert lemmas(("slaapt", VERB), ("praat", ("praten", "VERB"))) == ["slapen", "praten"]


def test_stop_words_and_light_words_join_nothing() -> None:
    """Else one that is likened to a word of content would draw that out of the keywords."""
    assert lemmas(("zijn", ("zijn", "")), ("zee", ("zijn", "NOUN"))) == ["zijn", "zijn"]
    work = [("werk", ("werken", "VERB")), ("werk", ("werk", "NOUN"))]
    assert lemmas(("werken", ("werken", "")), *work) == ["werken", "werk", "werk"]


FORM = st.sampled_from(("slaap", "slapen", "slaapt", "sliep", "zijn", "de", "SLAAP", "slààp"))


@given(st.lists(st.lists(st.builds(Token, FORM, FORM.map(fold), st.sampled_from("NV")))))
def test_one_form_has_one_lemma_and_the_texts_stay(texts: list[list[Token]]) -> None:
    found = with_one_lemma(texts, NL)
    assert [[t.text for t in text] for text in found] == [[t.text for t in text] for text in texts]
    by_form: dict[str, set[str]] = {}
    for text in found:
        for token in text:
            by_form.setdefault(fold(token.lower), set()).add(token.key)
    assert all(len(keys) == 1 for keys in by_form.values())
