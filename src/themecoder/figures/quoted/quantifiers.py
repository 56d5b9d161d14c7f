"""Words of quantity and what they claim: a scale that is the researcher's to set.

A closed question is answered by everybody who is asked it. What people write at an open one they
thought of themselves, and who does not name a thing has not denied it. So the words of a scale may
claim something else of codes than of closed answers, and of codes they are held to those who said
something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from themecoder.errors import InputError, Problem
from themecoder.figures.quantities.amount import Amount, Kind
from themecoder.figures.quantities.find import parse_amount
from themecoder.figures.quantities.lexicon import load, spelled
from themecoder.figures.quantities.quantifiers import is_turned

NOTHING = "none"
OPEN, CLOSED = "open", "closed"
Reach = Literal["together", "each", "within"]
_TEST = re.compile(r"(?P<sign><=|>=|<|>|=)?\s*(?P<low>\d+(?:[.,]\d+)?)\s*(?P<percent>%?)")
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)\s*(?:-|–)\s*(\d+(?:[.,]\d+)?)\s*(%?)")
_RANK = re.compile(r"rank\s*(?P<low>\d+)(?:\s*(?:-|–)\s*(?P<high>\d+))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a word claims: every one of ``amounts`` holds, and the rank is ``ranks`` or between.

    ``text`` is the rule as it was written. Neither amounts nor ranks: nothing that can be counted.
    ``has_number``: the report prints an amount itself, which its own tables are to give. ``reach``:
    what is claimed of the parts of the subject "together", of "each" of them, or of some that are
    "within" them.
    """

    text: str
    amounts: tuple[Amount, ...] = ()
    ranks: tuple[int, int] | None = None
    has_number: bool = False
    reach: Reach = "together"

    @property
    def countable(self) -> bool:
        return bool(self.amounts) or self.ranks is not None

    def holds(self, n: int, share: Fraction, rank: int) -> bool:
        """``n`` respondents, a ``share`` of their base, at place ``rank`` among its kind."""
        if self.ranks is not None and not self.ranks[0] <= rank <= self.ranks[1]:
            return False
        return all(
            amount.holds(share if amount.kind == "share" else Fraction(n))
            for amount in self.amounts
        )

    def may_hold(self, n: int, share: Fraction, rank: int) -> bool:
        """Whether it holds of some of the ``n`` respondents, who are a ``share`` of their base, at
        ``rank`` at best, or of all."""
        worst = self.ranks[1] if self.ranks is not None else rank
        amounts = replace(self, ranks=None)
        return rank <= worst and any(
            amounts.holds(part, share * part / max(n, 1), 1) for part in range(n + 1)
        )

    @property
    def claims_one(self) -> bool:
        """Whether it claims one person: "een enkele deelnemer"."""
        one = Fraction(1)
        return [(a.kind, a.low, a.high) for a in self.amounts] == [("count", one, one)]


def rule_text(text: str, kind: str) -> str | None:
    """The part of ``text`` that is on claims of ``kind`` (open, closed), None where it has none:
    ``closed: >= 25%; open: >= 10%``. A text without either word is on both.

    Raises InputError where something else stands before a colon, or the same twice.
    """
    parts = [part.partition(":") for part in text.split(";")]
    if not any(colon for _, colon, _ in parts):
        return text
    rules = {name.strip().casefold(): rule.strip() for name, _, rule in parts}
    if len(rules) < len(parts) or not rules.keys() <= {OPEN, CLOSED}:
        raise InputError(Problem("checking.rule", {"found": text}))
    return rules.get(kind)


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
    """What ``quantifier`` claims; None where nothing is known of it.

    ``each: a few`` claims it of every part of the subject, ``within: a few`` of some of those in
    it; without such a word, of the parts together.
    """
    words = load(language)
    reaches: dict[Reach, Sequence[str]] = {"each": words.each, "within": words.within}
    for reach, before in reaches.items():
        if match := re.match(rf"\s*{spelled(before)}\s*:", quantifier, re.IGNORECASE):
            rule = _rule_of(quantifier[match.end() :].strip(), scale, language)
            return None if rule is None else replace(rule, reach=reach)
    return _rule_of(quantifier, scale, language)


def _rule_of(quantifier: str, scale: Mapping[str, Rule], language: str) -> Rule | None:
    """The whole of it as a word of ``scale``; else a word in it that can be counted ("een enkele
    deelnemer"), the longest first, unless the rest is an amount ("een deel, ruim een derde"); else
    the amount that it is; else a word that says no number."""
    folded = " ".join(quantifier.casefold().split())
    if folded in scale:
        return scale[folded]
    amount = parse_amount(folded, language)
    # "a couple of percent" and "enkele procentpunten" are no number of people
    percent = "|".join(map(re.escape, load(language).percent))
    # "veel deelnemers": a word that says how many comes before one that says nothing
    for word in sorted(scale, key=lambda word: (not scale[word].countable, -len(word), word)):
        found = rf"(?<!\w){re.escape(word)}(?!\w)(?!(?:\s+of)?\s*(?:{percent}))"
        match = re.search(found, folded)
        if match is None or (scale[word].countable and is_turned(folded, match.start(), language)):
            continue
        rest = f"{folded[: match.start()]} {folded[match.end() :]}"
        stronger = scale[word].countable and parse_amount(rest, language) is None
        if amount is None or stronger:
            return _and_amounts(scale[word], folded, language)
    return Rule(quantifier, (amount,), has_number=True) if amount is not None else None


def _and_amounts(rule: Rule, quantifier: str, language: str) -> Rule:
    """The rule of a word, and the amounts that follow: "de meerderheid (57%)"."""
    pieces = re.split(r"[;:(]|,\s", quantifier)[1:]
    read = [parse_amount(piece.strip(" )"), language) for piece in pieces]
    amounts = [amount for amount in read if amount is not None and not amount.is_base]
    if not amounts:
        return rule
    return Rule(quantifier, (*rule.amounts, *amounts), rule.ranks, has_number=True)


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
