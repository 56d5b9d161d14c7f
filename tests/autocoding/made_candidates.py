"""Answers with codes by machine, made up so that it is known how often these are right."""

from __future__ import annotations

import numpy as np

from themecoder.autocoding.sets import likeliest_sets
from themecoder.autocoding.trust import Candidates


def made(seed: int, n: int = 400, codes: int = 5, hard: int | None = None) -> Candidates:
    """``n`` answers, half of them tried, two a respondent, of two questions; all are told right or
    wrong. Code ``hard`` is never right, however sure the machine is."""
    random = np.random.default_rng(seed)
    sharp = random.beta(0.6, 0.3, size=(n, 1))
    p = random.dirichlet(np.full(codes, 0.05), size=n) * (0.2 + 0.78 * sharp)
    given, confidence = likeliest_sets(p)
    right = random.random(n) < confidence
    if hard is not None:
        right &= ~given[:, hard]
    respondents = np.arange(n) // 2
    tried = random.permutation(n // 2 + 1)[respondents] < n // 4
    return Candidates(confidence, given, np.arange(n) % 2, respondents, tried, np.asarray(right))


def told(answers: Candidates) -> Candidates:
    """What is known of them: of the others nobody knows whether they are right."""
    return Candidates(
        answers.confidence,
        answers.codes,
        answers.questions,
        answers.respondents,
        answers.tried,
        answers.tried & answers.right,
    )
