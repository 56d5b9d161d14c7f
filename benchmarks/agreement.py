"""Agreement of a whole study with its bootstrap intervals, against numpy, irrCAC and NLTK.

    python benchmarks/agreement.py [--resamples 1000] [--timed 24]

Simulated: 771 answers, 3 coders, 31 codes that .005 to .3 of the answers have, each coder leaving
out a fifth of the answers by design. Ours: every coefficient for two coders or more of every code,
and alpha over sets (MASI, Jaccard), for the answers and for 1,000 resamples of respondents, with
the intervals. "numpy" is what somebody who knows numpy would write for it: a function for all codes
at once, called on each resample; it is run whole. irrCAC and NLTK have no resampling, so the loop
is what one would write around them; it is timed on ``--timed`` codes and resamples drawn at random,
and its median extrapolated to all. What all have computed must be equal.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.coefficients import MANY_CODERS, without_pairs
from themecoder.agreement.measures.ratings import MISSING
from themecoder.agreement.measures.set_distances import (
    jaccard_distance,
    masi_distance,
    set_alpha,
    set_terms,
)
from themecoder.agreement.measures.statistics import terms, totals

ANSWERS, CODERS, CODES = 771, 3, 31
LEFT_OUT = 0.2
IRRCAC = {
    "brennan_prediger": "bp",
    "conger_kappa": "conger",
    "fleiss_kappa": "fleiss",
    "gwet_ac1": "gwet",
    "krippendorff_alpha": "krippendorff",
}
METRICS = {"masi": masi_distance, "jaccard": jaccard_distance}
RUNS = 5
Sets = list[list[frozenset[int] | None]]
T = TypeVar("T")


def study(random: np.random.Generator) -> np.ndarray:
    """(coders, answers, codes) of 1, 0 and -1 for an answer that the coder did not get.

    A coder sees four in five of the codes that an answer has, and adds one now and then.
    """
    prevalence = np.geomspace(0.005, 0.3, CODES)
    has = random.random((ANSWERS, CODES)) < prevalence
    sees = random.random((CODERS, ANSWERS, CODES)) < 0.8
    adds = random.random((CODERS, ANSWERS, CODES)) < prevalence / 10
    cells = ((has & sees) | adds).astype(np.int64)
    cells[random.random((CODERS, ANSWERS)) < LEFT_OUT] = MISSING
    return cells


def sets_of(cells: np.ndarray) -> Sets:
    return [
        [None if codes[0] == MISSING else frozenset(np.flatnonzero(codes)) for codes in answers]
        for answers in cells
    ]


def timed(function: Callable[[], T], runs: int = 1) -> tuple[float, T]:
    """The median of the runs' seconds, and the last result."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        found = function()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), found


def nominal(cells: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """(resamples, codes, coefficients); the first is of the answers themselves."""
    t = totals(without_pairs(terms(cells, 2)), drawn)
    return np.stack([function(t) for function in MANY_CODERS.values()], axis=-1)


def alpha_of_sets(rows: Sets, drawn: np.ndarray) -> np.ndarray:
    """(resamples, metrics)"""
    return np.stack([set_alpha(set_terms(rows, name), drawn) for name in METRICS], axis=-1)


def written_out(times: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(times)), times.astype(int))


