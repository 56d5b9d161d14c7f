"""Answers of one text that are not coded the same, against every pair of codings by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.adjudication.same_text import SameText, normalised, same_texts
from themecoder.coding.cases import cases, fingerprint
from themecoder.coding.model import ADJUDICATED, Coding

CODES = ("a", "b")
VERSION = "1.0.0"
Votes = dict[str, str]
"""coder -> codes of an answer; the decision is that of ``DECIDED``."""
DECIDED = "decided"


def listed(texts: list[str], votes: list[Votes], **decision: object) -> list[SameText]:
    codings: dict[str, list[Coding]] = {}
    for n, own in enumerate(votes):
        for coder, codes in own.items():
            state = "coded" if codes else "no_code"
            made = Coding(f"r{n}:q1", coder, VERSION, state, tuple(codes))
            codings.setdefault(coder, []).append(made)
    decisions = [
        replace(made, coder=ADJUDICATED, decided_by="Ada", **decision)  # type: ignore[arg-type]
        for made in codings.pop(DECIDED, [])
    ]
    known = {f"r{n}:q1": text for n, text in enumerate(texts)}
    found = cases(codings, decisions, CODES, VERSION)
    return same_texts(found, decisions, known, CODES, VERSION)


def answers(found: list[SameText]) -> list[list[str]]:
    return [[answer.answer_id for answer in same.answers] for same in found]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Te duur", "  te\t\nDUUR ", True),
        ("STRAẞE", "strasse", True),
        ("te duur", "te duur.", False),
        ("te duur", "teduur", False),
        ("één", "een", False),
    ],
)
def test_what_is_the_same_text(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


def test_one_coder_with_an_earlier_self() -> None:
    (found,) = listed(["nee", " Nee"], [{"k": "a"}, {"k": "b"}])
    assert [answer.codes for answer in found.answers] == [{"k": {"a"}}, {"k": {"b"}}]
    assert not found.settled


def test_a_text_of_one_answer_is_an_ordinary_disagreement() -> None:
    assert listed(["nee", "ja"], [{"k": "a", "l": "b"}, {"k": "a"}]) == []


def rests_on(*codings: Coding) -> dict[str, object]:
    votes = {made.coder: {"content": fingerprint(made), "at": None} for made in codings}
    return {"of": votes, "codebook": VERSION}


def test_what_is_decided_alike_is_settled_and_comes_last() -> None:
    votes = [Coding(f"r{n}:q1", "k", VERSION, "coded", (code,)) for n, code in enumerate("abab")]
    decisions = [
        replace(vote, coder=ADJUDICATED, codes=(code,), decided_by="Ada", source=rests_on(vote))
        for vote, code in zip(votes, "aaab", strict=True)
    ]
    texts = {f"r{n}:q1": text for n, text in enumerate(["nee", "nee", "ja", "ja"])}

    def found(standing: list[Coding]) -> list[tuple[str, bool]]:
        own = cases({"k": votes}, standing, CODES, VERSION)
        same = same_texts(own, standing, texts, CODES, VERSION)
        return [(one.answers[0].answer_id, one.settled) for one in same]

    assert found([]) == [("r0:q1", False), ("r2:q1", False)]
    assert found(decisions) == [("r2:q1", False), ("r0:q1", True)]
    assert found(decisions[1:]) == [("r0:q1", False), ("r2:q1", False)]
    again = replace(decisions[0], source=rests_on(votes[1]))  # the coder changed since: open
    assert found([again, *decisions[1:]]) == [("r0:q1", False), ("r2:q1", False)]


def test_a_decision_under_another_version_does_not_count() -> None:
    votes = [{"k": "a", DECIDED: "b"}, {"k": "a"}]
    assert len(listed(["x", "x"], votes)) == 1
    assert listed(["x", "x"], votes, codebook="0.9.0") == []


coded = st.dictionaries(
    st.sampled_from(["k", "l", DECIDED]), st.sampled_from(["", "a", "b", "ab"]), min_size=1
)
written = st.sampled_from(["nee", "Nee ", " NEE", "n ee", "n  ee", "ja", "ja."])


@given(st.lists(st.tuples(written, coded), max_size=8))
def test_every_pair_of_codings_of_one_text(answered: list[tuple[str, Votes]]) -> None:
    """A text is listed if and only if two of its answers' codings differ, whoever made them."""
    texts, votes = [text for text, _ in answered], [own for _, own in answered]
    plain = [re.sub(r"\s+", " ", text).strip().lower() for text in texts]
    expected = set()
    for text in set(plain):
        places = [n for n, own in enumerate(plain) if own == text]
        codings = [frozenset(codes) for n in places for codes in votes[n].values()]
        if len(places) > 1 and any(x != y for x, y in combinations(codings, 2)):
            expected.add(tuple(sorted(f"r{n}:q1" for n in places)))
    found = listed(texts, votes)
    assert {tuple(own) for own in answers(found)} == expected
    swapped = [{{"k": "l", "l": "k"}.get(who, who): c for who, c in own.items()} for own in votes]
    assert answers(listed(texts, swapped)) == answers(found)
