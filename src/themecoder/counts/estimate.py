"""The share of respondents with a code where not every answer with content is coded.

An answer that nobody coded is no "no". Answers without content need no coding: with ``a`` the share
of those asked who have the code without having said anything, ``c`` the share with content, and
``s`` the share with the code among the coded answers with content, a + c * s have the code. The
coded answers stand for the others, which holds as far as chance drew them, as a plan of double
coding does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class EstimatedShares:
    """The shares of codes in one base, of which not every answer with content is coded.

    All that the codes have in common is worked out once: a base can have a million respondents,
    and is estimated from for each of dozens of codes. ``weights``: None where all weigh the same.
    ``standing``: the weight of each coded respondent, with that of those for whom it stands.
    ``content`` is the share with content; ``size`` and ``coded_size`` are the effective numbers of
    respondents and of coded ones.
    """

    coded: CodedQuestion
    weights: Mapping[str, float] | None
    standing: Mapping[str, float]
    mass: float
    content: float
    coded_mass: float
    size: float
    coded_size: float

    @classmethod
    def of(
        cls,
        coded: CodedQuestion,
        base: frozenset[str],
        weights: Mapping[str, float] | None = None,
    ) -> EstimatedShares | None:
        """None where none of those with content is coded or, with ``weights``, has weight.

        Of several questions as one, respondents who answered the same questions stand for each
        other, as far as any of them is coded.
        """
        content = base & coded.content
        known = sorted(who for who in coded.codes if who in content and who not in coded.partly)
        standing = _standing_for(coded, content, known, weights)
        mass, coded_mass = _sum(weights, base), _sum(standing, known)
        if not coded_mass or not mass:
            return None
        size = (
            float(len(base))
            if weights is None
            else effective_base([weights[who] for who in sorted(base)])
        )
        coded_size = effective_base([standing[who] for who in known])
        of_content = _sum(weights, content) / mass
        return cls(coded, weights, standing, mass, of_content, coded_mass, size, coded_size)

    def share(self, having: frozenset[str], level: float) -> Share:
        """The share of ``having``, who are in the base; never below that of those who are known to
        have the code."""
        known = [who for who in having if who in self.standing]
        a = _sum(self.weights, having - self.coded.content) / self.mass
        s = min(_sum(self.standing, known) / self.coded_mass, 1.0)
        low, high = interval(a, self.content, s, self.size, self.coded_size, level)
        percent = max(a + self.content * s, _sum(self.weights, having) / self.mass)
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
    known: Sequence[str],
    weights: Mapping[str, float] | None,
) -> dict[str, float]:
    """The weight of each coded respondent, with that of those for whom it stands: who answered the
    same questions."""
    everyone: defaultdict[tuple[str, ...], float] = defaultdict(float)
    of_coded: defaultdict[tuple[str, ...], float] = defaultdict(float)
    # sums of ones are exact in any order
    for who in content if weights is None else sorted(content):
        everyone[coded.answered.get(who, ())] += 1.0 if weights is None else weights[who]
    for who in known:
        of_coded[coded.answered.get(who, ())] += 1.0 if weights is None else weights[who]
    standing = {}
    for who in known:
        alike = coded.answered.get(who, ())
        of_all = everyone[alike] / of_coded[alike] if of_coded[alike] else 0.0
        standing[who] = (1.0 if weights is None else weights[who]) * of_all
    return standing


def _sum(weights: Mapping[str, float] | None, who: Collection[str]) -> float:
    return float(len(who)) if weights is None else sum(weights[one] for one in sorted(who))


def _reach(share: float, base: float, level: float) -> tuple[float, float]:
    """How far Wilson's limits are below and above a share."""
    low, high = wilson(share * base, base, level)
    return share - low, high - share


def _of_sum(first: float, second: float, correlation: float) -> float:
    """The reach of a sum, of the reaches of its parts."""
    return sqrt(max(first**2 + second**2 + 2 * correlation * first * second, 0.0))
