"""What the codings of an answer come to where no person decides: one rule for counts and decisions
alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from themecoder.coding.cases import DISPUTED, SINGLE, UNANIMOUS, Case

UNANIMOUSLY, MAJORITY, ALONE = "unanimous", "majority", "single"
RULES = (UNANIMOUSLY, MAJORITY, ALONE)
"""unanimous: two coders or more who all gave the same codes. majority: three or more coders; the
codes that more than half of them gave. single: one coder, whose coding is taken over."""
FEWEST_FOR_MAJORITY = 3
_RULE_OF = {UNANIMOUS: UNANIMOUSLY, DISPUTED: MAJORITY, SINGLE: ALONE}


def ruled(case: Case, exclusive: Collection[str]) -> tuple[str, tuple[str, ...]] | None:
    """The rule that an answer falls under and the codes that it gives; None where a person must
    decide.

    Of two coders who differ neither is a majority, and "both gave it" would be another, stricter
    rule than that for one coder: a code would be counted less often the more answers were coded
    twice. ``exclusive``: codes that can't go with others; a majority for one of them and for
    another code is left to people. Where no code has a majority, "nothing applies" is decided only
    if more than half say so.
    """
    rule = _RULE_OF[case.kind]
    if rule != MAJORITY:
        return rule, case.agreed
    if len(case.votes) < FEWEST_FOR_MAJORITY:
        return None
    half = len(case.votes) / 2
    votes_per_code = Counter(code for vote in case.votes for code in vote.codes)
    codes = tuple(sorted(code for code, n in votes_per_code.items() if n > half))
    if not codes and sum(not vote.codes for vote in case.votes) <= half:
        return None
    return None if contradicts(codes, exclusive) else (rule, codes)


def contradicts(codes: Collection[str], exclusive: Collection[str]) -> bool:
    """Whether a code that can't go with others goes with another."""
    return len(codes) > 1 and any(code in exclusive for code in codes)
