"""What is shown of a checked figure or claim: no count of a few people, nor what gives one away."""

from __future__ import annotations

from themecoder.counts.formats.view import HIDDEN
from themecoder.figures.quoted.claims import CheckedClaim
from themecoder.figures.quoted.figures import CheckedFigure
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text

ESTIMATE = ("ci_low", "ci_high", "human_n", "worth_n")
"""The columns of what an estimate rests on: as in reports/counts_ppi.csv."""


def estimate_cells(checked: CheckedFigure | CheckedClaim) -> tuple[str, ...]:
    """The cells of ``ESTIMATE``: the interval in percent, how many of the base people coded at
    random, and how many human codings the estimate is worth. Empty of what is no estimate."""
    share = checked.estimate
    if share is None:
        return ("",) * len(ESTIMATE)
    found = share.found
    if found is None or found.low is None or found.high is None:
        return ("", "", str(share.human_n), "")
    if share.small:
        return (HIDDEN, HIDDEN, str(share.human_n), HIDDEN)
    interval = (f"{100 * found.low:.4f}", f"{100 * found.high:.4f}")
    return (*interval, str(share.human_n), f"{found.worth:.4f}")


def estimate_text(checked: CheckedFigure | CheckedClaim, language: str) -> str:
    """What an estimate rests on, in words; empty of what is none."""
    share = checked.estimate
    found = share.found if share else None
    if share is None or found is None or found.low is None or found.high is None:
        return ""
    span = span_text(100 * found.low, 100 * found.high, 1, language) + "%"
    worth = number_text(found.worth, 0, language)
    numbers = {
        "base": number_text(share.base_n, 0, language),
        "human": number_text(share.human_n, 0, language),
        "span": HIDDEN if share.small else span,
        "worth": HIDDEN if share.small else worth,
    }
    return message("ppi.checked", language, **numbers)


def is_small(n: int | None, base_n: int | None, smallest: int) -> bool:
    """Whether ``n``, or what it leaves of ``base_n``, is above zero and below ``smallest``."""
    rest = None if n is None or base_n is None else base_n - n
    return any(count is not None and 0 < count < smallest for count in (n, rest))


def n_shown(checked: CheckedFigure | CheckedClaim, smallest: int) -> int | str | None:
    return HIDDEN if is_small(checked.n, checked.base_n, smallest) else checked.n


def rebuilt_shown(checked: CheckedFigure, smallest: int) -> str:
    """What the data give. A mean or a test tells nothing of who is left out of it."""
    formula = checked.figure.formula
    counted = formula is not None and (formula.condition is not None or not formula.column)
    hidden = is_small(checked.n, checked.base_n if counted else None, smallest)
    hidden = hidden or (checked.estimate is not None and checked.estimate.small)
    return HIDDEN if checked.rebuilt and hidden else checked.rebuilt


def detail_shown(checked: CheckedFigure, smallest: int) -> str:
    """The detail of a cause: the parts that were added up are shares of people too."""
    hidden = is_small(checked.n, checked.base_n, smallest)
    hidden = hidden or is_small(checked.least_part, None, smallest)
    return HIDDEN if checked.detail and hidden else checked.detail


def claim_text(claim: CheckedClaim, language: str, smallest: int) -> str:
    """What the data give for a claim: share and rank, and of which part."""
    if claim.share is None or claim.rank is None:
        return ""
    share = number_text(100 * claim.share, 1, language) + "%"
    hidden = is_small(claim.n, claim.base_n, smallest)
    hidden = hidden or (claim.estimate is not None and claim.estimate.small)
    share = HIDDEN if hidden else share
    text = message("checking.share", language, share=share, rank=claim.rank)
    return f"{claim.part}: {text}" if claim.part else text