def by_numpy(ratings: np.ndarray) -> np.ndarray:
    """(codes, coefficients) of (coders, answers, codes): 1, 0, and nan for no rating.

    Gwet's definitions with missing ratings, as irrCAC has them; in the order of ``MANY_CODERS``.
    """
    rated = ~np.isnan(ratings)
    m, yes = rated.sum(axis=0), np.nansum(ratings, axis=0)
    no, two = m - yes, m >= 2
    agreeing = np.where(two, yes * (yes - 1) + no * (no - 1), 0)
    po = (agreeing / np.maximum(m * (m - 1), 1)).sum(axis=0) / two.sum(axis=0)
    pi = (yes / np.maximum(m, 1)).sum(axis=0) / (m > 0).sum(axis=0)
    own = np.nansum(ratings, axis=1) / rated.sum(axis=1)  # (coders, codes)
    coders = len(own)
    pairs = sum(
        own[g] * own[h] + (1 - own[g]) * (1 - own[h])
        for g in range(coders)
        for h in range(coders)
        if g != h
    ) / (coders * (coders - 1))
    n, n_yes = (m * two).sum(axis=0), (yes * two).sum(axis=0)
    apart = np.where(two, 2 * yes * no / np.maximum(m - 1, 1), 0).sum(axis=0)
    alpha = 1 - (n - 1) * apart / (2 * n_yes * (n - n_yes))
    chances = (0.5, pairs, pi**2 + (1 - pi) ** 2, 2 * pi * (1 - pi))
    return np.stack([po, *((po - pe) / (1 - pe) for pe in chances), alpha], axis=-1)


