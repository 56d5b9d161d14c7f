"""The verdicts that are possible on a claim of which the numbers are known between two bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from themecoder.figures.quoted.claims import CheckedClaim, of_each
from themecoder.figures.quoted.figures import DIFFERS


class Between(Protocol):
    """A number of respondents, ``low`` to ``high``."""

    @property
    def low(self) -> int: ...

    @property
    def high(self) -> int: ...


def possible_verdicts(
    judged: Callable[[int, Mapping[str, int]], CheckedClaim],
    found: Between,
    rivals: Mapping[str, Between],
    base: int,
) -> list[CheckedClaim]:
    """One claim checked for each verdict that is possible, two at most: then it is open.

    ``judged``: the claim checked with a number of ``found``, and with counts of the ``rivals``, the
    codes among which it has its place that it is not about; ``base``: what no number exceeds.
    """
    seen: dict[tuple[str, str | None], CheckedClaim] = {}
    for counts in _ranks(found, rivals, base):
        for n in _numbers(found):
            checked = judged(n, counts)
            seen.setdefault((checked.verdict, checked.cause), checked)
            if len(seen) > 1:
                return list(seen.values())
    return list(seen.values())


def settled_verdict(parts: Sequence[Sequence[CheckedClaim]]) -> str | None:
    """The verdict on all parts, None where it is open: one part that differs decides."""
    certain = [verdicts[0] for verdicts in parts if len(verdicts) == 1]
    if len(certain) == len(parts):
        return of_each(certain).verdict
    return DIFFERS if any(one.verdict == DIFFERS for one in certain) else None


def _numbers(found: Between) -> Iterator[int]:
    """All numbers that are possible; the ends first, where verdicts part soonest."""
    yield found.low
    if found.high > found.low:
        yield found.high
        yield from range(found.low + 1, found.high)


def _ranks(found: Between, rivals: Mapping[str, Between], base: int) -> Iterator[dict[str, int]]:
    """Counts of the rivals that give each place among them that is possible."""
    above = {code for code, one in rivals.items() if one.low > found.high}
    contested = sorted(c for c, one in rivals.items() if c not in above and one.high > found.low)
    for number in range(len(contested) + 1):
        ahead = above | set(contested[:number])
        yield {code: base + 1 if code in ahead else -1 for code in rivals}
