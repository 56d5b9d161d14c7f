"""How answers are settled: by decisions, by their coders, by a stated rule, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_coding import VERSION, coding
from themecoder.adjudication.decisions import ProposedDecision, by_person, by_rules
from themecoder.codebook.model import Code, Codebook
from themecoder.coding.cases import cases
from themecoder.coding.coded import from_codings
from themecoder.coding.model import Coding
from themecoder.coding.rules import RULES
from themecoder.coding.settled import SettledCoding, settle
from themecoder.coding.source import source_of

BOOK = Codebook("b", VERSION, tuple(Code(c, c.upper(), exclusive=c == "x") for c in "abcx"))
CODES = [code.id for code in BOOK.codes]
ANSWERS = 5
Votes = dict[str, list[Coding]]
SOURCES = ("decided", "union", "intersection", "lead:k0", "majority", "coder:k1", "adjudicated")


def settled(source: str, votes: Votes, decisions: list[Coding] | None = None) -> SettledCoding:
    return settle(source_of(source), votes, decisions or [], (), None, BOOK)


def counted(
    source: str, votes: Votes, decisions: list[Coding] | None = None
) -> dict[str, set[str]]:
    found = settled(source, votes, decisions)
    return {answer: set(one.codes) for answer, one in found.codings.items()}


def votes_of(*given_codes: str) -> Votes:
    """One answer; each coder's codes."""
    return {f"k{n}": [coding(0, f"k{n}", codes)] for n, codes in enumerate(given_codes)}


@pytest.mark.parametrize(
    ("votes", "way", "codes", "union", "intersection"),
    [
        (("ab",), "single", "ab", "ab", "ab"),
        (("ab", "ab"), "unanimous", "ab", "ab", "ab"),
        (("", ""), "unanimous", "", "", ""),
        (("a", "ab"), "open", None, "ab", "a"),  # both of two is no majority
        (("a", ""), "open", None, "a", ""),
        (("a", "ab", "b"), "majority", "ab", "ab", ""),
        (("a", "b", "c"), "open", None, "abc", ""),
        (("", "", "c"), "majority", "", "c", ""),
        (("", "b", "c"), "open", None, "bc", ""),
        (("ax", "ax", "b"), "open", None, None, ""),
        (("a", "x"), "open", None, None, ""),  # an exclusive code can't stand beside another
        (("a", "a", "b", "b"), "open", None, "ab", ""),
    ],
)
def test_what_an_answer_comes_to(
    votes: tuple[str, ...], way: str, codes: str | None, union: str | None, intersection: str
) -> None:
    made = votes_of(*votes)
    for source in ("decided", "majority"):
        assert settled(source, made).ways == {"r000:q1": way}
        assert counted(source, made) == ({} if codes is None else {"r000:q1": set(codes)})
    assert counted("union", made) == ({} if union is None else {"r000:q1": set(union)})
    assert counted("intersection", made) == {"r000:q1": set(intersection)}
    assert counted("lead:k0", made) == {"r000:q1": set(votes[0])}
    assert counted("lead:nobody", made) == counted("decided", made)


def test_two_coders_count_a_code_no_less_often_than_one() -> None:
    """A code of prevalence .05, a sensitivity of .80, a specificity of .99: one coder gives 4.95 %.
    "Both gave it" made that 3.21 % for answers coded twice."""
    truth, hit, false = 0.05, 0.8, 0.01
    one = truth * hit + (1 - truth) * false
    both = truth * hit**2 + (1 - truth) * false**2
    assert (round(100 * one, 2), round(100 * both, 2)) == (4.95, 3.21)
    chance = {
        (a, b): truth * (hit if a else 1 - hit) * (hit if b else 1 - hit)
        + (1 - truth) * (false if a else 1 - false) * (false if b else 1 - false)
        for a in (True, False)
        for b in (True, False)
    }
    given_it = of_open = 0.0
    for (a, b), share in chance.items():
        found = counted("decided", votes_of("a" * a, "a" * b))
        given_it += share * bool(found.get("r000:q1"))
        of_open += share * (not found)
    # what is open is a person's: with half of it the share is that of one coder again
    assert given_it + of_open / 2 == pytest.approx(one)


