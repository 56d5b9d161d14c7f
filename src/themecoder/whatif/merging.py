"""What a merge would do: computed from the codings, for these go along by themselves."""

from __future__ import annotations

from themecoder.codebook.changes import Merge
from themecoder.whatif.model import AgreementMove, CountMove, Note, Outcome
from themecoder.whatif.moves import (
    agreement_moves,
    by_question,
    count_moves,
    exactly,
    having,
    sizes,
    spans_of,
    values_now,
)
from themecoder.whatif.trial import Trial, cells_of, drawn_open


def merging(trial: Trial, change: Merge) -> Outcome:
    """The counts and the agreement after the merge, and how many of the uncoded would have it."""
    then = having(trial.after.questions, [change.into])
    random = trial.random(change.into)
    uncoded, notes = None, [Note("exact")]
    if trial.open:
        codes = [code for code in (*change.codes, change.into) if trial.base.find(code)]
        odds = trial.odds_of_open(codes, random)
        drawn = drawn_open(odds, len(trial.open), random)
        uncoded = spans_of(by_question(drawn, trial.open))
        notes.append(Note("open" if odds is not None else "open_unknown"))
    counts: list[CountMove] = []
    agreement: list[AgreementMove] = []
    cells = trial.after.cells
    for code in (*change.codes, change.into):
        stays = code == change.into
        old = trial.base.find(code) is not None
        now = sizes(having(trial.before.questions, [code])) if old else None
        counts += count_moves(
            code,
            trial.after.questions,
            now,
            {name: exactly(n) for name, n in sizes(then).items()} if stays else None,
            uncoded if stays else None,
        )
        agreement += agreement_moves(
            code,
            cells,
            values_now(trial.before.cells, code),
            cells_of(cells, code)[:, :, None] if stays else None,
        )
    return Outcome(change, True, tuple(counts), tuple(agreement), tuple(notes))
