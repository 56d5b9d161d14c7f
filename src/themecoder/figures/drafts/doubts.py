"""Reasons for doubt that an amount is a number, though its value and the words around it fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from themecoder.figures.drafts.candidates import NumberInDraft
from themecoder.figures.quantities.find import FoundQuantity

Ids = tuple[str, ...]
_DENIES = {
    "nl": r"nee|niet|niets|geen|geenszins|nooit|niemand|zonder|noch",
    "en": r"no|not|none|never|nobody|without|nor",
}
_OPPOSED = {"nl": r"oneens|\bon\w{4,}", "en": r"disagree|\bun\w{4,}|n't"}


def words_between(text: str, quantity: FoundQuantity, amounts: Sequence[FoundQuantity]) -> str:
    """The words of a sentence between an amount's neighbours."""
    before = [other.end for other in amounts if other.end <= quantity.start]
    after = [other.start for other in amounts if other.start >= quantity.end]
    return text[max(before, default=0) : min(after, default=len(text))]


def denied(text: str, number: NumberInDraft, language: str) -> bool:
    """Whether the words say "never" or "not", and nothing in the number's own texts does."""
    denies = rf"\b(?:{_DENIES[language]})\b(?!-)"
    if not re.search(denies, text, re.IGNORECASE):
        return False
    own = " ".join(figure.text for figure in number.figures)
    return not re.search(rf"{denies}|{_OPPOSED[language]}", own, re.IGNORECASE)


def names_other_size(
    quantity: FoundQuantity, number: NumberInDraft, amounts: Sequence[FoundQuantity]
) -> bool:
    """Whether the sentence names the size of a group, and not the number's."""
    figure = number.first
    sizes: set[Fraction | None] = {
        other.amount.low
        for other in amounts
        if other != quantity and other.amount.kind == "count" and other.amount.exact
        if other.amount.is_base or other.noun
    }
    return bool(sizes) and not sizes & {figure.n, figure.base_n}


def is_whole(quantity: FoundQuantity, text: str) -> bool:
    """Whether an amount is said to be the whole: "van de 477 gebruikers"."""
    return (
        re.search(r"\b(?:van|of)(?: (?:de|alle|the|all))*\s*$", text[: quantity.start], re.I)
        is not None
    )


def swapped(
    first: NumberInDraft,
    second: NumberInDraft,
    at_first: Mapping[Ids, float],
    at_second: Mapping[Ids, float],
) -> bool:
    """Whether two amounts may stand in each other's place: no words speak of a number more at its
    own amount than at the other's, and some speak less, or no words tell the two numbers apart.

    ``at_one`` and ``at_other``: how far the words around each amount speak of a number, by its ids.
    """
    gains = at_second[first.ids] - at_first[first.ids], at_first[second.ids] - at_second[second.ids]
    alike = (
        at_first[first.ids] == at_first[second.ids]
        and at_second[first.ids] == at_second[second.ids]
    )
    return alike or (min(gains) >= 0 and max(gains) > 0)
