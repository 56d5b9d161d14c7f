"""Which quotes of a code are shown: a person's, then the coders' favourites, then the most diverse.

Greedy max-min: the first is the most typical, each next one the one that is farthest from all that
were taken (Gonzalez 1985, Theoretical Computer Science 38, p. 293). The same quotes give the same
choice, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from themecoder.embeddings.space import Vectors
from themecoder.quotes.likeness import FloatArray, QuoteLikeness
from themecoder.quotes.model import CODER, PERSON, RULE, QuoteCandidate

_FEWEST_WORDS = 3
"""A quote of fewer words comes last: a catchword says little."""
_DECIMALS = 6
"""What differs less is a tie: such differences come from the machine, not from the quotes."""


def choose(
    found: Sequence[QuoteCandidate],
    vectors: Vectors,
    per_code: int,
    *,
    wanted: Sequence[QuoteCandidate] = (),
    never: Collection[str] = (),
    quoted: Collection[str] = (),
) -> list[tuple[QuoteCandidate, str]]:
    """The quotes of one section with who chose each: no respondent and no text twice.

    ``vectors`` (n, d): the meaning of each of ``found``. ``wanted``: what a person chose, all of it
    shown and first, in this order, even where there are more than ``per_code``. ``never``: answers
    that a person does not want. ``quoted``: respondents quoted in other sections, taken only where
    there is nobody else.
    """
    order = sorted(range(len(found)), key=lambda n: found[n].place)
    ranked = [found[n] for n in order]
    likeness = QuoteLikeness(ranked, vectors[order])
    taken = [ranked.index(one) for one in wanted]
    chosen = [(ranked[n], PERSON) for n in taken]
    tiers = [_tier(one, quoted) for one in ranked]
    nearest = np.full(len(ranked), np.inf)
    for n in taken:
        nearest = np.minimum(nearest, likeness.apart(n))
    typical = likeness.typical() if ranked else nearest
    while len(chosen) < per_code:
        free = _free(ranked, [one for one, _ in chosen], never)
        if not free:
            break
        best = min(tiers[n] for n in free)
        n = _farthest([n for n in free if tiers[n] == best], nearest if chosen else typical)
        nearest = np.minimum(nearest, likeness.apart(n))
        chosen.append((ranked[n], CODER if ranked[n].favourite else RULE))
    return chosen


def _tier(one: QuoteCandidate, quoted: Collection[str]) -> tuple[bool, ...]:
    """Lower comes first: favourites, marked words, more than a catchword, who is not yet quoted."""
    slight = len(one.passage.quote.split()) < _FEWEST_WORDS
    return not one.favourite, not one.marked, slight, one.respondent in quoted


def _free(
    ranked: Sequence[QuoteCandidate], chosen: Sequence[QuoteCandidate], never: Collection[str]
) -> list[int]:
    people = {one.respondent for one in chosen}
    texts = {_folded(one) for one in chosen}
    return [
        n
        for n, one in enumerate(ranked)
        if one.respondent not in people and one.answer_id not in never and _folded(one) not in texts
    ]


def _folded(one: QuoteCandidate) -> str:
    return one.passage.quote.casefold()


def _farthest(some: Sequence[int], score: FloatArray) -> int:
    """The one with the highest score; of a tie the first."""
    return max(some, key=lambda n: (round(float(score[n]), _DECIMALS), -n))
