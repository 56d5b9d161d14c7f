"""What suggestions do to the work: how long an answer takes, and how many codes come by a tick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.bootstrap import draws
from themecoder.coding.model import Coding
from themecoder.suggestion_quality.scores import BoolArray, Estimate, FloatArray, estimate
from themecoder.survey.answer_id import AnswerId

_FEWEST = 20
"""Answers with and without suggestions below which a difference in seconds says nothing."""


@dataclass(frozen=True, slots=True)
class Effort:
    """``shown`` and ``blind``: the median seconds of an answer with suggestions and without, and of
    how many answers that is; ``saved``: which share of the time suggestions take away, None where
    too few answers were timed. ``by_suggestion``: the share of all codes on answers with
    suggestions that were among those shown."""

    shown: float | None
    blind: float | None
    n_shown: int
    n_blind: int
    saved: Estimate
    by_suggestion: Estimate


def effort(codings: Iterable[Coding], resamples: int, seed: int) -> Effort:
    """Of codings that count. Seconds are compared within each coder, for people differ more in how
    fast they are than in what helps them: the mean over coders of the change in the log of the
    seconds, each by how much can be told of it."""
    rows = [coding for coding in codings if coding.state in ("coded", "no_code")]
    timed = [coding for coding in rows if coding.seconds]
    seconds = np.log(np.array([coding.seconds for coding in timed], dtype=float))
    shown = np.array([coding.shown is not None for coding in timed], dtype=bool)
    coders = [coding.coder for coding in timed]
    respondents = [AnswerId.parse(coding.answer_id).respondent for coding in timed]
    saved = Estimate(None)
    if min(shown.sum(), (~shown).sum()) >= _FEWEST:
        weights = np.vstack([np.ones(len(timed)), draws(respondents, resamples, seed)])
        saved = estimate(1 - np.exp(_changes(seconds, shown, coders, weights)))
    prompted = [coding for coding in rows if coding.shown is not None]
    ticked = np.array([len(set(c.codes) & set(c.shown or ())) for c in prompted], dtype=float)
    codes = np.array([len(c.codes) for c in prompted], dtype=float)
    by_suggestion = Estimate(None)
    if codes.sum():
        of = [AnswerId.parse(coding.answer_id).respondent for coding in prompted]
        weights = np.vstack([np.ones(len(prompted)), draws(of, resamples, seed)])
        part, whole = weights @ ticked, weights @ codes
        by_suggestion = estimate(
            np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
        )
    return Effort(
        _median(seconds[shown]),
        _median(seconds[~shown]),
        int(shown.sum()),
        int((~shown).sum()),
        saved,
        by_suggestion,
    )


def _changes(
    seconds: FloatArray, shown: BoolArray, coders: Sequence[str], weights: FloatArray
) -> FloatArray:
    """(R,) the mean change in log seconds where suggestions were shown."""
    total = np.zeros(len(weights))
    trust = np.zeros(len(weights))
    for coder in sorted(set(coders)):
        own = np.array([one == coder for one in coders], dtype=bool)
        prompted, blind = own & shown, own & ~shown
        n, m = weights[:, prompted].sum(axis=1), weights[:, blind].sum(axis=1)
        of_coder = np.where((n > 0) & (m > 0), n * m / np.maximum(n + m, 1), 0)
        mean_prompted = weights[:, prompted] @ seconds[prompted] / np.maximum(n, 1)
        mean_blind = weights[:, blind] @ seconds[blind] / np.maximum(m, 1)
        total += of_coder * (mean_prompted - mean_blind)
        trust += of_coder
    changes: FloatArray = np.divide(total, trust, out=np.full(len(total), np.nan), where=trust > 0)
    return changes


def _median(logs: FloatArray) -> float | None:
    return round(float(np.exp(np.median(logs))), 1) if len(logs) else None
