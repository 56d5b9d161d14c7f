"""How many answers to code twice for an interval of a wished width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, sqrt

from scipy.stats import chi2, norm

from themecoder.agreement.rows import ALL, AgreementRow

LIKELY = (0.1, 0.9)
"""Between these probabilities lies the number of answers that is right."""


@dataclass(frozen=True, slots=True)
class AnswersNeeded:
    """How many answers coded twice an interval of ``width`` needs.

    ``width_now``: of the interval from ``answers_now`` answers coded twice; ``answers``: how many
    it takes for ``width``, with a probability of .8 between ``low`` and ``high``; None with the
    reason in ``undefined_because``, and then ``first``, the answers to code twice before it can be
    said, where there are too few. Where ``answers`` is ``more_than_there_are``, ``narrowest`` is
    the width that all of them coded twice would give.
    """

    code: str
    coefficient: str
    prevalence: float | None
    value: float | None
    answers_now: int
    width_now: float | None
    width: float
    answers: int | None
    low: int | None
    high: int | None
    first: int | None
    more_than_there_are: bool
    narrowest: float | None
    undefined_because: str | None


def answers_needed(
    rows: Iterable[AgreementRow],
    width: float,
    available: int,
    coefficient: str,
    level: float = 0.95,
) -> list[AnswersNeeded]:
    """The answers that each code needs, computed from the rows of all coders together.

    An interval's width falls with the square root of the number of answers (Donner & Eliasziw 1992,
    Statistics in Medicine 11, p. 1511, for kappa): n = n now (2 z se / width)^2. How sure that is
    follows from the squared error, which is about a chi-square over its degrees of freedom
    (Satterthwaite 1946, Biometrics Bulletin 2, pp. 110-114). It holds for answers drawn as those
    coded twice so far were, and for as many coders.
    """
    z = float(norm.ppf((1 + level) / 2))
    plans = []
    for row in rows:
        if row.coder_pair != ALL or row.coefficient != coefficient:
            continue
        answers, low, high = None, None, None
        twice = row.n_answers or 0
        if row.se is not None and row.se_degrees is not None:
            exact = twice * (2 * z * row.se / width) ** 2
            high, low = (
                ceil(exact * row.se_degrees / float(chi2.ppf(share, row.se_degrees)))
                for share in LIKELY
            )
            answers = ceil(exact)
        width_now = (
            row.ci_high - row.ci_low if row.ci_low is not None and row.ci_high is not None else None
        )
        plans.append(
            AnswersNeeded(
                code=row.code,
                coefficient=row.coefficient,
                prevalence=row.prevalence,
                value=row.value,
                answers_now=twice,
                width_now=width_now,
                width=width,
                answers=answers,
                low=low,
                high=high,
                first=row.more_answers,
                more_than_there_are=answers is not None and answers > available,
                narrowest=None if row.se is None else 2 * z * row.se * sqrt(twice / available),
                undefined_because=row.undefined_because or row.no_interval_because,
            )
        )
    return plans
