"""How far the words around an amount speak of a figure.

A word counts by how few numbers' texts it stands in (the logarithm of all over those, 1 where it
is one), so that "deelnemers" tells little and "wachtlijst" much. Words of the amount's own sentence
count whole where no other amount stands between, else half; words of the sentence before and of the
heading count for a part. The sum over the words that a number's text and the surroundings share,
divided by the root of the sum over all words of that text, is its strength: long texts share words
by chance.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.figures.drafts.candidates import NumberInDraft
from themecoder.figures.drafts.words import keys, stems

BEYOND = 0.5
"""What a word counts that another amount of the sentence parts from this one."""
BESIDE = 0.3
"""What a word of the heading or of the sentence before counts."""
QUESTION = 0.3
"""What a word of a question's wording counts beside words of the figure itself."""


@dataclass(frozen=True, slots=True)
class FigureLikeness:
    """``strength`` of the words shared; ``share`` of the weight of the number's own text that is in
    the sentence itself, 0 to 1; ``words``: how many of its words are."""

    strength: float = 0.0
    share: float = 0.0
    words: int = 0


class Evidence:
    """The words of all numbers with their weights; made once for a draft."""

    def __init__(self, known: Sequence[NumberInDraft], language: str) -> None:
        self._language = language
        self._texts = {number.ids: self._words(number) for number in known}
        self._keys = {
            ids: {key for word in words for key in keys(word)} for ids, words in self._texts.items()
        }
        spread = Counter(word for words in self._texts.values() for word in words)
        self._weight = {
            word: math.log((1 + len(self._texts)) / n) / math.log(1 + len(self._texts))
            for word, n in sorted(spread.items())
        }

    def around(
        self, sentence: str, place: int, others: Sequence[int], beside: str
    ) -> dict[str, float]:
        """The words around the amount at ``place`` of ``sentence``, with what each counts.

        ``others`` are the places of the sentence's other amounts.
        """
        counts_by_key: dict[str, float] = {}
        for _, stem in stems(beside, self._language):
            counts_by_key |= dict.fromkeys(keys(stem), BESIDE)
        for start, stem in stems(sentence, self._language):
            low, high = sorted((start, place))
            word_counts = BEYOND if any(low < other < high for other in others) else 1.0
            counts_by_key |= {
                key: max(counts_by_key.get(key, 0.0), word_counts) for key in keys(stem)
            }
        return counts_by_key

    def likeness(self, number: NumberInDraft, around: Mapping[str, float]) -> FigureLikeness:
        """How far ``around`` speaks of a number."""
        if self._keys[number.ids].isdisjoint(around):
            return FigureLikeness()
        words = self._texts[number.ids]
        shared = own = total = whole = 0.0
        hits = 0
        for stem, part in words.items():
            weight = self._weight[stem] * part
            total += weight
            whole += weight if part == 1 else 0
            near = max(around.get(key, 0.0) for key in keys(stem))
            shared += weight * near
            if part == 1 and near > BESIDE:
                own += weight
                hits += 1
        if not total:
            return FigureLikeness()
        return FigureLikeness(
            shared / math.sqrt(whole or total), own / whole if whole else 0.0, hits
        )

    def _words(self, number: NumberInDraft) -> dict[str, float]:
        """The stems of a number's texts: 1 for its own, less for those of its question."""
        weight_of_stem = {}
        for figure in number.figures:
            for _, stem in stems(figure.question, self._language):
                weight_of_stem[stem] = QUESTION
        for figure in number.figures:
            for _, stem in stems(figure.text, self._language):
                weight_of_stem[stem] = 1.0
        return weight_of_stem
