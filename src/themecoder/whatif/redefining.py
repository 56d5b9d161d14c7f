"""What another wording of a code would do, predicted from its texts before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.classifier.model import FloatArray, IntArray, Vectors
from themecoder.codebook.changes import Redefine
from themecoder.whatif.coders import moved
from themecoder.whatif.division import BoolArray
from themecoder.whatif.model import LikelyMove, Note, Outcome
from themecoder.whatif.moves import (
    agreement_moves,
    by_question,
    count_moves,
    exactly,
    having,
    sizes,
    span_of,
    spans_of,
    values_now,
)
from themecoder.whatif.redefinition import (
    GRID,
    KnownChange,
    Shift,
    drawn_points,
    known_changes,
    scores_of,
    shift_of,
)
from themecoder.whatif.text_scores import likened
from themecoder.whatif.told_apart import Coding, code_sets
from themecoder.whatif.trial import DRAWS, Trial, cells_of, coder_errors, drawn_open, group_names

MOST_ANSWERS = 2000
"""The coded answers that known changes are looked up in; of more, a part drawn by chance."""
MOST_PAIRS = 60
_SHOWN = 0.1
"""The lowest chance of a move that is listed."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """``has`` (d, r): who of the coded has the code afterwards; ``leave`` and ``join`` (n, d): how
    likely any answer is to do so; ``leaving`` (d,): the share of the codings that leaves."""

    has: BoolArray
    leave: Vectors
    join: Vectors
    leaving: FloatArray


def redefining(trial: Trial, change: Redefine) -> Outcome:
    """The code has texts in the release and others in the draft, and coded answers have it."""
    texts = trial.texts
    assert texts is not None
    code = change.code
    column = texts.codes.index(code)
    random = trial.random(code)
    places = trial.coded_places()
    coding = trial.coding(texts.codes)
    everyone = np.arange(len(texts.ids))
    before, after = (
        scores_of(likened(texts.answers, everyone, book.texts), book, {column})
        for book in texts.books
    )
    had = np.zeros(len(everyone), dtype=bool)
    had[coding.rows] = coding.given[:, column]
    shift = shift_of(before, after, had, coding.rows)
    known = _known(trial, coding, column)
    drawn = _draw(shift, known, coding.rows, random)

    notes = [Note("predicted")]
    notes.append(Note("wording", {"n": len(known)}) if known else Note("wording_unknown"))
    textless = [
        (name, who)
        for name, coded in trial.after.questions.items()
        for who in coded.having([code])
        if trial.row_of((name, who)) is None
    ]
    if textless:
        notes.append(Note("textless_stay", {"n": len(textless)}))
    stay = np.ones((DRAWS, len(textless)), dtype=bool)
    then = by_question(np.hstack([drawn.has, stay]), [*places, *textless])
    uncoded = None
    if trial.open:
        odds = trial.odds_of_open([code], random)
        notes.append(Note("open" if odds is not None else "open_unknown"))
        rows = [row for place in trial.open if (row := trial.row_of(place)) is not None]
        has = drawn_open(odds, len(rows), random)
        goes = np.where(has, drawn.leave[rows].T, drawn.join[rows].T)
        moves = has ^ (random.random(has.shape) < goes)
        uncoded = spans_of(by_question(moves, trial.open))
    cells = trial.after.cells
    counts = count_moves(
        code,
        trial.after.questions,
        sizes(having(trial.before.questions, [code])),
        spans_of(then),
        uncoded,
    )
    agreement = []
    if len(cells.coders) > 1:
        errors, note = coder_errors(trial, [code], 2, random)
        notes.append(note)
        leave, join = (_of_cells(trial, of_all) for of_all in (drawn.leave, drawn.join))
        gives = moved(cells_of(cells, code), leave, join, errors, random)
        agreement = agreement_moves(code, cells, values_now(trial.before.cells, code), gives)
    return Outcome(
        change,
        False,
        tuple(counts),
        tuple(agreement),
        tuple(notes),
        span_of(drawn.leaving) if had.any() else exactly(0),
        _likely(trial, code, coding, shift, drawn),
    )


def _known(trial: Trial, coding: Coding, column: int) -> list[KnownChange]:
    """The known changes of other codes, as the release has them."""
    texts = trial.texts
    assert texts is not None
    seed, book = trial.study.config.seed, texts.books[0]
    usable = [n for n in range(len(texts.codes)) if n != column and n in book.codes]
    pairs = code_sets(group_names(trial.base, texts.codes), usable, 2, seed)[:MOST_PAIRS]
    chosen: IntArray = np.arange(len(coding.rows))
    if len(chosen) > MOST_ANSWERS:
        chosen = np.sort(np.random.default_rng(seed).permutation(len(chosen))[:MOST_ANSWERS])
    part = Coding(coding.rows[chosen], coding.given[chosen])
    return known_changes(likened(texts.answers, part.rows, book.texts), book, part, pairs)


def _draw(
    shift: Shift, known: list[KnownChange], coded: IntArray, random: np.random.Generator
) -> _Drawn:
    points = drawn_points(shift, known, random, DRAWS)
    leave, join = (np.empty((len(shift.had), DRAWS), dtype=np.float32) for _ in range(2))
    for n, (leaving, joining) in enumerate(zip(*points, strict=True)):
        leave[:, n], join[:, n] = shift.chances(GRID[leaving], GRID[joining])
    had = shift.had[coded]
    goes = np.where(had[:, None], leave[coded], join[coded]).T
    moves = random.random(goes.shape) < goes
    share = (moves & had).sum(axis=1) / max(int(had.sum()), 1)
    return _Drawn(had ^ moves, leave, join, share)


def _of_cells(trial: Trial, chances: Vectors) -> Vectors:
    """(answers, d) of the coders' answers; one without a text to go by stays what it is."""
    rows = [trial.rows.get(answer) for answer in trial.after.cells.answers]
    found = np.zeros((len(rows), chances.shape[1]), dtype=np.float32)
    known = [n for n, row in enumerate(rows) if row is not None]
    found[known] = chances[[row for row in rows if row is not None]]
    return found


def _likely(
    trial: Trial, code: str, coding: Coding, shift: Shift, drawn: _Drawn
) -> tuple[LikelyMove, ...]:
    texts = trial.texts
    assert texts is not None
    found = []
    for row in coding.rows:
        had = bool(shift.had[row])
        likely = float((drawn.leave if had else drawn.join)[row].mean())
        if likely >= _SHOWN:
            found.append(LikelyMove(texts.ids[row], code, "leave" if had else "join", likely))
    return tuple(sorted(found, key=lambda one: (-round(one.chance, 4), one.answer_id)))
