"""How often intervals of ``counts --source ppi`` hold, and what they save against people alone.

    python benchmarks/ppi.py [--samples 2000] [--draws 40] [--shared ../shared] [--only simulated]

Simulated: 800 respondents with content of a population in which .02 to .5 of the answers have a
code, of whom 30 to 200 are coded by people. Two fifths of the respondents are a group of their
own, in which the code is nearly three times as common, and the machine errs there in another way:
"good" sees it as well as elsewhere but says too little, "blind" sees next to nothing there and too
much elsewhere, "too sure" is blind and hardly ever says anything but 0 or 1, "guesses" has nothing
to do with the answers. Held: how many in a hundred 95 % intervals hold the share of the population;
width: their mean width in points, ours and of people's coding alone (Wilson's); worth: how many
human codings the estimate is worth, the median. "normal" is the interval that PPI++ publishes.

Study: the shipped study with the codes of study/gold.jsonl where --shared has it, else those of the
simulated coder_a. People code a random part of each question, the machine learns from it as
``themecoder suggestions`` does, and the share is that of all answers to a question with content.
Codes that 1 % of the answers have and more. This share is known but for what is not coded, while
the intervals speak of those the respondents stand for: so they hold it more often than 95 in 100.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm
from suggestions import ROOT, Set, shipped_study, small_study

from themecoder.classifier.cross_fitting import cross_fitted
from themecoder.counts.ppi.prediction_powered import Answers, PpiShare, ppi_share

RESPONDENTS, GROUP, LEVEL = 800, 0.4, 0.95
SHARES, CODED = (0.02, 0.05, 0.1, 0.3, 0.5), (30, 50, 100, 200)
SEES = {"good": (3.0, 3.0), "blind": (0.2, 3.0), "too sure": (0.2, 3.0), "guesses": (0.0, 0.0)}
SAYS = {"good": (-1.0, 0.0), "blind": (-1.0, 1.0), "too sure": (-1.0, 1.0), "guesses": (0.0, 0.0)}
"""By how much the machine tells answers with the code from others, and what it adds to the log odds
of all, in the group and elsewhere."""


def sample(
    random: np.random.Generator, machine: str, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each respondent has the code, and the machine's probability of it."""
    group = random.random(RESPONDENTS) < GROUP
    has = random.random(RESPONDENTS) < np.where(group, 1.6, 0.6) * share
    sees, says = (np.where(group, *of[machine]) for of in (SEES, SAYS))
    seen = random.normal(size=RESPONDENTS) + sees * has
    odds = sees * (seen - sees / 2) + logit(share) + says
    if machine == "too sure":
        odds = 3 * odds - 2 * logit(share)
    if machine == "guesses":
        odds = odds + random.normal(size=RESPONDENTS)
    return has.astype(float), expit(odds)


def normal_interval(machine: np.ndarray, human: np.ndarray) -> tuple[float, float]:
    """PPI++ with its tuned lambda (Angelopoulos, Duchi & Zrnic 2023, sec. 6)."""
    coded = ~np.isnan(human)
    y, f, rest = human[coded], machine[coded], machine[~coded]
    n, others = len(y), len(rest)
    weight = np.cov(y, f)[0, 1] / ((1 + n / others) * max(np.var(machine, ddof=1), 1e-12))
    weight = min(max(weight, 0.0), 1.0)
    middle = weight * rest.mean() + (y - weight * f).mean()
    error = np.sqrt(weight**2 * rest.var() / others + (y - weight * f).var() / n)
    reach = norm.ppf((1 + LEVEL) / 2) * error
    return middle - reach, middle + reach


def simulate(samples: int) -> None:
    print(f"\nSimulated, {samples} samples of {RESPONDENTS} a row")
    print("| machine | true share | people coded | held | normal | width | people alone | worth |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in SEES:
        for share in SHARES:
            for coded in CODED:
                random = np.random.default_rng([2026, coded, round(1000 * share), len(name)])
                found, normal = [], []
                for _ in range(samples):
                    has, machine = sample(random, name, share)
                    human = np.where(np.arange(RESPONDENTS) < coded, has, np.nan)
                    found.append(ppi_share(Answers.of(machine, human), level=LEVEL))
                    low, high = normal_interval(machine, human)
                    normal.append(low <= share <= high)
                shares = np.full(samples, share)
                print(
                    f"| {name} | {share} | {coded} | {held(found, shares)} | "
                    f"{100 * np.mean(normal):.1f} | {summary(found)} |",
                    flush=True,
                )


def held(found: list[PpiShare], shares: np.ndarray) -> str:
    inside = [
        one.low is not None and one.high is not None and one.low <= share <= one.high
        for one, share in zip(found, shares, strict=True)
    ]
    return f"{100 * np.mean(inside):.1f}"


def summary(found: list[PpiShare]) -> str:
    """Mean widths of the intervals with the machine and without, and what they are worth."""
    own = np.mean([(one.high or 0) - (one.low or 0) for one in found])
    alone = np.mean([(one.human_high or 0) - (one.human_low or 0) for one in found])
    return f"{100 * own:.1f} | {100 * alone:.1f} | {np.median([one.worth for one in found]):.0f}"


def drawn(data: Set, coded: int, draws: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Which answers are coded, ``coded`` of each question or half of it, and the probabilities."""
    questions = data.known.answers.questions
    for seed in range(draws):
        random = np.random.default_rng([2026, coded, seed])
        rows = []
        for question in np.unique(questions):
            own = np.flatnonzero(questions == question)
            rows.append(random.permutation(own)[: min(coded, len(own) // 2)])
        part = np.sort(np.concatenate(rows))
        yield part, cross_fitted(data.known, data.coded(part), seed)


def on_study(data: Set, draws: int) -> None:
    questions = data.known.answers.questions
    print(f"\nShipped study, {draws} draws; codes that 1 % of a question's answers have and more")
    print("| answers | people coded | share of codes | held | width | people alone | worth |")
    print("|--:|--:|---|--:|--:|--:|--:|")
    for coded in CODED:
        rows: dict[tuple[int, str], list[tuple[PpiShare, float]]] = {}
        for part, probabilities in drawn(data, coded, draws):
            for question in np.unique(questions):
                own = np.flatnonzero(questions == question)
                known = np.isin(own, part)
                if known.sum() < coded:
                    continue
                for code in range(data.right.shape[1]):
                    right = data.right[own, code]
                    if right.mean() < 0.01:
                        continue
                    human = np.where(known, right, np.nan)
                    found = ppi_share(Answers.of(probabilities[own, code], human), level=LEVEL)
                    kind = "below 5 %" if right.mean() < 0.05 else "5 % and more"
                    rows.setdefault((len(own), kind), []).append((found, float(right.mean())))
        for (answers, kind), pairs in sorted(rows.items()):
            found = [one for one, _ in pairs]
            inside = held(found, np.array([share for _, share in pairs]))
            print(f"| {answers} | {coded} | {kind} | {inside} | {summary(found)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", choices=("simulated", "study"))
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    samples, draws = (3, 1) if options.smallest else (options.samples, options.draws)
    if options.only != "study":
        simulate(samples)
    if options.only != "simulated":
        root = small_study() if options.smallest else ROOT
        on_study(shipped_study(root, options.shared), draws)
    print("\ndone")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
