"""Random states of a study, to be compared: coding by several coders, of random codebooks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from codebook_histories import codings
from themecoder.codebook.model import Codebook
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.source import CodingSource, as_codings
from themecoder.compare.states import QuestionState, State

PEOPLE = tuple(f"R{n:03d}" for n in range(5))
QUESTIONS = ("q7", "q18")
SOURCES = (
    CodingSource("adjudicated"),
    CodingSource("majority"),
    CodingSource("decided"),
    CodingSource("union"),
    CodingSource("intersection"),
    CodingSource("lead", "coder_a"),
    CodingSource("coder", "coder_a"),
    CodingSource("suggestions"),
)


def state(
    book: Codebook,
    releases: Sequence[Codebook],
    made: Sequence[Coding],
    source: CodingSource,
    base: str = "asked",
    asked: Sequence[str] = PEOPLE,
    silent: Sequence[str] = (),
    text: str = "",
    rule: str = "",
    suggested: Sequence[Coding] = (),
) -> State:
    """``made``: codings of all coders and decisions. Respondents who are ``silent`` typed nothing;
    the others typed ``text``."""
    content = frozenset(asked) - frozenset(silent)
    questions = {}
    for name in QUESTIONS:
        known = {f"{who}:{name}": text for who in sorted(content)}
        mine = [one for one in made if one.answer_id in known]
        votes: dict[str, list[Coding]] = {}
        for one in mine:
            if one.coder != ADJUDICATED:
                votes.setdefault(one.coder, []).append(one)
        questions[name] = QuestionState(
            name,
            rule,
            tuple(asked),
            content,
            known,
            votes,
            [one for one in mine if one.coder == ADJUDICATED],
            [one for one in suggested if one.answer_id in known],
        )
    rows = {who: ("a" if who in asked else "b", text) for who in PEOPLE}
    return State(source, book, base, tuple(releases), rows, questions)


@st.composite
def states(draw: st.DrawFn, books: Sequence[Codebook]) -> State:
    """A state at any of the ``books``; some of its coding may wait to be migrated."""
    at = draw(st.integers(0, len(books) - 1))
    there = tuple(books[: at + 1])
    codes = [code.id for code in books[at].usable]
    scored = {}
    for who in PEOPLE:
        if codes and draw(st.booleans()):
            scored[f"{who}:q7"] = [(draw(st.sampled_from(codes)), 0.9)]
    return state(
        books[at],
        there,
        draw(codings(there)),
        draw(st.sampled_from(SOURCES)),
        draw(st.sampled_from(["asked", "content"])),
        draw(st.lists(st.sampled_from(PEOPLE), unique=True)),
        draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2)),
        draw(st.sampled_from(["", "anders"])),
        draw(st.sampled_from(["", "q3=a"])),
        as_codings(scored, books[at].version),
    )
