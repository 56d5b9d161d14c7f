"""Which answers a person asks for, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from themecoder.answers_search.answers import Answers, Coded, FloatArray, IntArray, Machine, Vectors
from themecoder.answers_search.words import BoolArray, parts_of
from themecoder.errors import InputError, Problem

PLAN, TEXT, SHORT, LONG, LIKE, OFTEN = "plan", "text", "short", "long", "like", "often"
DOUBT, MACHINE = "doubt", "machine"
"""First what a coder doubted; first what the machine doubts most."""
SORTS = (PLAN, TEXT, SHORT, LONG, LIKE, OFTEN, DOUBT, MACHINE)
NOT_SEEN = "open"
"""In the place of a state: answers that are not coded or skipped."""
STATES = (NOT_SEEN, "coded", "no_code", "skipped")
LIKE_FROM = 0.35
"""From which likeness (cosine) on an answer is among those that say the like."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; what is empty asks nothing. ``codes`` are all there, ``without`` none of
    them. ``doubt``: a coder doubted; ``unsure``: the machine does. ``like``: the answer that the
    others are to say the like of. ``identical``: answers that say the same stand in one row."""

    words: str = ""
    any_form: bool = True
    question: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    state: str = ""
    coder: str = ""
    doubt: bool = False
    unsure: bool = False
    like: str = ""
    identical: bool = False
    sort: str = PLAN

    @property
    def of_machine(self) -> bool:
        """Whether the answer depends on what the machine doubts."""
        return self.unsure or self.sort == MACHINE


@dataclass(frozen=True, slots=True)
class Found:
    """``rows`` in order: of each its answers by their places, the first of which is shown.
    ``answers``: how many answers they are together."""

    rows: tuple[tuple[int, ...], ...]
    answers: int


def find(
    answers: Answers,
    coded: Coded,
    query: Query,
    likeness: FloatArray | None = None,
    machine: Machine | None = None,
) -> Found:
    """The rows that ``query`` asks for. ``likeness`` (n,) to the answer ``like``, where it names
    one; ``machine``: its doubt, where the query is of that. Raises InputError with everything in
    the query that is not known."""
    _check(answers, coded, query)
    kept = np.ones(len(answers.ids), dtype=np.bool_)
    if query.question:
        kept &= answers.questions == query.question
    for attribute, group in query.attributes.items():
        kept &= answers.attributes[attribute] == group
    for code in query.codes:
        kept &= coded.codes[code]
    for code in query.without:
        kept &= ~coded.codes[code]
    if query.state:
        kept &= coded.states == ("" if query.state == NOT_SEEN else query.state)
    if query.coder:
        kept &= coded.coders[query.coder]
    kept &= _doubted(coded, query, machine)
    if query.like and likeness is not None:
        kept &= likeness >= LIKE_FROM
    if query.words.strip():
        kept &= answers.words.holds(parts_of(query.words), query.any_form)
    places = _in_order(answers, coded, kept, query, likeness, machine)
    if not query.identical:
        return Found(tuple((place,) for place in places.tolist()), len(places))
    rows: dict[tuple[str, int], list[int]] = {}
    questions, same = answers.questions[places].tolist(), answers.same[places].tolist()
    for place, question, text in zip(places.tolist(), questions, same, strict=True):
        rows.setdefault((question, text), []).append(place)
    found = list(rows.values())
    if query.sort == OFTEN:
        found.sort(key=len, reverse=True)
    return Found(tuple(tuple(own) for own in found), len(places))


def _doubted(coded: Coded, query: Query, machine: Machine | None) -> BoolArray:
    """Where those doubted who are to have doubted."""
    found = coded.doubt if query.doubt else np.ones_like(coded.doubt)
    return found & machine.unsure if query.unsure and machine is not None else found


def likeness_to(vectors: Vectors, rows: IntArray, place: int) -> FloatArray:
    """(n,) the cosine of each answer to the one at ``place``; -1 for those without vector.

    ``vectors`` (m, d) of length one; ``rows`` (n,) the vector of each answer, -1 without. Rounded
    to 1e-6: the number of threads changes the last bits.
    """
    if rows[place] < 0:
        found = np.full(len(rows), -1.0)
        found[place] = 1.0
        return found
    like = np.round(vectors @ vectors[rows[place]], 6)
    return np.where(rows >= 0, like[rows], -1.0).astype(np.float64)


def _check(answers: Answers, coded: Coded, query: Query) -> None:
    groups = {name: set(np.unique(own).tolist()) for name, own in answers.attributes.items()}
    asked: list[tuple[str, str, set[str]]] = [("sort", query.sort, set(SORTS))]
    asked += [("code", code, set(coded.codes)) for code in (*query.codes, *query.without)]
    asked += [("attribute", name, set(groups)) for name in query.attributes]
    asked += [
        ("group", group, groups[name]) for name, group in query.attributes.items() if name in groups
    ]
    if query.question:
        asked.append(("question", query.question, set(np.unique(answers.questions).tolist())))
    if query.state:
        asked.append(("state", query.state, set(STATES)))
    if query.coder:
        asked.append(("coder", query.coder, set(coded.coders)))
    problems = [
        Problem(f"search.{what}", {"found": name[:60], "known": ", ".join(sorted(known)) or "-"})
        for what, name, known in asked
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _in_order(
    answers: Answers,
    coded: Coded,
    kept: BoolArray,
    query: Query,
    likeness: FloatArray | None,
    machine: Machine | None,
) -> IntArray:
    """The places of the answers that are kept, sorted; ties in the order of the plan."""
    places = np.flatnonzero(kept)
    places = places[np.argsort(answers.place[places], kind="stable")]
    if query.sort == LIKE or (query.like and query.sort == PLAN):
        if likeness is not None:
            places = places[np.argsort(-likeness[places], kind="stable")]
    elif query.sort in (SHORT, LONG):
        lengths = np.array([len(answers.texts[place]) for place in places], dtype=np.int64)
        places = places[np.argsort(lengths if query.sort == SHORT else -lengths, kind="stable")]
    elif query.sort == DOUBT:
        places = places[np.argsort(~coded.doubt[places], kind="stable")]
    elif query.sort == MACHINE and machine is not None:
        # what is not told of stands last
        places = places[np.argsort(-machine.doubt[places], kind="stable")]
    elif query.sort == TEXT:
        typed = answers.words.typed
        places = np.array(sorted(places.tolist(), key=typed.__getitem__), dtype=np.int64)
    return places.astype(np.int64)
