"""Which quotes are chosen: nobody twice, a person first, then favourites, then the others."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sample_quotes import candidate
from themecoder.quotes.choices import GONE, MOVED, NO_CODE, Choice, resolve
from themecoder.quotes.choose import choose
from themecoder.quotes.disclosure import AttributeDisclosure
from themecoder.quotes.likeness import QuoteLikeness, word_vectors
from themecoder.quotes.model import CODER, PERSON, RULE, QuoteCandidate
from themecoder.survey.groups import Groups

WORDS = ("hulp", "nacht", "praten", "alleen", "arts", "geld", "bang", "snel", "mens", "dokter")


@st.composite
def sections(draw: st.DrawFn) -> list[QuoteCandidate]:
    found = {}
    for _ in range(draw(st.integers(0, 14))):
        one = candidate(
            f"r{draw(st.integers(0, 8))}",
            " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=20))),
            question=draw(st.sampled_from(["q1", "q2"])),
            start=draw(st.integers(0, 3)),
            marked=draw(st.booleans()),
            favourite=draw(st.booleans()),
            traits=draw(st.lists(st.sampled_from(["a=1", "a=2", "b=1"]), max_size=2)),
        )
        found[one.place] = one
    return list(found.values())


def chosen(found: list[QuoteCandidate], per_code: int = 5, **more: object) -> list[tuple[str, str]]:
    vectors = word_vectors([one.passage.quote for one in found])
    taken = choose(found, vectors, per_code, **more)  # type: ignore[arg-type]
    return [(one.passage.quote, who) for one, who in taken]


@given(sections(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_a_choice_holds_what_it_promises(
    found: list[QuoteCandidate], per_code: int, chance: random.Random
) -> None:
    wanted = [found[0]] if found and chance.random() < 0.5 else []
    never = {one.answer_id for one in found[1:3]} - {one.answer_id for one in wanted}
    quoted = {f"r{n}" for n in range(3)}
    options = {"wanted": wanted, "never": never, "quoted": quoted}

    def taken(some: list[QuoteCandidate]) -> list[tuple[QuoteCandidate, str]]:
        vectors = word_vectors([one.passage.quote for one in some])
        return choose(some, vectors, per_code, **options)  # type: ignore[arg-type]

    first = taken(found)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert taken(shuffled) == first

    people = [one.respondent for one, _ in first]
    assert len(people) == len(set(people))
    texts = [one.passage.quote for one, _ in first]
    assert len(texts) == len(set(texts))
    assert (
        [one for one, who in first if who == PERSON]
        == wanted
        == [o for o, _ in first][: len(wanted)]
    )
    assert not never & {one.answer_id for one, _ in first}
    assert len(first) <= max(per_code, len(wanted))
    rest = first[len(wanted) :]
    order = [not one.favourite for one, _ in rest]
    assert order == sorted(order)
    assert all((who == CODER) == one.favourite for one, who in rest)
    plain = [not one.marked for one, who in rest if who == RULE]
    assert plain == sorted(plain)
    if len(first) < per_code:  # nobody was passed over
        left = [one for one in found if one.respondent not in people and one.answer_id not in never]
        assert {one.passage.quote for one in left} <= set(texts)


def test_the_next_one_is_the_farthest() -> None:
    found = [
        candidate("r1", "hulp in de nacht als niemand er is voor mij"),
        candidate("r2", "hulp in de nacht als niemand er is voor ons"),
        candidate("r3", "het geld raakt op door alle dokters en apps van nu"),
    ]
    texts = [text for text, _ in chosen(found, 2)]
    assert "het geld raakt op door alle dokters en apps van nu" in texts


def test_who_is_quoted_elsewhere_comes_last() -> None:
    found = [candidate("r1", "hulp bij de nacht"), candidate("r2", "geld is er niet")]
    assert chosen(found, 1, quoted={"r1"}) == [("geld is er niet", RULE)]
    assert chosen(found, 2, quoted={"r1"})[1] == ("hulp bij de nacht", RULE)


def test_a_catchword_comes_after_a_sentence() -> None:
    found = [candidate("r1", "hulp"), candidate("r2", "hulp"), candidate("r3", "dat is fijn zo")]
    assert chosen(found) == [("dat is fijn zo", RULE), ("hulp", RULE)]


def test_a_person_may_choose_more_than_the_number() -> None:
    found = [candidate(f"r{n}", f"tekst nummer {n}") for n in range(5)]
    wanted = [found[4], found[0], found[2]]
    assert chosen(found, 2, wanted=wanted) == [(o.passage.quote, PERSON) for o in wanted]


def test_distances_are_between_nothing_and_all() -> None:
    found = [
        candidate("r1", "hulp", traits=["a=1"]),
        candidate("r2", "geld " * 20, traits=["a=2"]),
        candidate("r3", "hulp", traits=["a=1"]),
    ]
    vectors = word_vectors([one.passage.quote for one in found])
    apart = QuoteLikeness(found, vectors).apart(0)
    assert np.allclose(apart, [0, 0.7, 0], atol=1e-6)


def test_what_a_person_chose_and_is_no_longer_there() -> None:
    found = [candidate("r1", "hulp"), candidate("r1", "meer hulp", start=10)]
    choices = [Choice(f"r{n}:q1") for n in (1, 2, 3, 4)] + [
        Choice("r1:q1", 0, 4),
        Choice("r1:q1", 1, 4),
    ]
    quotes, lost = resolve(
        "hulp", choices, found, {("hulp", "r2:q1"): "consent"}, {"r2:q1", "r3:q1"}
    )
    assert quotes == [found[1], found[0]]
    assert [one.reason for one in lost] == ["consent", NO_CODE, GONE, MOVED]
    assert lost[3].places == "0-4, 10-19"


def groups(name: str, **of: str) -> Groups:
    return Groups(name, name.title(), {value: f"<{value}>" for value in of.values()}, of)


def test_attributes_that_point_to_few_are_dropped_from_the_end() -> None:
    age = groups("leeftijd", r1="jong", r2="jong", r3="jong", r4="oud")
    town = groups("plaats", r1="ede", r2="ede", r3="urk")
    teller = AttributeDisclosure(
        [age, town], frozenset({"leeftijd"}), {"q": ["r1", "r2", "r3", "r4"]}, 2
    )

    def told(respondent: str) -> list[str]:
        return [one.text for one in teller.of(respondent, "q", "c")]

    assert told("r1") == ["Leeftijd <jong>", "<ede>"]
    assert told("r3") == ["Leeftijd <jong>"]
    assert told("r4") == told("r5") == []


@given(
    st.lists(st.tuples(*[st.sampled_from("ab-")] * 3), min_size=1, max_size=12),
    st.integers(1, 5),
)
def test_nobody_is_one_of_fewer_than_may_be(rows: list[tuple[str, ...]], smallest: int) -> None:
    people = {f"r{n}": row for n, row in enumerate(rows)}
    named = [
        groups(f"x{n}", **{who: row[n] for who, row in people.items() if row[n] != "-"})
        for n in range(3)
    ]
    teller = AttributeDisclosure(named, frozenset(), {"q": list(people)}, smallest)
    for who in people:
        told = {one.attribute: one.group for one in teller.of(who, "q", "c")}
        alike = [
            other
            for other, row in people.items()
            if all(f"<{row[int(name[1])]}>" == group for name, group in told.items())
        ]
        assert not told or len(alike) >= smallest
