"""The amounts in a text: where each stands, and what it claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from themecoder.figures.quantities.amount import Amount
from themecoder.figures.quantities.forms import FormMatch, compiled_forms
from themecoder.figures.quantities.ignored import blanked
from themecoder.figures.quantities.lexicon import QuantityLexicon, fold, load, spelled


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """An amount in a text: ``text`` is ``whole[start:end]``, in code points.

    ``noun`` is the word for what is counted after it ("deelnemers"), "" where there is none.
    """

    start: int
    end: int
    text: str
    amount: Amount
    noun: str = ""


def find_amounts(text: str, language: str = "nl") -> list[FoundQuantity]:
    """The amounts in ``text``, in order, none of them overlapping; of two that do, the longest.

    Left alone: dates and years, ages and lengths of time, numbers of figures, tables, pages,
    chapters, questions and notes, addresses on the web, telephone numbers, prices, versions, and
    112 and 113 where no people are counted with them. Numbers in words up to twelve count only
    before a word for people or answers ("vijf vragen", not "drie redenen").
    """
    return _find(text, language, alone=False)


def parse_amount(text: str, language: str = "nl") -> Amount | None:
    """What ``text`` claims if it is one amount, with no more than small words around it.

    "ruim een derde van de deelnemers" is one; "veel" and "20% van de 294 gebruikers" are none.
    """
    quantities = _find(text.strip(), language, alone=True)
    if len(quantities) != 1:
        return None
    before = fold(text.strip()[: quantities[0].start]).split()
    return quantities[0].amount if set(before) <= set(load(language).small) else None


def _find(text: str, language: str, *, alone: bool) -> list[FoundQuantity]:
    words = load(language)
    plain = blanked(fold(text), words.language)
    matches = [
        (match.end() - match.start(), -rank, match, build)
        for rank, (pattern, build) in enumerate(compiled_forms(words.language))
        for match in pattern.finditer(plain)
    ]
    taken: list[FoundQuantity] = []
    for _, _, match, build in sorted(
        matches, key=lambda item: (-item[0], -item[1], item[2].start())
    ):
        start, end = match.span()
        if any(start < other.end and other.start < end for other in taken):
            continue
        noun = _noun(plain, end, words)
        amount = build(FormMatch(match, text, noun, words, alone))
        if amount is not None:
            taken.append(FoundQuantity(start, end, text[start:end], amount, noun))
    return sorted(taken, key=lambda item: item.start)


def _noun(plain: str, end: int, words: QuantityLexicon) -> str:
    match = _counted_noun(words.language).match(plain, end)
    return match[1] if match else ""


@cache
def _counted_noun(language: str) -> re.Pattern[str]:
    return re.compile(rf"\s+(?:[^\W\d][\w-]*\s+){{0,2}}?({spelled(load(language).counted)})")
