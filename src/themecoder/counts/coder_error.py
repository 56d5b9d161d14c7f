"""The interval of a share that holds sampling and what coders do not agree on.

A coder misses some answers that have a code, and gives it to some that do not have it. How often
can be told from answers that were coded twice, if coders err apart from one another: with p the
share of codings with the code, and c how much more often than by chance both coders of an answer
give it, a false alarm rate f leaves for the true share t and the hit rate h
    t = (p - f)^2 / (c + (p - f)^2)        h = f + (p - f) / t
which are the two equations p = t h + (1 - t) f and c = t (1 - t) (h - f)^2, and the first of these
is the estimator of Rogan & Gladen (1978), Am. J. Epidemiology 107, p. 73. Pairs alone do not tell
f: there are three unknowns (Walter & Irwig 1988, J. Clinical Epidemiology 41, p. 925). It lies
between 0 (all that coders differ on was missed) and p - c / (1 - p) (h = 1: all were false alarms).
Without more the interval reaches over both ends. A person's decisions on answers that coders
differed on tell which it was, and so f.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.counts.intervals import wilson

DECISIONS, PAIRS = "decisions", "pairs"
"""What the interval rests on: people's decisions on what coders differed on, or the pairs alone."""
TOO_FEW, BY_CHANCE = "too_few", "by_chance"
"""Why there is no interval: too few answers that were coded twice have the code; coders agree no
more than they would by chance."""
FEWEST = 5
"""So many answers that were coded twice must have the code, from one coder at least. With fewer an
interval says next to nothing; to ask for more lets rare codes in only where chance gave them many,
and then 95% intervals hold the truth less often (`benchmarks/coder_error.py`)."""
FEWEST_DECIDED = 5
"""So many answers that coders differed on must be decided, before the decisions are used."""
DRAWS = 4000
_HALVINGS = 40

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodedTwice:
    """An answer that ``coders`` (two or more) coded, ``given`` of whom gave the code. ``decided``:
    whether a person decided that it has the code; None where nobody did."""

    coders: int
    given: int
    decided: bool | None = None


@dataclass(frozen=True, slots=True)
class CoderInterval:
    """An interval in percent; None without one. ``method``: what it rests on, or why there is
    none."""

    low: float | None
    high: float | None
    method: str


def coder_interval(
    n: int,
    base: int,
    coded: int,
    given: float,
    twice: Iterable[CodedTwice],
    level: float = 0.95,
    seed: int = 0,
) -> CoderInterval:
    """The interval of the share of ``base`` respondents that truly have a code.

    ``n`` of them were counted with it, and ``coded`` have an answer that was coded; who has none
    does not have the code. ``given``: how many a coder gave the code, an answer of several coders
    as their share. ``twice`` are the answers that were coded twice, a random part of the
    coded ones. Of an answer with more than two coders every pair counts, the answer as one. The
    bounds are quantiles of draws from the posterior with Jeffreys' priors, of the share and of the
    table of pairs; they are never inside Wilson's interval of n. Raises ValueError where not
    0 <= n, given <= coded <= base, base > 0.
    """
    if not (n <= coded <= base and 0 <= given <= coded):
        raise ValueError(f"no share: {n}, {given} of {coded} of {base}")
    sampling = wilson(n, base, level)
    both, one, neither, having, misses, alarms = _pair_table(twice)
    if having < FEWEST:
        return CoderInterval(None, None, TOO_FEW)
    total = both + one + neither
    if both / total <= ((both + one / 2) / total) ** 2:
        return CoderInterval(None, None, BY_CHANCE)
    random = np.random.default_rng(seed)
    p11, p10, _ = random.dirichlet((both + 0.5, one + 0.5, neither + 0.5), DRAWS).T
    p = p11 + p10 / 2
    c = np.maximum(p11 - p * p, 1e-9)
    share = random.beta(given + 0.5, base - given + 0.5, DRAWS)
    most = np.maximum(p - c / (1 - p), 0)
    if misses + alarms >= FEWEST_DECIDED:
        false = random.beta(alarms + 0.5, misses + 0.5, DRAWS)
        method, alarm_rates = DECISIONS, (_alarm_rate(p, c, false, most),) * 2
    else:
        method, alarm_rates = PAIRS, (most, np.zeros(DRAWS))
    least, greatest = (_true_share(share, coded / base, p, c, f) for f in alarm_rates)
    low, high = np.quantile(least, (1 - level) / 2), np.quantile(greatest, (1 + level) / 2)
    return CoderInterval(
        100 * min(float(low), sampling[0]), 100 * max(float(high), sampling[1]), method
    )


def _pair_table(twice: Iterable[CodedTwice]) -> tuple[float, float, float, int, int, int]:
    """Answers of which both coders of a pair gave the code, one, neither; answers with the code;
    and of those that coders differed on how many were decided to have it and not to have it."""
    both = one = neither = 0.0
    having = misses = alarms = 0
    for answer in twice:
        k, s = answer.coders, answer.given
        pairs = k * (k - 1)
        both += s * (s - 1) / pairs
        one += 2 * s * (k - s) / pairs
        neither += (k - s) * (k - s - 1) / pairs
        having += s > 0
        if 0 < s < k:
            misses += answer.decided is True
            alarms += answer.decided is False
    return both, one, neither, having, misses, alarms


def _alarm_rate(p: Array, c: Array, false: Array, most: Array) -> Array:
    """The false alarm rate with which the share ``false`` of what coders differ on is false alarms.

    That share is (1 - t) f (1 - f) of (p - p11); it grows with f, and is found by halving.
    """
    apart = p * (1 - p) - c
    low, high = np.zeros_like(p), most.copy()
    for _ in range(_HALVINGS):
        f = (low + high) / 2
        less = c / (c + (p - f) ** 2) * f * (1 - f) < false * apart
        low, high = np.where(less, f, low), np.where(less, high, f)
    return (low + high) / 2


def _true_share(share: Array, coded: float, p: Array, c: Array, f: Array) -> Array:
    """The true share of the base, from the share that was counted and the part that is coded.

    What the pairs say is carried over by how often an answer with the code, and one without, truly
    has it (Tenenbein 1970, J. Am. Stat. Assoc. 65, p. 1352): this stays between 0 and 1.
    """
    true = (p - f) ** 2 / (c + (p - f) ** 2)
    hits = np.minimum(f + (p - f) / true, 1)
    if_given, if_not = true * hits / p, true * (1 - hits) / (1 - p)
    found: Array = share * if_given + np.maximum(coded - share, 0) * if_not
    return found
