"""Codes that the same respondents have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.suppression import Hidden


@dataclass(frozen=True, slots=True)
class Pair:
    """Respondents with both of two codes.

    ``expected``: as many as there would be if the codes were independent; ``jaccard``: the share of
    those with either code who have both. All three are None where the pair is not shown.
    """

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

    ``shown``: code -> whether its own count is shown; a pair with a hidden code is hidden too.
    """
    respondents = {code: coded.having([code]) & base for code in codes}
    result = []
    for place, a in enumerate(codes):
        for b in codes[place + 1 :]:
            n = len(respondents[a] & respondents[b])
            if not n:
                continue
            if n < smallest or not (shown.get(a) and shown.get(b)):
                result.append(Pair(coded.question, a, b, None, None, None, "small"))
                continue
            expected = len(respondents[a]) * len(respondents[b]) / len(base)
            jaccard = n / len(respondents[a] | respondents[b])
            result.append(Pair(coded.question, a, b, n, expected, jaccard, None))
    return result
