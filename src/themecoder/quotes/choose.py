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
"""A quote of fewer words comes last, since a catchword says little."""
_DECIMALS = 6
"""Smaller differences are a tie: they come from the machine's arithmetic, not from the quotes."""


def choose(
    quotes: Sequence[QuoteCandidate],
    vectors: Vectors,
    per_code: int,
    *,
    wanted: Sequence[QuoteCandidate] = (),
    never: Collection[str] = (),
    quoted: Collection[str] = (),
) -> list[tuple[QuoteCandidate, str]]:
    """The quotes of one section with who chose each: no respondent and no text twice.

    ``vectors`` (n, d): the meaning of each of ``quotes``. ``wanted``: what a person chose; all of
    it is shown first, in this order, even where there are more than ``per_code``. ``never``: the
    answers that a person does not want. ``quoted``: the respondents who are quoted in other
    sections, chosen only where there is nobody else.
    """
    order = sorted(range(len(quotes)), key=lambda n: quotes[n].place)
    ranked = [quotes[n] for n in order]
    likeness = QuoteLikeness(ranked, vectors[order])
    taken = [ranked.index(quote) for quote in wanted]
    chosen = [(ranked[n], PERSON) for n in taken]
    tiers = [_tier(quote, quoted) for quote in ranked]
    nearest = np.full(len(ranked), np.inf)
    for n in taken:
        nearest = np.minimum(nearest, likeness.apart(n))
    typical = likeness.typical() if ranked else nearest
    while len(chosen) < per_code:
        free = _available(ranked, [quote for quote, _ in chosen], never)
        if not free:
            break
        best = min(tiers[n] for n in free)
        n = _farthest([n for n in free if tiers[n] == best], nearest if chosen else typical)
        nearest = np.minimum(nearest, likeness.apart(n))
        chosen.append((ranked[n], CODER if ranked[n].favourite else RULE))
    return chosen


def _tier(quote: QuoteCandidate, quoted: Collection[str]) -> tuple[bool, ...]:
    """Lower comes first: favourites, then marked words, then quotes of more than a catchword, then
    respondents who are not quoted yet."""
    slight = len(quote.passage.quote.split()) < _FEWEST_WORDS
    return not quote.favourite, not quote.marked, slight, quote.respondent in quoted


def _available(
    ranked: Sequence[QuoteCandidate], chosen: Sequence[QuoteCandidate], never: Collection[str]
) -> list[int]:
    people = {quote.respondent for quote in chosen}
    texts = {_folded_text(quote) for quote in chosen}
    return [
        n
        for n, quote in enumerate(ranked)
        if quote.respondent not in people
        and quote.answer_id not in never
        and _folded_text(quote) not in texts
    ]


def _folded_text(quote: QuoteCandidate) -> str:
    return quote.passage.quote.casefold()


def _farthest(numbers: Sequence[int], score: FloatArray) -> int:
    """The number with the highest score; of a tie the first."""
    return max(numbers, key=lambda n: (round(float(score[n]), _DECIMALS), -n))
