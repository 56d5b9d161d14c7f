"""How often intervals hold the true share of a code, where coders err.

    python benchmarks/coder_error.py [--runs 1000]

Simulated: 400 respondents who all answered, three coders, each answer coded by one of them and
30 % by two, a code that .02 to .3 of the answers truly have. A coder misses it with one probability
and gives it falsely with another, apart from the other coders; "unlike" are three coders
who miss one in ten, two in ten and four in ten. "hard": all coders miss a fifth of the answers with
the code, so that they do not err apart, and no pair shows it. Counted is one coder's code per
answer.

"Wilson" knows only sampling. "recoded" resamples respondents and gives every answer the code that
another coder would have given, by the shares in the pairs. "pairs" and "decisions" are ours,
without decisions and with a person's true decision on what coders differed on. "none": how often
there is no interval of ours, since too few answers with the code were coded twice.
"""

from __future__ import annotations

import argparse

import numpy as np

from themecoder.counts.coder_error import FEWEST, CodedTwice, coder_interval
from themecoder.counts.intervals import wilson

RESPONDENTS, CODERS, TWICE = 400, 3, 0.3
SHARES = (0.02, 0.05, 0.1, 0.3)
MISSES_ALARMS = {
    "no errors": ((0.0,) * CODERS, 0.0),
    "some of both": ((0.1,) * CODERS, 0.01),
    "more of both": ((0.2,) * CODERS, 0.03),
    "misses": ((0.3,) * CODERS, 0.0),
    "false alarms": ((0.0,) * CODERS, 0.03),
    "unlike": ((0.1, 0.2, 0.4), 0.01),
    "hard": ((0.1,) * CODERS, 0.01),
}
RECODINGS = 400
METHODS = ("Wilson", "recoded", "pairs", "decisions")
Interval = tuple[float, float]


def coded(
    random: np.random.Generator, share: float, misses: tuple[float, ...], alarms: float, hard: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The truth, the first coder's codes, and the second coder's: -1 where there is none."""
    truth = random.random(RESPONDENTS) < share
    order = random.random((RESPONDENTS, CODERS)).argsort(axis=1)
    seen = truth & (random.random(RESPONDENTS) >= hard)
    chance = np.where(seen[:, None], 1 - np.array(misses), alarms)
    given = (random.random((RESPONDENTS, CODERS)) < chance).astype(int)
    first, second = np.take_along_axis(given, order, axis=1)[:, :2].T
    return truth, first, np.where(random.random(RESPONDENTS) < TWICE, second, -1)


def recoded(random: np.random.Generator, first: np.ndarray, second: np.ndarray) -> Interval:
    """Respondents resampled, and every answer coded by another coder."""
    pairs = second >= 0
    chance = []
    for code in (1, 0):  # either coder of a pair may be the other one
        one, other = (first[pairs] == code), (second[pairs] == code)
        times = one.sum() + other.sum()
        agreed = 2 * (one & other).sum()
        same = agreed / times if times else 1.0
        chance.append(same if code else 1 - same)
    n = random.binomial(len(first), first.mean(), RECODINGS)
    n = random.binomial(n, chance[0]) + random.binomial(len(first) - n, chance[1])
    low, high = np.quantile(n / len(first), (0.025, 0.975))
    return float(low), float(high)


def intervals(
    random: np.random.Generator, truth: np.ndarray, first: np.ndarray, second: np.ndarray
) -> dict[str, Interval | None]:
    n, given = int(first.sum()), float(np.where(second < 0, first, (first + second) / 2).sum())
    found: dict[str, Interval | None] = {
        "Wilson": wilson(n, RESPONDENTS),
        "recoded": recoded(random, first, second),
    }
    for name in ("pairs", "decisions"):
        twice = [
            CodedTwice(2, int(first[i] + second[i]), bool(truth[i]) if name != "pairs" else None)
            for i in np.flatnonzero(second >= 0)
        ]
        own = coder_interval(n, RESPONDENTS, RESPONDENTS, given, twice)
        found[name] = None if own.low is None else (own.low / 100, own.high / 100)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    runs = 5 if options.smallest else options.runs
    print(f"{RESPONDENTS} respondents, {TWICE:.0%} coded twice, fewest with the code {FEWEST};")
    print("how many in a hundred 95% intervals hold the true share (their mean width in points)\n")
    print("| errors | true share | " + " | ".join(METHODS) + " | none |")
    print("|---|--:|" + "--:|" * len(METHODS) + "--:|")
    for name, (misses, alarms) in MISSES_ALARMS.items():
        for share in SHARES:
            random = np.random.default_rng([2026, round(1000 * share), len(name)])
            held: dict[str, list[tuple[bool, float]]] = {method: [] for method in METHODS}
            for _ in range(runs):
                drawn = coded(random, share, misses, alarms, 0.2 if name == "hard" else 0.0)
                for method, found in intervals(random, *drawn).items():
                    if found is not None:
                        low, high = found
                        held[method].append((low <= share <= high, high - low))
            cells = []
            for own in held.values():
                coverage, width = 100 * np.array(own).mean(axis=0) if own else (np.nan, np.nan)
                cells.append(f"{coverage:.1f} ({width:.1f})" if own else "")
            none = 1 - len(held["pairs"]) / runs
            print(f"| {name} | {share} | " + " | ".join(cells) + f" | {none:.0%} |", flush=True)


if __name__ == "__main__":
    main()