def nominal_by_numpy(cells: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    ratings = np.where(cells == MISSING, np.nan, cells)
    with np.errstate(all="ignore"):
        return np.stack([by_numpy(ratings[:, written_out(times)]) for times in drawn])


def sets_by_numpy(rows: Sets, drawn: np.ndarray) -> np.ndarray:
    """(resamples, metrics): Krippendorff's alpha from the distances between all sets that occur."""
    known = sorted({own for row in rows for own in row if own is not None}, key=sorted)
    place = {own: n for n, own in enumerate(known)}
    ids = np.array([[-1 if own is None else place[own] for own in row] for row in rows])
    rated = ids >= 0
    m = rated.sum(axis=0)
    two = m >= 2
    held = np.zeros((len(two), len(known)))
    for own, there in zip(ids, rated, strict=True):
        held[np.flatnonzero(there & two), own[there & two]] += 1
    found = []
    for distances in _distances(known):
        apart = ((held @ distances) * held).sum(axis=1) / np.maximum(m - 1, 1)
        alphas = []
        for times in drawn:
            taken = written_out(times)
            counts = held[taken].sum(axis=0)
            n = counts.sum()
            alphas.append(1 - (n - 1) * apart[taken].sum() / (counts @ distances @ counts))
        found.append(alphas)
    return np.array(found).T


def _distances(sets: list[frozenset[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Between all sets, in the order of ``METRICS``: MASI and Jaccard. Two empty sets are equal."""
    members = np.zeros((len(sets), CODES))
    for row, own in zip(members, sets, strict=True):
        row[list(own)] = 1
    sizes = members.sum(axis=1)
    shared = members @ members.T
    union = sizes[:, None] + sizes - shared
    jaccard = np.where(union > 0, shared / np.maximum(union, 1), 1)
    inside = shared == np.minimum(sizes[:, None], sizes)
    degree = np.select([jaccard == 1, inside, shared > 0], [1, 2 / 3, 1 / 3], 0)
    return 1 - jaccard * degree, 1 - jaccard


def by_irrcac(cells: np.ndarray, times: np.ndarray, code: int) -> dict[str, float]:
    """irrCAC on a resample of one code."""
    import pandas as pd
    from irrCAC.raw import CAC

    ratings = cells[:, written_out(times), code].T.astype(float)
    ratings[ratings == MISSING] = np.nan
    table = CAC(pd.DataFrame(ratings), categories=[0, 1], digits=17)
    return {n: float(getattr(table, m)()["est"]["coefficient_value"]) for n, m in IRRCAC.items()}


def by_nltk(rows: Sets, times: np.ndarray) -> list[float]:
    """NLTK on a resample of the answers' sets, with our distances: its MASI fails on empty sets."""
    places = written_out(times)
    from nltk.metrics.agreement import AnnotationTask

    triples = [
        (coder, n, row[place])
        for coder, row in enumerate(rows)
        for n, place in enumerate(places)
        if row[place] is not None
    ]
    return [AnnotationTask(data=triples, distance=metric).alpha() for metric in METRICS.values()]


def line(what: str, count: int, seconds: float, others: str, theirs: float, tried: object) -> None:
    shown = f"{theirs:.2f}" if theirs < 100 else f"{theirs:,.0f}"
    times = theirs / seconds
    print(
        f"| {what} | {count:,} | {seconds:.2f} | {others} | {shown} | {tried} | "
        f"{times:,.{0 if times >= 10 else 1}f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--timed", type=int, default=24, help="loops of the others that are timed")
    options = parser.parse_args()
    if options.smallest:
        options.resamples, options.timed = 20, 2
    import irrCAC.raw  # noqa: F401
    import nltk.metrics.agreement  # noqa: F401  loaded here: --help is quick, and no time counts it

    random = np.random.default_rng(2026)
    cells = study(random)
    rows = sets_of(cells)
    drawing, drawn = timed(lambda: draws(list(range(ANSWERS)), options.resamples, 1), RUNS)
    drawn = np.concatenate([np.ones((1, ANSWERS)), drawn])  # the answers themselves come first

    seconds, values = timed(lambda: nominal(cells, drawn), RUNS)
    set_seconds, set_values = timed(lambda: alpha_of_sets(rows, drawn), RUNS)
    ends, _ = timed(lambda: (intervals(values[1:]), intervals(set_values[1:])), RUNS)
    print(f"{ANSWERS} answers, {CODERS} coders, {CODES} codes, {options.resamples:,} resamples")
    print(
        f"drawing {drawing:.2f} s, nominal {seconds:.2f} s, sets {set_seconds:.2f} s, "
        f"intervals {ends:.2f} s"
    )

    by_hand, hand_values = timed(lambda: nominal_by_numpy(cells, drawn))
    np.testing.assert_allclose(hand_values, values, atol=1e-9)
    sets_by_hand, hand_sets = timed(lambda: sets_by_numpy(rows, drawn))
    np.testing.assert_allclose(hand_sets, set_values, atol=1e-9)

    names, took = list(MANY_CODERS), ([], [])
    warnings.simplefilter("ignore")
    for _ in range(options.timed):
        n, code = int(random.integers(len(drawn))), int(random.integers(CODES))
        seconds_each, theirs = timed(lambda n=n, code=code: by_irrcac(cells, drawn[n], code))
        took[0].append(seconds_each)
        ours = [values[n, code, names.index(name)] for name in theirs]
        np.testing.assert_allclose(ours, list(theirs.values()), atol=1e-9)
    few = max(options.timed // 4, 2)
    for n in random.integers(len(drawn), size=few):
        seconds_each, alphas = timed(lambda n=n: by_nltk(rows, drawn[n]))
        took[1].append(seconds_each)
        np.testing.assert_allclose(set_values[n], alphas, atol=1e-9)
    # the median: what else the machine does is not theirs
    each = np.array([np.median(one) for one in took]) * (len(drawn) * CODES, len(drawn))

    print("\n| what | values | themecoder s | against | its s | timed | times |")
    print("|---|--:|--:|---|--:|--:|--:|")
    whole = drawing + ends
    what = f"{len(MANY_CODERS)} coefficients of each code"
    line(what, values.size, seconds + whole, "numpy", by_hand + whole, "all")
    line(
        what,
        values.size,
        seconds + whole,
        f"irrCAC, {len(IRRCAC)} of them",
        each[0],
        options.timed,
    )
    line(
        "alpha over sets",
        set_values.size,
        set_seconds + whole,
        "numpy",
        sets_by_hand + whole,
        "all",
    )
    line("alpha over sets", set_values.size, set_seconds + whole, "NLTK", each[1], few)
    total = seconds + set_seconds + whole
    size, hand = values.size + set_values.size, by_hand + sets_by_hand + whole
    line("all", size, total, "numpy", hand, "all")
    line("all", size, total, "irrCAC and NLTK", each.sum(), options.timed + few)


if __name__ == "__main__":
    main()
