"""What a split would do: the answers of the code divided over its parts, with doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.table import CodingTable
from themecoder.classifier.model import IntArray
from themecoder.codebook.changes import Split
from themecoder.whatif.coders import parted
from themecoder.whatif.division import BoolArray, Division, divide, pieces_of
from themecoder.whatif.model import Note, Outcome
from themecoder.whatif.moves import (
    Place,
    agreement_moves,
    by_question,
    count_moves,
    having,
    sizes,
    spans_of,
    values_now,
)
from themecoder.whatif.posterior import Rates, belonging
from themecoder.whatif.told_apart import code_sets, known_divisions, rates_like
from themecoder.whatif.trial import DRAWS, Trial, cells_of, coder_errors, drawn_open, group_names

Named = Mapping[str, frozenset[str]]
"""answer_id -> the parts that it is an example of."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The answers ``rows`` (n,), ascending, that a split divides. ``counted`` (n,): those that have
    the code where it is counted; ``doubtful`` (n,): those to which only another coder gave it;
    ``examples`` (e,) of all, which ``belong`` (e, K)."""

    rows: IntArray
    counted: BoolArray
    doubtful: BoolArray
    examples: IntArray
    belong: BoolArray


def draw_parts(
    basis: Basis, found: Division, rates: Rates, random: np.random.Generator, draws: int = DRAWS
) -> list[BoolArray]:
    """Per part (draws, n) which answers belong to it. Examples belong where they are said to.

    Of doubtful answers any share may belong to a part: what a division is worth was looked up in
    answers that have the code where it is counted, and these are not of that kind.
    """
    others = np.setdiff1d(np.flatnonzero(basis.counted), basis.examples)
    shares = random.dirichlet(np.ones(basis.belong.shape[1]), draws)
    drawn = []
    for part in range(basis.belong.shape[1]):
        told, held = basis.belong[:, part], found.held[:, part]
        known = Rates(
            rates.finds.after(int((told & held).sum()), int((told & ~held).sum())),
            rates.leaves.after(int((~told & ~held).sum()), int((~told & held).sum())),
        )
        taken = found.taken[:, part]
        chances = belonging(int(taken[others].sum()), len(others), known, random, draws)
        of_each = np.where(taken, chances.taken[:, None], chances.left[:, None])
        of_each[:, basis.doubtful] = shares[:, [part]]
        own = random.random(of_each.shape) < of_each
        own[:, basis.examples] = told
        drawn.append(own)
    return drawn


def splitting(trial: Trial, change: Split, named: Named) -> Outcome:
    """``named``: examples, each an answer to which somebody gave the code."""
    texts = trial.texts
    assert texts is not None  # the examples are answers with content
    random = trial.random(change.code, *change.into)
    cells = trial.after.cells
    places = _places(trial, change.code)
    with_text = [(row, place) for place in places if (row := trial.row_of(place)) is not None]
    textless = [place for place in places if trial.row_of(place) is None]
    counted = {row for row, _ in with_text}
    coders = {
        row
        for n, answer in enumerate(cells.answers)
        if (cells_of(cells, change.code)[:, n] == 1).any()
        and (row := trial.rows.get(answer)) is not None
    }
    opens = [trial.row_of(place) for place in trial.open]
    rows = np.array(sorted(counted | coders | {row for row in opens if row is not None}))
    examples = np.searchsorted(rows, sorted(trial.rows[answer] for answer in named))
    belong = np.array(
        [[part in named[texts.ids[rows[n]]] for part in change.into] for n in examples]
    )
    basis = Basis(
        rows,
        np.isin(rows, sorted(counted)),
        np.isin(rows, sorted(coders - counted)),
        examples,
        belong,
    )
    book, parts = texts.books[1], _columns(texts.codes, change.into)
    found = divide(texts.answers, book, parts, rows, examples, belong)
    rates, sets = _rates(trial, change, parts, belong, found.margin)
    drawn = draw_parts(basis, found, rates, random)

    notes = [Note("predicted"), Note("examples", {"n": len(examples)})]
    notes.append(Note("rates", {"n": sets}) if sets else Note("rates_unknown"))
    if textless:
        notes.append(Note("textless", {"n": len(textless)}))
    now = sizes(having(trial.before.questions, [change.code]))
    counts = list(count_moves(change.code, trial.after.questions, now, None))
    agreement = agreement_moves(
        change.code, cells, values_now(trial.before.cells, change.code), None
    )
    odds = trial.odds_of_open([change.code], random)
    has_old = drawn_open(odds, len(trial.open), random)
    if trial.open:
        notes.append(Note("open" if odds is not None else "open_unknown"))
    errors, note = coder_errors(trial, [change.code, *change.into], len(change.into), random)
    if len(cells.coders) > 1:
        notes.append(note)
    at = {int(row): n for n, row in enumerate(rows)}
    for code, own in zip(change.into, drawn, strict=True):
        there = own[:, [at[row] for row, _ in with_text]]
        without = random.random((DRAWS, len(textless))) < random.uniform(0, 1, (DRAWS, 1))
        # who has the part already, where it is a code that there was, keeps it
        already = _places(trial, code)
        everyone = np.hstack([there, without, np.ones((DRAWS, len(already)), dtype=bool)])
        then = by_question(everyone, [place for _, place in with_text] + textless + already)
        uncoded = None
        if trial.open:
            part_of = own[:, [at[row] for row in opens if row is not None]]
            uncoded = spans_of(by_question(part_of & has_old, trial.open))
        old = trial.base.find(code) is not None
        counts += count_moves(
            code,
            trial.after.questions,
            sizes(having(trial.before.questions, [code])) if old else None,
            spans_of(then),
            uncoded,
        )
        if len(cells.coders) > 1:
            belongs = _of_cells(cells, trial.rows, at, own, random)
            gives = parted(cells_of(cells, change.code), belongs, errors, random)
            gives = np.maximum(gives, cells_of(cells, code)[:, :, None])
            agreement += agreement_moves(code, cells, values_now(trial.before.cells, code), gives)
    return Outcome(change, False, tuple(counts), tuple(agreement), tuple(notes))


def _rates(
    trial: Trial, change: Split, parts: IntArray, belong: BoolArray, margin: float
) -> tuple[Rates, int]:
    """What to expect of the division; nothing of parts without a text, for other codes have one."""
    texts = trial.texts
    assert texts is not None
    book = texts.books[1]
    if not np.isin(parts, book.codes).all():
        return Rates(), 0
    around = {change.code, *change.into}
    usable = [n for n, code in enumerate(texts.codes) if code not in around and n in book.codes]
    seed = trial.study.config.seed
    sets = code_sets(group_names(trial.book, texts.codes), usable, len(parts), seed)
    fewest = int(belong.sum(axis=0).min())
    coding = trial.coding(texts.codes)
    most = max(len(pieces_of(book, int(part))) for part in parts)
    known = known_divisions(texts.answers, book, coding, sets, fewest, seed, most)
    return rates_like(margin, known)


def _columns(codes: tuple[str, ...], parts: tuple[str, ...]) -> IntArray:
    """The columns of the parts; of a part without texts one that no text is of."""
    known = {code: n for n, code in enumerate(codes)}
    return np.array([known.get(part, len(codes) + n) for n, part in enumerate(parts)])


def _places(trial: Trial, code: str) -> list[Place]:
    return [
        (name, who)
        for name, coded in trial.after.questions.items()
        for who in sorted(coded.having([code]))
    ]


def _of_cells(
    cells: CodingTable,
    rows: Mapping[str, int],
    at: Mapping[int, int],
    own: BoolArray,
    random: np.random.Generator,
) -> BoolArray:
    """(d, answers) of the coders' answers which belong to the part; of those without a text to go
    by from none to all."""
    found = random.random((len(own), len(cells.answers))) < random.uniform(0, 1, (len(own), 1))
    for n, answer in enumerate(cells.answers):
        row = rows.get(answer)
        if row is not None and row in at:
            found[:, n] = own[:, at[row]]
    return found
