"""How shares changed from wave to wave of a survey that is repeated.

Everything is worked out of counts that are shown: what they hide stays hidden. Waves are samples of
different people; of a panel the changes are surer than is said here, for its members' answers go
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt

from scipy.optimize import brentq
from scipy.stats import norm

from themecoder.counts.count_rows import Count
from themecoder.counts.holm import holm
from themecoder.counts.intervals import wilson

STEP, WHOLE = "step", "whole"
HIDDEN, NOBODY, SAME = "hidden", "nobody", "same_everywhere"
_LEAST, _MOST = 1e-6, 1e12


@dataclass(frozen=True, slots=True)
class WaveChange:
    """The change of one row from a wave to another, in points of percent with its interval.

    ``kind``: step, from one wave to the next, or whole, from the first to the last. ``p`` of a step
    tests these two waves, of the whole the trend over all of them; ``p_holm`` is Holm's over the
    ``tested`` of its kind at a question. ``not_tested`` says why there is no test: hidden, a count
    of it is not shown; nobody, a wave has no respondents; same_everywhere, all or nobody have it.
    """

    question: str
    code: str
    kind: str
    first: str
    last: str
    percent_first: float | None = None
    percent_last: float | None = None
    change: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_holm: float | None = None
    tested: int = 0
    not_tested: str | None = None


@dataclass(frozen=True, slots=True)
class _Wave:
    """A share (0 to 1), its interval, and how many respondents would give it that interval."""

    share: float
    low: float
    high: float
    base: float


def trend(rows: Sequence[Count], waves: Sequence[str], level: float = 0.95) -> list[WaveChange]:
    """The changes of each question and code in ``rows`` over ``waves``, subgroups in the order of
    time; all have the waves of the first, and two at least. Weighted shares where they have any.

    The interval of a change is made of those of the two shares by recovering the variances from the
    limits: Newcombe (1998), Statistics in Medicine 17, p. 876, method 10; for other intervals than
    Wilson's Zou and Donner (2008), Statistics in Medicine 27, p. 1695. Raises ValueError for fewer
    than two waves.
    """
    if len(waves) < 2:
        raise ValueError(f"no waves to compare: {waves}")
    of: dict[tuple[str, str], dict[str, Count]] = {}
    for row in rows:
        if row.subgroup in waves:
            of.setdefault((row.question, row.code), {})[row.subgroup] = row
    found = []
    for (question, code), counts in of.items():
        shares = [_wave(counts.get(wave), level) for wave in waves]
        spans = [(STEP, n, n + 1) for n in range(len(waves) - 1)]
        if len(waves) > 2:
            spans.append((WHOLE, 0, len(waves) - 1))
        for kind, a, b in spans:
            change = WaveChange(question, code, kind, waves[a], waves[b])
            found.append(_compared(change, shares[a : b + 1]))
    return _adjusted(found)


def _wave(row: Count | None, level: float) -> _Wave | str:
    """The share of a wave, or why there is none."""
    if row is None:
        return NOBODY
    if row.suppressed is not None:
        return HIDDEN
    shown = row.weighted or row
    if shown.percent is None or shown.ci_low is None or shown.ci_high is None:
        return NOBODY
    share, low, high = (part / 100 for part in (shown.percent, shown.ci_low, shown.ci_high))
    return _Wave(share, low, high, _base_of(share, high - low, level))


def _base_of(share: float, width: float, level: float) -> float:
    """The number of respondents of whom ``share`` has Wilson's interval of that width: the base
    where the counts are of all respondents and unweighted, the effective base where not."""

    def wider(base: float) -> float:
        low, high = wilson(share * base, base, level)
        return high - low - width

    if wider(_LEAST) <= 0 or wider(_MOST) >= 0:
        return _LEAST if width > 0 else _MOST
    return float(brentq(wider, _LEAST, _MOST, xtol=1e-9, rtol=1e-12))


def _compared(row: WaveChange, shares: Sequence[_Wave | str]) -> WaveChange:
    first, last = shares[0], shares[-1]
    if isinstance(first, _Wave) and isinstance(last, _Wave):
        change = last.share - first.share
        row = replace(
            row,
            percent_first=100 * first.share,
            percent_last=100 * last.share,
            change=100 * change,
            ci_low=100 * (change - hypot(last.share - last.low, first.high - first.share)),
            ci_high=100 * (change + hypot(last.high - last.share, first.share - first.low)),
        )
    waves = [one for one in shares if isinstance(one, _Wave)]
    if len(waves) < len(shares):
        reasons = [one for one in shares if isinstance(one, str)]
        return replace(row, not_tested=HIDDEN if HIDDEN in reasons else NOBODY)
    p = trend_p([one.share for one in waves], [one.base for one in waves])
    return replace(row, not_tested=SAME) if p is None else replace(row, p=p)


def trend_p(shares: Sequence[float], bases: Sequence[float]) -> float | None:
    """The two-sided p of a straight trend of ``shares`` over waves at equal distances; None where
    all or nobody have it.

    Cochran (1954), Biometrics 10, p. 426, and Armitage (1955), Biometrics 11, p. 379; of two waves
    Pearson's chi-square without continuity correction. ``bases`` may be effective ones.
    """
    total = sum(bases)
    pooled = sum(share * base for share, base in zip(shares, bases, strict=True)) / total
    if not 0 < pooled < 1:
        return None
    middle = sum(place * base for place, base in enumerate(bases)) / total
    score = sum(
        (place - middle) * (share - pooled) * base
        for place, (share, base) in enumerate(zip(shares, bases, strict=True))
    )
    spread = sum((place - middle) ** 2 * base for place, base in enumerate(bases))
    return float(2 * norm.sf(abs(score) / sqrt(pooled * (1 - pooled) * spread)))


def _adjusted(changes: Sequence[WaveChange]) -> list[WaveChange]:
    """With Holm's p over the tests of a question that are of a kind."""
    families: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for place, one in enumerate(changes):
        if one.p is not None:
            families.setdefault((one.question, one.kind), []).append((place, one.p))
    adjusted = list(changes)
    for tested in families.values():
        for (place, _), p in zip(tested, holm([p for _, p in tested]), strict=True):
            adjusted[place] = replace(adjusted[place], p_holm=p, tested=len(tested))
    return adjusted
