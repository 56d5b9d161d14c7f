"""Words of quantity and what they claim: a scale that is the researcher's to set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from themecoder.errors import InputError, Problem
from themecoder.figures.quantities.amount import Amount, Kind
from themecoder.figures.quantities.find import parse_amount
from themecoder.figures.quantities.quantifiers import is_turned

NOTHING = "none"
_TEST = re.compile(r"(?P<sign><=|>=|<|>|=)?\s*(?P<low>\d+(?:[.,]\d+)?)\s*(?P<percent>%?)")
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)\s*(?:-|–)\s*(\d+(?:[.,]\d+)?)\s*(%?)")
_RANK = re.compile(r"rank\s*(?P<low>\d+)(?:\s*(?:-|–)\s*(?P<high>\d+))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a word claims: every one of ``amounts`` holds, and the rank is ``ranks`` or between.

    ``text`` is the rule as it was written. Neither amounts nor ranks: nothing that can be counted.
    """

    text: str
    amounts: tuple[Amount, ...] = ()
    ranks: tuple[int, int] | None = None

    @property
    def countable(self) -> bool:
        return bool(self.amounts) or self.ranks is not None

    def holds(self, n: int, base_n: int, rank: int) -> bool:
        """``n`` of ``base_n`` respondents (above 0), at place ``rank`` among its kind."""
        if self.ranks is not None and not self.ranks[0] <= rank <= self.ranks[1]:
            return False
        return all(
            amount.holds(Fraction(n, base_n) if amount.kind == "share" else Fraction(n))
            for amount in self.amounts
        )


def parse_rule(text: str) -> Rule:
    """``1``, ``2-4``, ``>= 3``, ``> 50%``, ``30%-37%``, ``rank 1``, several with ``and``; ``none``.

    Raises InputError for anything else.
    """
    if text.strip().casefold() == NOTHING:
        return Rule(text)
    amounts: list[Amount] = []
    ranks: tuple[int, int] | None = None
    for part in re.split(r"\s+and\s+", text.strip()):
        if rank := _RANK.fullmatch(part):
            low = int(rank["low"])
            ranks = low, int(rank["high"] or low)
        elif match := _RANGE.fullmatch(part):
            share = bool(match[2] or match[4])
            low_end, high_end = (_number(end, share) for end in (match[1], match[3]))
            amounts.append(Amount(_kind(share), low_end, high_end))
        elif match := _TEST.fullmatch(part):
            amounts.append(_compared(match["sign"] or "=", match["low"], bool(match["percent"])))
        else:
            raise InputError(Problem("checking.rule", {"found": text}))
    return Rule(text, tuple(amounts), ranks)


def rule_for(quantifier: str, scale: Mapping[str, Rule], language: str) -> Rule | None:
    """What ``quantifier`` claims.

    The whole of it as a word of ``scale``; else a word in it that can be counted ("een enkele
    deelnemer"), the longest first, unless the rest is an amount ("een deel, ruim een derde"); else
    the amount that it is; else a word that says no number. None where nothing is known of it.
    """
    folded = " ".join(quantifier.casefold().split())
    if folded in scale:
        return scale[folded]
    amount = parse_amount(folded, language)
    # "veel deelnemers": a word that says how many comes before one that says nothing
    for word in sorted(scale, key=lambda word: (not scale[word].countable, -len(word), word)):
        match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded)
        if match is None or (scale[word].countable and is_turned(folded, match.start())):
            continue
        rest = f"{folded[: match.start()]} {folded[match.end() :]}"
        stronger = scale[word].countable and parse_amount(rest, language) is None
        if amount is None or stronger:
            return _and_amounts(scale[word], folded, language)
    return Rule(quantifier, (amount,)) if amount is not None else None


def _and_amounts(rule: Rule, quantifier: str, language: str) -> Rule:
    """The rule of a word, and the amounts that follow: "de meerderheid (57%)"."""
    pieces = re.split(r"[;:(]|,\s", quantifier)[1:]
    read = [parse_amount(piece.strip(" )"), language) for piece in pieces]
    amounts = [amount for amount in read if amount is not None and not amount.is_base]
    if not amounts:
        return rule
    return Rule(quantifier, (*rule.amounts, *amounts), rule.ranks)


def _compared(sign: str, digits: str, share: bool) -> Amount:
    value, kind = _number(digits, share), _kind(share)
    return {
        "=": Amount(kind, value, value),
        ">": Amount(kind, value, None, low_closed=False),
        ">=": Amount(kind, value, None),
        "<": Amount(kind, None, value, high_closed=False),
        "<=": Amount(kind, None, value),
    }[sign]


def _kind(share: bool) -> Kind:
    return "share" if share else "count"


def _number(digits: str, share: bool) -> Fraction:
    value = Fraction(digits.replace(",", "."))
    return value / 100 if share else value
