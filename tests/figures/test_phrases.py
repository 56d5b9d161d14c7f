"""Phrases that say a share: each holds of the share that it was formed from, and of none far off.

The phrases are formed here, from n of d and a word, by spelling of their own.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.figures.quantities.amount import Amount
from themecoder.figures.quantities.find import find_amounts, parse_amount
from themecoder.figures.quantities.lexicon import load
from themecoder.figures.quoted.quantifiers import rule_for
from themecoder.figures.quoted.rows import quantifier_scales

# a fraction as its language says it: (numerator, denominator) -> phrases, the last with its article
FRACTIONS = {
    "nl": {
        (1, 2): ["de helft", "1 op de 2"],
        (1, 3): ["een derde", "één op de drie", "1 op 3"],
        (2, 3): ["twee derde", "tweederde", "twee op de drie", "2 van de 3"],
        (1, 4): ["een kwart", "één op de vier", "een vierde deel"],
        (3, 4): ["driekwart", "drie kwart", "drie van de vier"],
        (1, 5): ["een vijfde", "een op de vijf"],
        (4, 5): ["vier vijfde", "viervijfde", "vier van de vijf", "4 op de 5"],
        (1, 10): ["een tiende", "een op de tien", "1 op 10", "1 van de 10"],
        (9, 10): ["negen van de tien", "9 op de 10"],
    },
    "en": {
        (1, 2): ["half", "a half", "one in two"],
        (1, 3): ["a third", "one third", "one in three", "1 in 3"],
        (2, 3): ["two thirds", "two-thirds", "two out of three"],
        (1, 4): ["a quarter", "one in four"],
        (3, 4): ["three quarters", "three-quarters", "three in four"],
        (1, 5): ["a fifth", "one in every five"],
        (4, 5): ["four fifths", "four out of five"],
        (1, 10): ["a tenth", "one in ten", "1 out of 10"],
        (9, 10): ["nine out of ten", "9 in 10"],
    },
}
# word -> the side of the number that it speaks of
NEAR = {
    "nl": {
        **dict.fromkeys(["ruim", "dik", "iets meer dan", "net boven", "wat meer dan"], 1),
        **dict.fromkeys(["bijna", "krap", "net geen", "iets minder dan", "wat minder dan"], -1),
        **dict.fromkeys(["circa", "ongeveer", "rond"], 0),
    },
    "en": {
        **dict.fromkeys(["just over", "slightly more than", "a bit over"], 1),
        **dict.fromkeys(["almost", "nearly", "just under", "just shy of"], -1),
        **dict.fromkeys(["about", "roughly", "around"], 0),
    },
}
BOUND = {
    "nl": {"meer dan": 1, "ruim boven": 1, "minstens": 1, "minder dan": -1, "hoogstens": -1},
    "en": {"more than": 1, "well over": 1, "at least": 1, "fewer than": -1, "at most": -1},
}
LANGUAGES = st.sampled_from(["nl", "en"])


def read(phrase: str, language: str) -> Amount:
    amount = parse_amount(phrase, language)
    assert amount is not None, phrase
    (found,) = find_amounts(f"({phrase})", language)
    assert phrase.startswith(found.text) and found.amount == amount
    return amount


@given(LANGUAGES, st.data())
def test_a_fraction_holds_of_itself_and_of_nothing_far_off(
    language: str, data: st.DataObject
) -> None:
    (n, d), phrases = data.draw(st.sampled_from(sorted(FRACTIONS[language].items())))
    share, phrase = Fraction(n, d), data.draw(st.sampled_from(phrases))
    off = data.draw(st.fractions(Fraction(26, 1000), Fraction(1, 2)))
    amount = read(phrase, language)
    assert amount.kind == "share"
    assert amount.holds(share)
    assert not amount.holds(share + off) and not amount.holds(share - off)


@given(LANGUAGES, st.data())
def test_a_word_beside_a_fraction_holds_on_its_side_and_of_nothing_far_off(
    language: str, data: st.DataObject
) -> None:
    (n, d), phrases = data.draw(st.sampled_from(sorted(FRACTIONS[language].items())))
    share = Fraction(n, d)
    word, side = data.draw(st.sampled_from(sorted(NEAR[language].items())))
    amount = read(f"{word} {data.draw(st.sampled_from(phrases))}", language)
    width = min(Fraction(5, 100), share / 4)
    inside = data.draw(st.fractions(Fraction(1, 10**6), width))
    off = data.draw(st.fractions(Fraction(1, 1000), Fraction(1, 2)))
    assert amount.holds(share) == (side == 0)
    for sign in (1, -1):
        assert amount.holds(share + sign * inside) == (sign != -side)
        assert not amount.holds(share + sign * (width + off))


@given(LANGUAGES, st.data())
def test_a_bound_holds_of_all_on_its_side(language: str, data: st.DataObject) -> None:
    (n, d), phrases = data.draw(st.sampled_from(sorted(FRACTIONS[language].items())))
    word, side = data.draw(st.sampled_from(sorted(BOUND[language].items())))
    amount = read(f"{word} {data.draw(st.sampled_from(phrases))}", language)
    value = data.draw(st.fractions(0, 1).filter(lambda other: other != Fraction(n, d)))
    assert amount.holds(value) == ((value > Fraction(n, d)) == (side == 1))


ONES = {
    "nl": ["een", "twee", "drie", "vier", "vijf", "zes"],
    "en": ["one", "two", "three", "four", "five", "six"],
}


@given(LANGUAGES, st.integers(0, 6), st.fractions(Fraction(1, 1000), Fraction(20)))
def test_a_number_and_a_half_holds_of_what_rounds_to_it_in_halves(
    language: str, whole: int, off: Fraction
) -> None:
    word = "" if whole == 0 else ONES[language][whole - 1]
    if language == "nl":
        joint = "ën" if word.endswith("e") else "en"
        spelled = ["half"] if not word else [f"{word} en een half", f"{word}{joint}half"]
        spelled += ["anderhalf", "anderhalve"] if whole == 1 else []
        phrases = [f"{one} procent" for one in spelled]
    else:
        phrases = [f"{word} and a half percent"] if word else ["half a percent", "half percent"]
    share = Fraction(2 * whole + 1, 200)
    for phrase in phrases:
        amount = read(phrase, language)
        assert amount.holds(share) and amount.holds(share - Fraction(1, 400))
        assert not amount.holds(share + Fraction(1, 400) + off / 100 - Fraction(1, 100000))
        assert not amount.holds(share - Fraction(1, 400) - off / 100)
        near = read(("ruim " if language == "nl" else "just over ") + phrase, language)
        assert near.holds(share + Fraction(1, 1000)) and not near.holds(share)


@given(LANGUAGES, st.integers(1, 99), st.sampled_from(["{}+%", "{}+ percent", "{}-plus percent"]))
def test_a_plus_behind_a_percentage_is_a_least(language: str, percent: int, form: str) -> None:
    amount = read(form.format(percent), language)
    assert [amount.holds(Fraction(percent + step, 100)) for step in (-1, 0, 1)] == [0, 1, 1]


@given(LANGUAGES, st.integers(1, 99), st.booleans())
def test_or_more_and_or_less_are_bounds(language: str, percent: int, more: bool) -> None:
    after = {"nl": ("of minder", "of meer"), "en": ("or less", "or more")}[language][more]
    amount = read(f"{percent}% {after}", language)
    at = [amount.holds(Fraction(percent + step, 100)) for step in (-1, 0, 1)]
    assert at == ([False, True, True] if more else [True, True, False])


@pytest.mark.parametrize(
    ("phrase", "language", "low", "high"),
    [
        ("een klein kwart", "nl", Fraction(20, 100), Fraction(25, 100)),
        ("een krap kwart", "nl", Fraction(20, 100), Fraction(25, 100)),
        ("een ruim kwart", "nl", Fraction(25, 100), Fraction(30, 100)),
        ("een klein derde", "nl", Fraction(1, 3) - Fraction(5, 100), Fraction(1, 3)),
        ("een dikke helft", "nl", Fraction(50, 100), Fraction(55, 100)),
        ("een kleine helft", "nl", Fraction(45, 100), Fraction(50, 100)),
        ("een goede helft", "nl", Fraction(50, 100), Fraction(55, 100)),
        ("a good third", "en", Fraction(1, 3), Fraction(1, 3) + Fraction(5, 100)),
        ("een paar procent", "nl", Fraction(2, 100), Fraction(4, 100)),
        ("enkele procenten", "nl", Fraction(2, 100), Fraction(4, 100)),
        ("a few percent", "en", Fraction(2, 100), Fraction(4, 100)),
        ("een procent of tien", "nl", Fraction(75, 1000), Fraction(125, 1000)),
        ("een procent of 40", "nl", Fraction(35, 100), Fraction(45, 100)),
    ],
)
def test_the_bounds_of_a_phrase(phrase: str, language: str, low: Fraction, high: Fraction) -> None:
    amount = read(phrase, language)
    assert (amount.kind, amount.low, amount.high) == ("share", low, high)


@pytest.mark.parametrize(
    "text",
    [
        "twintig procentpunt",
        "anderhalf procentpunt",
        "5 procentpunten",
        "65+",
        "65-plussers",
        "de 50-plus groep",
        "een goede derde plaats",
        "een klein deel",
        "tientallen procenten",
        "anderhalf jaar",
        "anderhalf keer zo veel",
    ],
)
def test_what_is_no_share_of_people_is_left_alone(text: str) -> None:
    assert find_amounts(text, "nl") == []


@pytest.mark.parametrize(
    ("quantifier", "language", "inside", "outside"),
    [
        ("een krappe meerderheid", "nl", 51, 56),
        ("een kleine meerderheid van de gebruikers", "nl", 58, 61),
        ("a narrow majority", "en", 51, 56),
        ("vier van de vijf gebruikers", "nl", 80, 75),
        ("anderhalf procent van de deelnemers", "nl", 0, 1),
        ("een paar procent van de deelnemers", "nl", 3, 5),
        ("quite a few participants", "en", 12, 4),
    ],
)
def test_a_claim_reads_the_same_words(
    quantifier: str, language: str, inside: int, outside: int
) -> None:
    rule = rule_for(quantifier, quantifier_scales(language, {})["closed"], language)
    assert rule is not None
    held = [rule.holds(n, Fraction(n, 100), 1) for n in (inside, outside)]
    # no whole number of a hundred is one and a half percent
    assert held == ([False, False] if "anderhalf" in quantifier else [True, False])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_word_stands_in_the_lexicon_twice(language: str) -> None:
    words = load(language)
    lists = [words.senses, words.after, words.scale, words.fractions, words.vague]
    together = [word for one in lists for word in one]
    # "some 300" is a number, "some participants" is none
    assert {word for word in together if together.count(word) > 1} <= {"some"}
