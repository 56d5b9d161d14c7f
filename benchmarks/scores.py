"""Scores of candidate themes against codes given by people. Pure functions, tested on their own.

An answer may have several codes and be in several themes. ``-1`` is "in no theme".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np


def peak_mb() -> float:
    """Peak resident memory of this process in MB.

    From /proc where there is one: getrusage of a child also counts the parent that it came from.
    """
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(labels: np.ndarray) -> np.ndarray:
    """The labels with each left-out answer in a theme of its own: left out counts as wrong."""
    labels = np.asarray(labels).copy()
    out = labels < 0
    labels[out] = labels.max(initial=-1) + 1 + np.arange(int(out.sum()))
    return labels


def mutual_information(codes: Sequence[frozenset[str]], labels: np.ndarray) -> float:
    """Adjusted mutual information over the placed answers with exactly one code; nan if none."""
    from sklearn.metrics import adjusted_mutual_info_score

    keep = [i for i, held in enumerate(codes) if len(held) == 1 and labels[i] >= 0]
    if not keep:
        return float("nan")
    return float(
        adjusted_mutual_info_score([min(codes[i]) for i in keep], [int(labels[i]) for i in keep])
    )


def pairwise_f1(codes: Sequence[frozenset[str]], themes: Sequence[frozenset[int]]) -> float:
    """F1 of "these two answers belong together": they share a code against they share a theme."""
    true, predicted = _shared(codes), _shared(themes)
    upper = np.triu_indices(len(codes), 1)
    both = int((true & predicted)[upper].sum())
    total = int(true[upper].sum() + predicted[upper].sum())
    return 2 * both / total if total else 0.0


def mean_agreement(runs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Mean adjusted Rand index over all pairs of runs, each (answers, labels), on shared answers.

    Left-out answers are each alone: agreement on what is left out is no agreement on themes.
    """
    from sklearn.metrics import adjusted_rand_score

    found = []
    for (first, a), (second, b) in combinations(runs, 2):
        _, i, j = np.intersect1d(first, second, return_indices=True)
        found.append(adjusted_rand_score(alone(a)[i], alone(b)[j]))
    return float(np.mean(found))


def _shared(sets: Sequence[frozenset]) -> np.ndarray:
    names = sorted(set().union(*sets))
    place = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(sets), max(len(names), 1)), dtype=np.float32)
    for row, held in enumerate(sets):
        for name in held:
            table[row, place[name]] = 1
    return table @ table.T > 0


def code_measures(
    found: np.ndarray, cut_offs: np.ndarray, right: np.ndarray
) -> tuple[float, float, float, float, float]:
    """Micro F1, macro F1, mean average precision over codes, and the share of answers with a code
    whose first suggestion, or one of the first three, is right.

    ``found`` (n, C) scores, a code taken from the answer's cut-off (n,) on; ``right`` (n, C) 0/1.
    Codes that nobody gave are in no mean.
    """
    from sklearn.metrics import average_precision_score, f1_score

    taken = found >= cut_offs[:, None]
    used = np.flatnonzero(right.any(axis=0))
    micro = f1_score(right, taken, average="micro", zero_division=0)
    macro = f1_score(right[:, used], taken[:, used], average="macro", zero_division=0)
    precision = np.mean([average_precision_score(right[:, c], found[:, c]) for c in used])
    order = np.argsort(-found, axis=1, kind="stable")
    hits = np.take_along_axis(right, order, axis=1)[right.any(axis=1)] > 0
    return (
        float(micro),
        float(macro),
        float(precision),
        float(hits[:, 0].mean()),
        float(hits[:, :3].any(axis=1).mean()),
    )


def calibration_error(found: np.ndarray, right: np.ndarray, first: int = 3) -> float:
    """Mean distance of probability and share right in ten bins, over each answer's first codes."""
    order = np.argsort(-found, axis=1, kind="stable")[:, :first]
    told = np.take_along_axis(found, order, axis=1).ravel()
    hits = np.take_along_axis(right, order, axis=1).ravel() > 0
    bins = np.clip((told * 10).astype(int), 0, 9)
    parts = [bins == one for one in np.unique(bins)]
    return float(sum(part.mean() * abs(told[part].mean() - hits[part].mean()) for part in parts))
