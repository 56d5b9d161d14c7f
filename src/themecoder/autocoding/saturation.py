"""Whether more coding brings anything new: new codes, and answers that have a code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.autocoding.bounds import TAIL, among_others, share_bounds
from themecoder.autocoding.sets import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class NewCodes:
    """``curve``: (answers coded, codes given so far), each time that a code is given for the first
    time, and last what it is now. ``chance``: of the next answer having a code that none has yet,
    with its bounds; by ``answers`` that were drawn by chance."""

    curve: tuple[tuple[int, int], ...]
    chance: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True, slots=True)
class CodeLeft:
    """About how many of the answers that no person coded have a code, with bounds."""

    code: str
    answers: float
    low: int
    high: int


def new_codes(in_order: Sequence[frozenset[str]], drawn: Sequence[frozenset[str]]) -> NewCodes:
    """``in_order``: the codes of all coded answers, in the order in which they were coded;
    ``drawn``: those of answers that were drawn by chance.

    The chance is Good's (1953, Biometrika 40, pp. 237-264): an answer that has a code to itself is
    one that would have brought a new one, had it come last.
    """
    known: set[str] = set()
    curve: list[tuple[int, int]] = []
    for number, codes in enumerate(in_order, start=1):
        if codes - known:
            known |= codes
            curve.append((number, len(known)))
    if in_order and (not curve or curve[-1][0] < len(in_order)):
        curve.append((len(in_order), len(known)))
    times = Counter(code for codes in drawn for code in codes)
    alone = sum(any(times[code] == 1 for code in codes) for codes in drawn)
    n = len(drawn)
    return NewCodes(tuple(curve), alone / n if n else 1.0, *share_bounds(alone, n, TAIL), n)


def codes_left(
    codes: Sequence[str], probable: FloatArray, drawn: FloatArray, given: BoolArray
) -> list[CodeLeft]:
    """Of each code, in how many of m answers it is that no person coded.

    ``probable`` (m, C): how probable each code is for these; ``drawn`` (n, C): the same for answers
    that were drawn by chance and coded; ``given`` (n, C): whether a person gave it there. The guess
    is what the machine expects, put right by how far it was off where people coded (the difference
    estimator; Särndal, Swensson & Wretman 1992, Model assisted survey sampling, section 6.3). The
    bounds rest on what people coded alone, and hold however wrong the machine is.
    """
    m, n = len(probable), len(drawn)
    found = []
    for column, code in enumerate(codes):
        seen = int(given[:, column].sum())
        low, high = among_others(seen, n, m, TAIL)
        expected = float(probable[:, column].sum())
        if n:
            expected += m * float(np.mean(given[:, column] - drawn[:, column]))
        found.append(CodeLeft(code, min(max(expected, float(low)), float(high)), low, high))
    return found
