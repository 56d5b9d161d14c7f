"""Claims in words: how many said something, held against the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from themecoder.expressions import Expression
from themecoder.figures.quoted.figures import (
    DIFFERS,
    EMPTY_BASE,
    MATCH,
    NO_CODING,
    NO_SOURCE,
    UNDEFINED,
)
from themecoder.figures.quoted.quantifiers import Rule

if TYPE_CHECKING:
    from themecoder.counts.ppi.estimator import EstimatedShare

NOTHING_COUNTABLE, HOLDS_MORE = "nothing countable", "holds more"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about respondents.

    They have one or more of ``codes`` on one of ``questions``, or ``condition`` holds for them;
    ``group`` holds for all of them. A claim with neither codes nor condition can't be checked.
    ``rule`` is what ``quantifier`` claims.
    """

    id: str
    text: str
    codes: tuple[str, ...]
    condition: Expression | None
    questions: tuple[str, ...]
    group: Expression | None
    quantifier: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with what the data give: ``n`` of ``base_n``, and the ``rank`` among the codes or
    answers of its questions (1: the most). ``cause`` is the reason of an undefined verdict.
    ``share`` is n / base_n, or where answers are not coded what the coded ones give; None where
    there is no base. ``part``: the code or option that the numbers are of, where the claim is of
    each of several. ``estimate``: what it was held against, where that is no count; then there is
    no n."""

    claim: Claim
    n: int | None
    base_n: int | None
    rank: int | None
    verdict: str
    cause: str | None = None
    share: Fraction | None = None
    part: str = ""
    estimate: EstimatedShare | None = None


def judge(
    claim: Claim,
    n: int,
    base_n: int,
    others: Mapping[str, int],
    own: frozenset[str],
    least: int | None = None,
    share: Fraction | None = None,
) -> CheckedClaim:
    """The verdict on a claim of ``n`` of ``base_n``.

    ``others``: how many have each code, or gave each answer, of the questions; ``own`` those of
    them that the claim is about. The rank is the place among those it is not about: of ``n``, or
    where the claim names several of them of the ``least`` one. ``share``: where it is not n /
    base_n, since answers are not coded.

    What a claim says "within" its codes is said by ``n`` at most: it differs where no part of them
    would do, and else nothing is known. One person is one of those with a code by what they said of
    it: where more have the code, that is no contradiction.
    """
    if not base_n:
        return CheckedClaim(claim, n, base_n, None, UNDEFINED, EMPTY_BASE)
    share = Fraction(n, base_n) if share is None else share
    height = n if least is None else least
    rank = 1 + sum(count > height for name, count in others.items() if name not in own)
    if not claim.rule.countable:
        return CheckedClaim(claim, n, base_n, rank, UNDEFINED, NOTHING_COUNTABLE, share)
    one_of_more = bool(claim.codes) and claim.rule.claims_one and n > 1
    if claim.rule.reach == "within" or one_of_more:
        if claim.rule.may_hold(n, share, rank):
            return CheckedClaim(claim, n, base_n, rank, UNDEFINED, HOLDS_MORE, share)
        return CheckedClaim(claim, n, base_n, rank, DIFFERS, share=share)
    verdict = MATCH if claim.rule.holds(n, share, rank) else DIFFERS
    return CheckedClaim(claim, n, base_n, rank, verdict, share=share)


def of_each(parts: Sequence[CheckedClaim]) -> CheckedClaim:
    """The verdict on a claim of each of several ``parts``: it differs where one of them does. Of
    those that decide it, the part with the most respondents is told."""
    verdicts = (DIFFERS, UNDEFINED, MATCH)
    return min(parts, key=lambda part: (verdicts.index(part.verdict), -(part.n or 0)))


def without_source(claim: Claim) -> CheckedClaim:
    """The verdict on a claim with neither codes nor a condition."""
    return CheckedClaim(claim, None, None, None, UNDEFINED, NO_SOURCE)


def without_coding(claim: Claim) -> CheckedClaim:
    """The verdict on a claim on codes where the coding can't be read."""
    return CheckedClaim(claim, None, None, None, UNDEFINED, NO_CODING)
