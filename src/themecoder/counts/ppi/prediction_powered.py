"""A share from predictions for all answers and human coding of a random part of them.

With f what the machine says of an answer (0 to 1), y what people say, and the human-coded answers
drawn by chance, the share with a code is estimated by
    s = w * mean of f over all answers + mean of (y - w * f) over the human-coded ones
which is right on average whatever the machine's errors are: prediction-powered inference
(Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, Science 382, pp. 669-674, with w = 1), with
the weight w that makes it precise (Angelopoulos, Duchi & Zrnic 2023, PPI++: Efficient
prediction-powered inference, arXiv:2311.01453, eq. 2 and sec. 6; their lambda is w times the part
of the answers that is not human-coded). It is the difference estimator of survey sampling
(Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, eq. 6.3.2), and with w = 1
design-based supervised learning of a mean (Egami, Hinck, Stewart & Wei 2023, NeurIPS 36). f must
not have been learned from the human coding of the same respondent.

Over respondents who stand for others, and human-coded answers drawn out of theirs, the variance is
    v = s (1 - s) / N + (1 / n - 1 / N) * var(y - w * f)
A normal interval on it fails where codes are rare or few answers are coded: the errors of the
machine that matter are then seldom seen. So the variance of y - w * f is never taken to be below
what the machine's own probabilities say it is, by as much as 10 answers weigh, w is held back by as
many, and the interval is Wilson's on the number of answers that v is worth, with Student's quantile
(``benchmarks/ppi.py`` shows how often it holds).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from scipy.stats import t as student

from themecoder.counts.estimate import interval

FEWEST = 30
"""With fewer human-coded answers there is no interval."""
_HELD, _HALF = 10, 0.5
"""So many answers of which the weight is one half, and the variance as the machine says it is."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """N answers with content.

    ``machine`` (N,): the probability of the code; ``human`` (N,): whether people gave it (0 to 1),
    NaN of those that are not in the human-coded random part. ``strata`` (N,): within each of them
    chance drew the human-coded answers, 0, 1, ...; ``clusters`` (N,): whose answers they are.
    """

    machine: FloatArray
    human: FloatArray
    strata: IntArray
    clusters: IntArray

    @classmethod
    def of(
        cls,
        machine: FloatArray,
        human: FloatArray,
        strata: IntArray | None = None,
        clusters: IntArray | None = None,
    ) -> Answers:
        """Without strata all answers are one; without clusters each is of another respondent."""
        n = len(machine)
        return cls(
            machine,
            human,
            np.zeros(n, dtype=np.int64) if strata is None else strata,
            np.arange(n, dtype=np.int64) if clusters is None else clusters,
        )

    @property
    def coded(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.human)


@dataclass(frozen=True, slots=True)
class PpiShare:
    """``share`` (0 to 1) with its interval, None where fewer than ``FEWEST`` answers are
    human-coded. ``human_low`` and ``human_high``: the interval of human coding alone around
    ``human``, which is its share. ``weight``: how much the machine counts. ``worth``: how many
    human-coded answers alone would be as precise."""

    share: float
    low: float | None
    high: float | None
    human: float
    human_low: float | None
    human_high: float | None
    weight: float
    worth: float
    human_n: int
    machine_n: int


def ppi_share(
    answers: Answers,
    without: int = 0,
    having_without: int = 0,
    level: float = 0.95,
    weight: float | None = None,
) -> PpiShare:
    """The share of a base with a code: of the ``answers``, and of ``without`` more members of the
    base without content, of whom ``having_without`` are known to have it.

    ``weight``: that of the machine, else the one that the human-coded answers say is best. Raises
    ValueError where a stratum has no human-coded answer.
    """
    coded = answers.coded
    n_strata = int(answers.strata.max(initial=0)) + 1
    sizes = np.bincount(answers.strata, minlength=n_strata)
    drawn = np.bincount(answers.strata[coded], minlength=n_strata)
    if not len(sizes) or (drawn == 0).any():
        raise ValueError("a stratum without a human-coded answer")
    parts = sizes / sizes.sum()
    strata, y, f = answers.strata[coded], answers.human[coded], answers.machine[coded]
    n, whole, degrees = len(y), len(answers.machine), 1 if weight is not None else 2
    known = f - _means(f, strata, drawn)[strata]
    # the variance of what is the same everywhere is a rounding error
    spread_f = float(answers.machine.var()) if np.ptp(answers.machine) else 0.0
    if weight is None:
        weight = _best_weight(y - _means(y, strata, drawn)[strata], known, spread_f)
    rest = y - weight * f
    means = _means(rest, strata, drawn)
    found = weight * float(answers.machine.mean()) + float(parts @ means)
    share = min(max(found, 0.0), 1.0)
    human = float(parts @ _means(y, strata, drawn))
    # how much more the answers vary by their strata being drawn in unlike parts, 1 / n - 1 / N
    # where there is one
    chance = float(parts**2 @ (1 / drawn - 1 / sizes))
    own = float(np.square(rest - means[strata]).sum())
    spread = _spread(own, n - n_strata - degrees + 1, answers.machine, spread_f, weight)
    binary = share * (1 - share)
    ratio = min(spread / binary, 1.0) if binary > 0 else 1.0
    together = _of_clusters(answers, weight, means, drawn, sizes)
    wider = _student(level, len(np.unique(answers.clusters[coded])) - degrees) ** 2

    def bounds(s: float, ratio: float) -> tuple[float, float] | None:
        if n < FEWEST:
            return None
        worth = 1 / (together * (1 / whole + wider * chance * ratio))
        base = whole + without
        return interval(having_without / base, whole / base, s, base, worth, level)

    def of_base(s: float) -> float:
        return (having_without + whole * s) / (whole + without)

    low, high = bounds(share, ratio) or (None, None)
    human_low, human_high = bounds(human, 1.0) or (None, None)
    return PpiShare(
        share=of_base(share),
        low=low,
        high=high,
        human=of_base(human),
        human_low=human_low,
        human_high=human_high,
        weight=weight,
        worth=1 / (1 / whole + (1 / n - 1 / whole) * ratio),
        human_n=n,
        machine_n=whole,
    )


def _means(values: FloatArray, strata: IntArray, sizes: IntArray) -> FloatArray:
    """(strata,) the mean of each stratum."""
    return np.asarray(np.bincount(strata, values, len(sizes)) / sizes)


def _best_weight(y: FloatArray, f: FloatArray, spread: float) -> float:
    """cov(y, f) / var(f) of values less the means of their strata, between 0 and 1, as if ``_HELD``
    answers more said one half. Where the machine says the same of all answers it counts nothing.
    """
    if spread <= 0:
        return 0.0
    found = (float(y @ f) + _HELD * spread * _HALF) / (float(f @ f) + _HELD * spread)
    return min(max(found, 0.0), 1.0)


def _spread(own: float, degrees: int, f: FloatArray, spread_f: float, weight: float) -> float:
    """The variance of y - w f: by its squares ``own``, and by what it is if the machine's
    probabilities are right, as if ``_HELD`` answers more said the larger of both."""
    if weight == 0:
        # nothing but what is binary: Wilson's interval knows its variance
        return np.inf
    seen = own / max(degrees, 1)
    said = float((f * (1 - f)).mean()) + (1 - weight) ** 2 * spread_f
    return (own + _HELD * max(seen, said)) / (max(degrees, 1) + _HELD)


def _of_clusters(
    answers: Answers, weight: float, means: FloatArray, drawn: IntArray, sizes: IntArray
) -> float:
    """By how much answers of the same respondents vary together, 1 at least: the variance of the
    totals of clusters against that of answers, each with what it adds to the estimate (the
    linearised values of Särndal, Swensson & Wretman 1992, sec. 6.6)."""
    strata, coded = answers.strata, answers.coded
    value = weight * answers.machine + means[strata]
    rest = answers.human - weight * answers.machine - means[strata]
    value = value + np.where(coded, rest * (sizes / drawn)[strata], 0.0)
    value = value - value.mean()
    _, numbers = np.unique(answers.clusters, return_inverse=True)
    alone = float(value @ value)
    if numbers.max(initial=0) + 1 == len(value) or alone <= 0:
        return 1.0
    return max(float(np.square(np.bincount(numbers, value)).sum()) / alone, 1.0)


def _student(level: float, degrees: int) -> float:
    """Student's quantile in normal ones."""
    quantile = (1 + level) / 2
    return float(student.ppf(quantile, max(degrees, 1)) / norm.ppf(quantile))
