"""How many answers to code twice for an interval of a wished width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from scipy.stats import norm

from themecoder.agreement.rows import ALL, Row


@dataclass(frozen=True, slots=True)
class Needed:
    """What an interval of ``width`` takes.

    ``width_now``: of the interval from ``answers_now`` answers coded twice; ``answers``: how many
    it takes for ``width``, None with the reason in ``undefined_because``. ``more_than_there_are``:
    the questions have fewer answers to code than that.
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
    undefined_because: str | None


def needed(
    rows: Iterable[Row], width: float, available: int, coefficient: str, level: float = 0.95
) -> list[Needed]:
    """Per code, from the rows of all coders together, in their order.

    An interval's width falls with the square root of the number of answers (Donner & Eliasziw 1992,
    Statistics in Medicine 11, p. 1511, for kappa): n = n now (2 z se / width)^2, with se the
    standard deviation over resamples. It holds for answers drawn as those coded twice so far were,
    and for as many coders.
    """
    z = float(norm.ppf((1 + level) / 2))
    found = []
    for row in rows:
        if row.coder_pair != ALL or row.coefficient != coefficient:
            continue
        answers, reason = None, row.undefined_because
        if row.se is not None and row.se > 0:
            answers = ceil(row.n_answers * (2 * z * row.se / width) ** 2)
        elif reason is None:
            reason = "no_spread" if row.se is not None else "too_many_undefined"
        now = (
            row.ci_high - row.ci_low if row.ci_low is not None and row.ci_high is not None else None
        )
        found.append(
            Needed(
                row.code,
                row.coefficient,
                row.prevalence,
                row.value,
                row.n_answers,
                now,
                width,
                answers,
                answers is not None and answers > available,
                reason,
            )
        )
    return found
