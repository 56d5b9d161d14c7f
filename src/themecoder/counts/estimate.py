"""The share of respondents with a code where not every answer with content is coded.

An answer that nobody coded is no "no". Answers without content need no coding: with ``a`` the share
of those asked who have the code without having said anything, ``c`` the share with content, and
``s`` the share with the code among the coded answers with content, a + c * s have the code. The
coded answers stand for the others, which holds as far as chance drew them, as a plan of double
coding does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot, sqrt

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.intervals import effective_base, wilson


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent with its interval; without one where its variance cannot be told."""

    percent: float
    ci_low: float | None
    ci_high: float | None


def estimated_share(
    coded: CodedQuestion,
    having: frozenset[str],
    base: frozenset[str],
    level: float,
    weights: Mapping[str, float] | None = None,
) -> Share | None:
    """The share of ``having`` in ``base``; None where none of those with content is coded or, with
    ``weights``, has weight.

    Of several questions as one, respondents who answered the same questions stand for each other,
    as far as any of them is coded. A share is never below that of those who are known to have the
    code.
    """
    weight = dict.fromkeys(base, 1.0) if weights is None else {who: weights[who] for who in base}
    content = base & coded.content
    known = content - coded.uncoded
    standing = _standing_for(coded, content, known, weight)
    mass, coded_mass = _sum(weight, base), _sum(standing, known)
    if not coded_mass or not mass:
        return None
    a = _sum(weight, having - content) / mass
    c = _sum(weight, content) / mass
    s = min(_sum(standing, known & having) / coded_mass, 1.0)
    size = effective_base([weight[who] for who in sorted(base)])
    coded_size = effective_base([standing[who] for who in sorted(known)])
    low, high = interval(a, c, s, size, coded_size, level)
    percent = max(a + c * s, _sum(weight, having) / mass)
    return Share(100 * percent, 100 * low, 100 * max(high, percent))


def interval(
    a: float, c: float, s: float, base: float, coded_base: float, level: float
) -> tuple[float, float]:
    """The interval of a + c * s, from 0 to 1; ``a`` and ``c`` are of ``base`` respondents, ``s`` of
    ``coded_base``.

    Each part has Wilson's interval. They are put together by recovering the variances from the
    limits (MOVER): Zou & Donner (2008), Statistics in Medicine 27, pp. 1693-1702; for the product
    to the first order, for the sum with the correlation of shares that exclude one another. Where
    ``c`` is 1 the base is those with content, and only ``s`` is unsure.
    """
    reach_of_c = (0.0, 0.0) if c == 1 else _reach(c, base, level)
    below, above = (
        hypot(s * of_c, c * of_s)
        for of_c, of_s in zip(reach_of_c, _reach(s, coded_base, level), strict=True)
    )
    if a:
        variance = s**2 * c * (1 - c) + c**2 * s * (1 - s) * base / coded_base
        spread = a * (1 - a) * variance
        tie = -a * c * s / sqrt(spread) if spread > 0 else 0.0
        of_a = _reach(a, base, level)
        below, above = _of_sum(below, of_a[0], tie), _of_sum(above, of_a[1], tie)
    share = a + c * s
    return max(share - below, 0.0), min(share + above, 1.0)


def _standing_for(
    coded: CodedQuestion,
    content: frozenset[str],
    known: frozenset[str],
    weight: Mapping[str, float],
) -> dict[str, float]:
    """The weight of each coded respondent, with that of those for whom it stands: who answered the
    same questions."""
    everyone: defaultdict[tuple[str, ...], float] = defaultdict(float)
    of_coded: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for who in sorted(content):
        alike = coded.answered.get(who, ())
        everyone[alike] += weight[who]
        of_coded[alike] += weight[who] if who in known else 0.0
    standing = {}
    for who in known:
        alike = coded.answered.get(who, ())
        of_all = everyone[alike] / of_coded[alike] if of_coded[alike] else 0.0
        standing[who] = weight[who] * of_all
    return standing


def _sum(weight: Mapping[str, float], who: Iterable[str]) -> float:
    return sum(weight[one] for one in sorted(who))


def _reach(share: float, base: float, level: float) -> tuple[float, float]:
    """How far Wilson's limits are below and above a share."""
    low, high = wilson(share * base, base, level)
    return share - low, high - share


def _of_sum(first: float, second: float, correlation: float) -> float:
    """The reach of a sum, of the reaches of its parts."""
    return sqrt(max(first**2 + second**2 + 2 * correlation * first * second, 0.0))
