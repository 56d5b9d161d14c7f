"""Words of quantity in a draft ("veel deelnemers"), tied to the claims that are known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from themecoder.figures.drafts.model import By, KnownClaim, MatchedNumber, Place, Verdict
from themecoder.figures.drafts.words import keys, stems
from themecoder.figures.quantities.lexicon import fold
from themecoder.figures.quantities.quantifiers import find_quantifiers, is_turned

NEARLY = 0.6
"""The part of a claim's words, by weight, that a sentence must have to say the same."""


class Claims:
    """The claims that are known, and the words of quantity that make one."""

    def __init__(
        self, claims: Iterable[KnownClaim], quantifiers: Iterable[str], language: str
    ) -> None:
        self._language = language
        self._quantifiers = tuple(quantifiers)
        self._claims = [(claim, {s for _, s in stems(claim.text, language)}) for claim in claims]
        spread = Counter(stem for _, words in self._claims for stem in words)
        self._weight = {
            stem: math.log(1 + len(self._claims) / n) for stem, n in sorted(spread.items())
        }

    def in_sentence(
        self, place: Place, sentence: str, taken: Sequence[tuple[int, int]]
    ) -> list[MatchedNumber]:
        """The words of quantity of a sentence that are no part of an amount (``taken``)."""
        matched = []
        for start, end, word in find_quantifiers(sentence, self._quantifiers):
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            claims = (
                ()
                if is_turned(sentence, start, self._language)
                else self._claims_made(sentence, word)
            )
            verdict, expected = _verdict(claims)
            by: By = "claim" if claims else ""
            ids = tuple(claim.id for claim in claims)
            matched.append(
                MatchedNumber(place, sentence, start, end, "quantifier", verdict, ids, by, expected)
            )
        return matched

    def _claims_made(self, sentence: str, word: str) -> tuple[KnownClaim, ...]:
        """The claims that the sentence makes with ``word``: the most alike, or those as alike."""
        around = {key for _, stem in stems(sentence, self._language) for key in keys(stem)}
        alike: list[tuple[float, KnownClaim]] = []
        for claim, words in self._claims:
            if claim.quantifier and not _same_quantifier(word, claim.quantifier):
                continue
            total = sum(self._weight[stem] for stem in words)
            shared = sum(self._weight[s] for s in words if around & set(keys(s)))
            if total and shared >= NEARLY * total:
                alike.append((shared / total, claim))
        best = max((part for part, _ in alike), default=0.0)
        return tuple(claim for part, claim in alike if part == best)


def _verdict(claims: Sequence[KnownClaim]) -> tuple[Verdict, str]:
    """The verdict on a word of quantity that makes one of ``claims``, and what the data give."""
    if not claims:
        return Verdict.NO_SOURCE, ""
    if all(claim.holds is False for claim in claims):
        return Verdict.DIFFERS, claims[0].expected
    if len(claims) == 1 and claims[0].holds:
        return Verdict.TIED, ""
    return Verdict.AMBIGUOUS, ""


def _same_quantifier(word: str, quantifier: str) -> bool:
    """A claim's quantifier is the word of the scale, or a phrase that holds it."""
    return bool(find_quantifiers(quantifier, [word])) or fold(word) == fold(quantifier)
