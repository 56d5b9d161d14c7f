"""The stability of a theme: how well it comes back when a part of the answers is left out."""

from __future__ import annotations

import numpy as np

from themecoder.themes.consensus import Runs
from themecoder.themes.model import FloatArray, IntArray


def theme_stability(labels: IntArray, runs: Runs, themes: int) -> FloatArray:
    """(themes,) mean over the runs of a theme's best Jaccard similarity to a group of the run.

    Clusterwise stability by resampling (Hennig 2007, "Cluster-wise assessment of cluster
    stability"), with subsets instead of bootstrap samples: per run the theme is restricted to the
    answers that the run holds. Hennig reads above .75 as a stable theme, below .5 as dissolved.
    Here the runs differ in resolution too, so a theme that only exists at one grain scores lower.
    """
    total = np.zeros(themes)
    seen = np.zeros(themes)
    for run in runs.labels:
        part = (run >= 0) & (labels >= 0)
        if not part.any():
            continue
        groups = int(run.max()) + 1
        table = np.bincount(labels[part] * groups + run[part], minlength=themes * groups)
        table = table.reshape(themes, groups).astype(np.float64)
        theme = table.sum(axis=1, keepdims=True)
        group = table.sum(axis=0, keepdims=True)
        jaccard = table / np.maximum(theme + group - table, 1)
        present = theme.ravel() > 0
        total[present] += jaccard.max(axis=1)[present]
        seen[present] += 1
    return np.asarray(total / np.maximum(seen, 1))