@st.composite
def codings(draw: st.DrawFn) -> Votes:
    """One to four coders, each of a part of the answers; some skipped."""
    kinds = st.sampled_from(["", "a", "b", "ab", "abc", "x", "ax", None])
    made: Votes = {}
    for coder in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.integers(0, ANSWERS - 1), unique=True))
        made[f"k{coder}"] = [coding(n, f"k{coder}", draw(kinds)) for n in sorted(chosen)]
    return made


def accepted(votes: Votes, decisions: list[Coding], rule: str) -> list[Coding]:
    found = cases(votes, decisions, CODES, VERSION)
    texts = {case.answer_id: "" for case in found}
    new = by_rules(found, [rule], texts, {"x"}, VERSION)
    return list({d.answer_id: d for d in (*decisions, *new)}.values())


def decided(votes: Votes, decisions: list[Coding], answer: str, codes: str) -> list[Coding]:
    (case,) = (c for c in cases(votes, decisions, CODES, VERSION) if c.answer_id == answer)
    proposal = ProposedDecision(answer, tuple(codes), "", "judge", case.seen)
    new = by_person(case, proposal, {answer: ""}, VERSION)
    return [*(d for d in decisions if d.answer_id != answer), new]


@given(codings(), codings(), st.lists(st.sampled_from(RULES)), st.data())
def test_accepting_rules_changes_no_count(
    before: Votes, after: Votes, rules: list[str], data: st.DataObject
) -> None:
    """Also where coders change their coding in between, and whatever a person decided before."""
    decisions: list[Coding] = []
    for rule in rules[:2]:
        decisions = accepted(before, decisions, rule)
    open_ones = sorted({one.answer_id for rows in after.values() for one in rows if one.codes})
    for answer in data.draw(
        st.lists(st.sampled_from(open_ones), unique=True) if open_ones else st.just([])
    ):
        decisions = decided(after, decisions, answer, data.draw(st.sampled_from(["", "a", "bc"])))
    for source in SOURCES[:-1]:
        expected, then = counted(source, after, decisions), decisions
        for rule in rules:
            then = accepted(after, then, rule)
            assert counted(source, after, then) == expected


@given(codings(), st.sampled_from(RULES), st.data())
def test_a_decision_changes_its_answer_and_nothing_else(
    votes: Votes, rule: str, data: st.DataObject
) -> None:
    found = sorted(c.answer_id for c in cases(votes, (), CODES, VERSION))
    if not found:
        return
    decisions = accepted(votes, [], rule)
    answer, codes = data.draw(st.sampled_from(found)), data.draw(st.sampled_from(["", "a", "bc"]))
    after = decided(votes, decisions, answer, codes)
    for source in ("decided", "union", "intersection", "lead:k0", "adjudicated"):
        expected = {**counted(source, votes, decisions), answer: set(codes)}
        assert counted(source, votes, after) == expected


@given(codings(), st.lists(st.sampled_from(RULES)), st.sampled_from(SOURCES))
def test_every_coded_answer_is_counted_or_told_as_left_out(
    votes: Votes, rules: list[str], source: str
) -> None:
    decisions: list[Coding] = []
    for rule in rules:
        decisions = accepted(votes, decisions, rule)
    found = settled(source, votes, decisions)
    coded = {one.answer_id for rows in votes.values() for one in rows if one.state != "skipped"}
    assert set(found.ways) == coded
    people = [f"r{n:03}" for n in range(ANSWERS)]
    part = from_codings("q1", people, people, found.codings.values(), CODES, VERSION, found.ways)
    assert part.settled.answers == len(coded)
    assert len(part.codes) == part.settled.answers - part.settled.left_out
