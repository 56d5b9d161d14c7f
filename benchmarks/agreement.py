"""How fast agreement with intervals is, against looping over the programs that people have.

    python benchmarks/agreement.py

771 answers, 3 coders, 31 codes, each answer missing for a coder in 1 of 5 cases: every nominal
coefficient of every code, and alpha over sets, with 1,000 resamples of respondents. The loops are
timed on a few resamples of a few codes, in the same run, and multiplied out.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance

from themecoder.agreement.bootstrap import draws, intervals
from themecoder.agreement.coefficients import MANY_CODERS, without_pairs
from themecoder.agreement.set_distances import set_alpha, set_terms
from themecoder.agreement.statistics import terms, totals

ANSWERS, CODERS, CODES, RESAMPLES = 771, 3, 31, 1000
OF_IRRCAC = ("gwet", "fleiss", "conger", "bp", "krippendorff")
TRIED = 5


def simulated() -> np.ndarray:
    """(coders, answers, codes): 1, 0, or -1 where the coder did not see the answer."""
    random = np.random.default_rng(0)
    truth = random.random((ANSWERS, CODES)) < np.geomspace(0.005, 0.3, CODES)
    slips = random.random((CODERS, ANSWERS, CODES)) < 0.02
    cells = (truth ^ slips).astype(np.int8)
    cells[random.random((CODERS, ANSWERS)) < 0.2] = -1
    return cells


def timed(run: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of ``times`` runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    cells = simulated()
    drawn = draws(range(ANSWERS), RESAMPLES, 0)
    rows = [
        [frozenset(np.flatnonzero(cell == 1)) if cell[0] >= 0 else None for cell in coder]
        for coder in cells
    ]

    def nominal() -> None:
        t = totals(without_pairs(terms(cells, 2)), drawn)
        for of in MANY_CODERS.values():
            intervals(of(t))

    def sets(metric: str) -> None:
        intervals(set_alpha(set_terms(rows, metric), drawn))

    ours = timed(nominal)
    of_sets = {metric: timed(lambda m=metric: sets(m)) for metric in ("jaccard", "masi")}
    print(
        f"ours: {len(MANY_CODERS)} nominal coefficients x {CODES} codes x {RESAMPLES}: {ours:.3f} s"
    )
    for metric, seconds in of_sets.items():
        print(f"ours: alpha over sets, {metric}, x {RESAMPLES}: {seconds:.3f} s")

    random = np.random.default_rng(1)
    looped = timed(lambda: irrcac_once(cells, random), 1) / (TRIED * TRIED) * CODES * RESAMPLES
    ratio = looped / (ours * len(OF_IRRCAC) / len(MANY_CODERS))
    print(f"irrCAC, {len(OF_IRRCAC)} of these, looped: {looped:.0f} s, {ratio:,.0f} times as long")
    for metric, distance in (("jaccard", jaccard_distance), ("masi", masi_distance)):
        looped = timed(lambda d=distance: nltk_once(rows, d), 1) * RESAMPLES
        print(
            f"NLTK, alpha over sets, {metric}, looped: {looped:.0f} s,"
            f" {looped / of_sets[metric]:,.0f} times as long"
        )


def irrcac_once(cells: np.ndarray, random: np.random.Generator) -> None:
    """A few resamples of the commonest codes."""
    for _ in range(TRIED):
        picked = random.integers(0, ANSWERS, ANSWERS)
        for code in range(CODES - TRIED, CODES):
            some = np.where(cells[:, picked, code] < 0, np.nan, cells[:, picked, code])
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                cac = CAC(pd.DataFrame(some.T).dropna(how="all"), categories=[0.0, 1.0])
                for name in OF_IRRCAC:
                    getattr(cac, name)()


def nltk_once(rows: list[list[frozenset[int] | None]], distance: Callable[..., float]) -> None:
    """All answers once; NLTK divides by zero on two empty sets: a label stands for none."""
    data = [
        (f"c{c}", f"u{n}", cell or frozenset([-1]))
        for c, row in enumerate(rows)
        for n, cell in enumerate(row)
        if cell is not None
    ]
    AnnotationTask(data=data, distance=distance).alpha()


if __name__ == "__main__":
    main()
