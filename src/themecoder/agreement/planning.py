"""How many answers to code twice for an interval of a wished width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, sqrt

from scipy.stats import norm

from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.bootstrap import UNDEFINED_SHARE
from themecoder.agreement.rows import ALL, AgreementRow


@dataclass(frozen=True, slots=True)
class AnswersNeeded:
    """How many answers coded twice an interval of ``width`` needs.

    ``width_now``: of the interval from ``answers_now`` answers coded twice; ``answers``: how many
    it takes for ``width``, None with the reason in ``undefined_because``. Where that is
    ``more_than_there_are``, ``narrowest`` is the width that all of them coded twice would give.
    """

    code: str
    coefficient: str
    prevalence: float | None
    value: float | None
    answers_now: int
    width_now: float | None
    width: float
    answers: int | None
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
    Statistics in Medicine 11, p. 1511, for kappa): n = n now (2 z se / width)^2, with se the
    standard deviation over resamples. It holds for answers drawn as those coded twice so far were,
    and for as many coders.
    """
    z = float(norm.ppf((1 + level) / 2))
    plans = []
    for row in rows:
        if row.coder_pair != ALL or row.coefficient != coefficient:
            continue
        answers, reason = None, row.undefined_because
        if row.se is not None and row.se > 0:
            answers = ceil(row.n_answers * (2 * z * row.se / width) ** 2)
        elif reason is None:
            few = row.undefined_share <= UNDEFINED_SHARE
            reason = because.NO_SPREAD if few else because.TOO_MANY_UNDEFINED
        width_now = (
            row.ci_high - row.ci_low if row.ci_low is not None and row.ci_high is not None else None
        )
        plans.append(
            AnswersNeeded(
                row.code,
                row.coefficient,
                row.prevalence,
                row.value,
                row.n_answers,
                width_now,
                width,
                answers,
                answers is not None and answers > available,
                None if row.se is None else 2 * z * row.se * sqrt(row.n_answers / available),
                reason,
            )
        )
    return plans
