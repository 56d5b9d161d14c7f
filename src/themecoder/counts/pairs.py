"""Codes that the same respondents have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.disclosure.hiding import PairKey
from themecoder.counts.layout import Hidden


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
    hidden: Mapping[PairKey, Hidden | None],
    base: frozenset[str],
    smallest: int,
) -> list[Pair]:
    """Every pair of codes that anyone has both of, among ``base``: those of the question in
    ``hidden``, in its order, each with the reason why it is not shown.

    ``base`` may leave out respondents who are in ``hidden``, such as who is coded in part: a number
    that is below ``smallest`` without them is not shown either.
    """
    respondents: dict[str, frozenset[str]] = {}
    result = []
    for (question, a, b), why in hidden.items():
        if question != coded.question:
            continue
        for code in (a, b):
            if code not in respondents:
                respondents[code] = coded.having([code]) & base
        n = len(respondents[a] & respondents[b])
        if why or n < smallest:
            result.append(Pair(question, a, b, None, None, None, why or "small"))
            continue
        if not n:
            continue
        expected = len(respondents[a]) * len(respondents[b]) / len(base)
        jaccard = n / len(respondents[a] | respondents[b])
        result.append(Pair(question, a, b, n, expected, jaccard, None))
    return result
