"""The figures that have the value that an amount claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from themecoder.figures.drafts.model import By, KnownFigure
from themecoder.figures.quantities.amount import Amount
from themecoder.figures.quantities.find import FoundQuantity, find_amounts


@dataclass(frozen=True, slots=True)
class NumberInDraft:
    """One number, with all the figures that quote it; ``printed`` are their amounts as quoted."""

    figures: tuple[KnownFigure, ...]
    printed: tuple[Amount, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(figure.id for figure in self.figures)

    @property
    def first(self) -> KnownFigure:
        return self.figures[0]

    @property
    def is_share(self) -> bool:
        """Whether it is quoted as a percentage, or nothing is known of how it is quoted."""
        return not self.printed or any(amount.kind == "share" for amount in self.printed)


def numbers_in_draft(figures: Iterable[KnownFigure], language: str) -> list[NumberInDraft]:
    """The figures, those with the same source taken together; in the order of their first."""
    groups: dict[str, list[KnownFigure]] = {}
    for figure in figures:
        groups.setdefault(figure.source or f"id {figure.id}", []).append(figure)
    return [
        NumberInDraft(
            tuple(group),
            tuple(
                {
                    quantity.amount: None
                    for figure in group
                    for quantity in find_amounts(figure.printed, language)
                }
            ),
        )
        for group in groups.values()
    ]


def fits(quantity: FoundQuantity, number: NumberInDraft) -> By:
    """How an amount is the number's, "" where it is not: as its percent, n, value or as quoted."""
    amount, figure = quantity.amount, number.first
    if _value_fits(amount, number):
        return "n" if amount.kind == "count" else ("value" if figure.share is None else "percent")
    if any(amount == printed for printed in number.printed):
        return "printed"
    return ""


def _value_fits(amount: Amount, number: NumberInDraft) -> bool:
    figure = number.first
    match amount.kind:
        case "share":
            return figure.share is not None and number.is_share and amount.holds(figure.share)
        case "count":
            return figure.n is not None and amount.holds(Fraction(figure.n))
        case _:
            # in a table a percentage may stand without its sign
            typed = figure.value
            if typed is None and figure.share is not None and number.is_share:
                typed = 100 * figure.share
            return typed is not None and amount.holds(typed)


def bases(quantity: FoundQuantity, known: Sequence[NumberInDraft]) -> list[NumberInDraft]:
    """The numbers of which an amount is the base n: as "n = 294", or before a word for people."""
    amount = quantity.amount
    if amount.kind != "count" or not amount.exact or not (amount.is_base or quantity.noun):
        return []
    return [
        number
        for number in known
        if number.first.base_n is not None and amount.holds(Fraction(number.first.base_n))
    ]
