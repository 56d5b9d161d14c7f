"""Codes that the same respondents have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.suppression import Hidden


@dataclass(frozen=True, slots=True)
class Pair:
    """Respondents with both of two codes. ``expected``: as many as there would be if the codes had
    nothing to do with each other; ``jaccard``: of those with either. None where not shown."""

    question: str
    code_a: str
    code_b: str
    n: int | None
    expected: float | None
    jaccard: float | None
    suppressed: Hidden | None


def pairs(
    coded: CodedQuestion,
    codes: Sequence[str],
    base: frozenset[str],
    shown: Mapping[str, bool],
    smallest: int,
) -> list[Pair]:
    """Every pair of ``codes`` that anyone has both of, among ``base``, in the order of ``codes``.

    ``shown``: whether a code's own count is; a pair of a hidden one is hidden.
    """
    who = {code: coded.having([code]) & base for code in codes}
    found = []
    for place, a in enumerate(codes):
        for b in codes[place + 1 :]:
            n = len(who[a] & who[b])
            if not n:
                continue
            if n < smallest or not (shown.get(a) and shown.get(b)):
                found.append(Pair(coded.question, a, b, None, None, None, "small"))
                continue
            expected = len(who[a]) * len(who[b]) / len(base)
            jaccard = n / len(who[a] | who[b])
            found.append(Pair(coded.question, a, b, n, expected, jaccard, None))
    return found
