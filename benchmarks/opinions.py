"""What opinions of a language model do to suggestions, by how good the model is.

    python benchmarks/opinions.py               the shipped study; needs ../shared (or --shared)
    python benchmarks/opinions.py --smallest    that every part runs; no figures

The models are made up: each code that an answer has is given with a chance (recall), and codes that
it has not in such number that the share right is as said (precision). Answers are coded as in
suggestions.py, and scored on the respondents that nothing was learned from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from suggestions import PARTS, ROOT, Set, calibration_error, examples, shipped_study, small_study

from themecoder.classifier.learn import learn, respondent_parts

POINTS = (0, 1, 4, 16)
MODELS = {
    "none": None,
    "good: recall .7, precision .7": (0.7, 0.7),
    "poor: recall .3, precision .3": (0.3, 0.3),
    "guesses": (0.04, 0.05),
}


def opinions(data: Set, recall: float, precision: float) -> np.ndarray:
    """(n, C) 1 where the model gives the code, whether the answer has it or not."""
    random = np.random.default_rng(5)
    right = data.right > 0
    given = right & (random.uniform(size=right.shape) < recall)
    wrong = given.sum() * (1 - precision) / precision / max((~right).sum(), 1)
    return np.asarray(given | (~right & (random.uniform(size=right.shape) < wrong)), dtype=float)


def scores(data: Set, point: int, given: np.ndarray | None) -> tuple[float, float, float]:
    """Log loss per answer, share of first suggestions that are right, and calibration error."""
    parts = respondent_parts(data.known, 0)
    found = np.zeros(data.right.shape)
    for part in range(PARTS):
        own = parts == part
        rows = examples(data, np.flatnonzero(~own), point, part)
        found[own] = learn(data.known, data.coded(rows), opinions=given).probabilities[own]
    told = np.clip(found, 1e-5, 1 - 1e-5)
    loss = -(data.right * np.log(told) + (1 - data.right) * np.log(1 - told)).sum(axis=1).mean()
    first = np.take_along_axis(data.right, found.argmax(axis=1)[:, None], axis=1)[:, 0]
    coded = data.right.any(axis=1)
    return float(loss), float(first[coded].mean()), calibration_error(found, data.right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    root = small_study() if options.smallest else ROOT
    data = shipped_study(root, options.shared)
    print("| examples a code | model | log loss | first | off |")
    print("|--:|---|--:|--:|--:|")
    for point in POINTS:
        for name, kind in MODELS.items():
            given = opinions(data, *kind) if kind else None
            told = " | ".join(f"{value:.3f}" for value in scores(data, point, given))
            print(f"| {point} | {name} | {told} |", flush=True)


if __name__ == "__main__":
    main()
