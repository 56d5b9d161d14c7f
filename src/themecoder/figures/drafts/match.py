"""How the amounts of one sentence are tied to numbers.

An amount is tied in this order:

1. Its candidates are the numbers whose value it claims (``candidates``). How far the sentence
   speaks of each is its strength (``evidence``); an n or base of the number in the same sentence
   adds to it, an "n = " of another base takes half away. A candidate is tied if it is strong enough
   and clearly stronger than the next: ``STRONG`` and ``CLEARLY``; less is asked of the only
   candidate of a percentage with decimals (``ALONE``), more of a range in words (``RANGE``). It is
   not, if the sentence speaks clearly more of a number with another value, or there is doubt
   (``doubts``).
2. A count is else tied as a base: "n = 294", "294 gebruikers".
3. A percentage that is no number's value may be the sum of others in its sentence.
4. An amount in words or a count right before a percentage in brackets, "ruim een derde (38,1%)",
   "135 gebruikers (46,3%)", or before it in a row, is held against the same number.
5. What fits nothing, or nothing that the sentence speaks of, differs from a number that the
   sentence plainly speaks of (``PLAINLY``), or nearly has the value of one that it speaks of;
   unless the sentence names a group of another size.

A wrong tie hides a wrong number, so whatever is not clear is ambiguous. The limits were set on the
79 percentages in the text of a printed report against the 239 numbers that it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from themecoder.counts.formats.view import HIDDEN
from themecoder.figures.drafts.candidates import NumberInDraft, bases, fits
from themecoder.figures.drafts.doubts import (
    denied,
    is_whole,
    names_other_size,
    swapped,
    words_between,
)
from themecoder.figures.drafts.evidence import Evidence, FigureLikeness
from themecoder.figures.drafts.model import Block, By, MatchedNumber, Verdict
from themecoder.figures.drafts.results import FigureCandidate, SentenceResult
from themecoder.figures.quantities.find import FoundQuantity, find_amounts
from themecoder.output.numbers import number_text, percent_text

STRONG = 0.39
ALONE = 0.35
RANGE = 0.65
CLEARLY = 1.4
PLAINLY = 0.78
MOST = 5
"""Figures named with an amount."""
_N, _BASE, _OTHER_BASE = 0.65, 0.2, 0.5
_NEAR = Fraction(3, 2)
"""Units of the last digit between an amount and a number that is nearly it."""


class Sentence:
    """A sentence of a draft with its amounts."""

    def __init__(
        self,
        block: Block,
        text: str,
        before: str,
        known: Sequence[NumberInDraft],
        evidence: Evidence,
        language: str,
    ) -> None:
        self.block, self.text, self.language = block, text, language
        self._amounts = find_amounts(text, language)
        beside = f"{block.place.heading}\n{before}"
        places = [] if block.place.kind == "row" else [quantity.start for quantity in self._amounts]
        self._results = []
        for quantity in self._amounts:
            around = evidence.around(text, quantity.start, places, beside)
            spoken = [(number, evidence.likeness(number, around)) for number in known]
            spoken.sort(key=lambda pair: (-pair[1].strength, pair[0].ids))
            self._results.append(
                SentenceResult(quantity, spoken, self._candidates(quantity, spoken))
            )

    def tied(self, tied_here: set[tuple[str, ...]]) -> list[MatchedNumber]:
        """The sentence's amounts; numbers tied are added to those already tied in the block."""
        for result in self._results:
            self._tie_by_value(result)
        self._undo_swapped_ties()
        for result in self._results:
            self._tie_by_base(result)
        for result in self._results:
            self._tie_by_sum(result)
        for result, following in pairwise(self._results):
            self._tie_in_brackets(result, following)
        tied_here |= {result.number.ids for result in self._results if result.number is not None}
        for result in self._results:
            self._tie_by_words(result, tied_here)
        return [
            MatchedNumber(
                self.block.place,
                self.text,
                result.quantity.start,
                result.quantity.end,
                result.quantity.amount.kind,
                result.verdict,
                result.ids[:MOST],
                result.by,
                result.expected,
            )
            for result in self._results
        ]

    def _candidates(
        self, quantity: FoundQuantity, spoken: Sequence[tuple[NumberInDraft, FigureLikeness]]
    ) -> list[FigureCandidate]:
        candidates = []
        for number, likeness in spoken:
            by = fits(quantity, number)
            if by:
                strength = self._with_companions(quantity, number, likeness.strength)
                candidates.append(FigureCandidate(number, by, strength, likeness))
        # at equal strength the value itself goes before how it is printed
        return sorted(candidates, key=lambda c: (-c.strength, c.by == "printed", c.number.ids))

    def _with_companions(
        self, quantity: FoundQuantity, number: NumberInDraft, strength: float
    ) -> float:
        """The strength, with what the other amounts of the sentence say of the number."""
        figure = number.first
        others = [
            other for other in self._amounts if other != quantity and other.amount.kind == "count"
        ]
        counts = [other.amount.low for other in others if other.amount.exact]
        if quantity.amount.kind != "count" and figure.n is not None and figure.n in counts:
            strength += _N
        if figure.base_n is None:
            return strength
        if figure.base_n in counts:
            return strength + _BASE
        stated = [other.amount.low for other in others if other.amount.is_base]
        return strength * _OTHER_BASE if stated and figure.n not in stated else strength

    def _tie_by_value(self, result: SentenceResult) -> None:
        candidates, amount = result.candidates, result.quantity.amount
        if not candidates:
            return
        best = candidates[0]
        second = candidates[1].strength if len(candidates) > 1 else 0.0
        rare = amount.exact and amount.kind != "count" and (amount.decimals or 0) > 0
        if not amount.exact:
            enough = RANGE
        elif rare and len(candidates) == 1 and best.likeness.words:
            enough = ALONE
        else:
            enough = STRONG
        result.doubted = self._doubtful(result, best)
        clear = best.strength >= CLEARLY * second and not result.doubted
        if best.strength >= enough and clear:
            self._tie(result, best.number, best.by)
        elif amount.exact or best.strength >= ALONE:
            result.verdict, result.by = Verdict.AMBIGUOUS, best.by
            result.ids = tuple(c.number.first.id for c in candidates)

    def _doubtful(self, result: SentenceResult, best: FigureCandidate) -> bool:
        """Whether the words speak more of another number, deny it, or name another group's size."""
        amount = result.quantity.amount
        # the n of a part is often that of another, a percentage or the size of all less often
        part = amount.kind == "count" and best.number.first.base_n is not None
        least = 1.0 if part and not is_whole(result.quantity, self.text) else CLEARLY
        if best.strength * least < self._strength_elsewhere(result):
            return True
        wholes = [
            quantity
            for quantity in self._amounts
            if quantity.amount.is_base or is_whole(quantity, self.text)
        ]
        if amount.kind == "share" and names_other_size(result.quantity, best.number, wholes):
            return True
        return denied(
            words_between(self.text, result.quantity, self._amounts), best.number, self.language
        )

    def _undo_swapped_ties(self) -> None:
        """Two amounts that stand in each other's place are neither's."""
        tied = [
            result
            for result in self._results
            if result.number is not None and result.by == "percent"
        ]
        for first, second in combinations(tied, 2):
            at_first, at_second = (
                {number.ids: likeness.strength for number, likeness in result.spoken}
                for result in (first, second)
            )
            first_number, second_number = first.number, second.number
            if first_number is None or second_number is None:
                continue
            differ = first_number.ids != second_number.ids
            if differ and swapped(first_number, second_number, at_first, at_second):
                first.doubt()
                second.doubt()

    def _strength_elsewhere(self, result: SentenceResult) -> float:
        """How far the sentence speaks of a number that none of its amounts is."""
        fitting = {c.number.ids for other in self._results for c in other.candidates}
        return max(
            (
                likeness.strength
                for number, likeness in result.spoken
                if number.is_share and number.ids not in fitting
            ),
            default=0.0,
        )

    def _tie(self, result: SentenceResult, number: NumberInDraft, by: By) -> None:
        if by == "printed" and self._expected(number):
            result.tie(number, by, Verdict.DIFFERS, self._expected(number))
        else:
            result.tie(number, by, Verdict.TIED)

    def _tie_by_base(self, result: SentenceResult) -> None:
        whole = any(c.number.first.base_n is None for c in result.candidates[:1])
        said_to_be_base = (
            whole or result.quantity.amount.is_base or is_whole(result.quantity, self.text)
        )
        if result.verdict == Verdict.TIED or (result.doubted and not said_to_be_base):
            return
        base_numbers = bases(result.quantity, [number for number, _ in result.spoken])
        if base_numbers:
            named = [c.number for c in result.candidates] or base_numbers
            result.verdict, result.by = Verdict.TIED, "base"
            result.ids = tuple(number.first.id for number in named[:3])

    def _tie_by_sum(self, result: SentenceResult) -> None:
        """A percentage that is the sum of two or more others, all tied, on one base."""
        amount = result.quantity.amount
        if result.candidates or amount.kind != "share" or not amount.exact:
            return
        parts = [
            other.number
            for other in self._results
            if other is not result
            and other.number is not None
            and other.quantity.amount.kind == "share"
        ]
        totals = {number.first.base_n for number in parts}
        n = sum(number.first.n or 0 for number in parts)
        base = totals.pop() if len(totals) == 1 else None
        if len(parts) > 1 and base and amount.holds(Fraction(n, base)):
            result.verdict, result.by = Verdict.TIED, "sum"
            result.ids = tuple(number.first.id for number in parts)

    def _tie_in_brackets(self, result: SentenceResult, following: SentenceResult) -> None:
        """Words or a count before a percentage in brackets, or beside it in a row of a table."""
        amount, number = result.quantity.amount, following.number
        exact = following.quantity.amount
        if number is None or exact.kind != "share" or not exact.exact or amount.is_base:
            return
        between = self.text[result.quantity.end : following.quantity.start]
        in_brackets = "(" in between and ")" not in between
        if not in_brackets and self.block.place.kind != "row":
            return
        share, n = number.first.share, number.first.n
        if amount.kind == "share" and not amount.exact and share is not None:
            self._tie_or_differ(result, number, "percent", amount.holds(share))
        elif amount.kind == "count" and n is not None and result.verdict != Verdict.TIED:
            self._tie_or_differ(result, number, "n", amount.holds(Fraction(n)))

    def _tie_or_differ(
        self, result: SentenceResult, number: NumberInDraft, by: By, holds: bool
    ) -> None:
        if holds:
            result.tie(number, by, Verdict.TIED)
        else:
            result.tie(number, "words", Verdict.DIFFERS, self._expected(number))

    def _tie_by_words(self, result: SentenceResult, tied_here: set[tuple[str, ...]]) -> None:
        """A number that the sentence speaks of, and whose value this is not."""
        amount = result.quantity.amount
        if result.number is not None or result.by in ("base", "sum") or not amount.exact:
            return
        if amount.kind != "share":
            return
        fitting = {c.number.ids for c in result.candidates}
        spoken = [
            (number, likeness)
            for number, likeness in result.spoken
            if likeness.words and likeness.strength >= STRONG
            if number.ids not in fitting | tied_here and number.first.share and number.is_share
        ]
        weak = max((c.strength for c in result.candidates), default=0.0)
        if not spoken or weak >= STRONG or spoken[0][1].strength < CLEARLY * weak:
            return
        number, best = spoken[0]
        if names_other_size(result.quantity, number, self._amounts):
            result.ids, result.by = result.ids or number.ids, result.by or "words"
            return
        nearly_equal = next(
            (candidate for candidate in spoken if _nearly(result.quantity, candidate[0])), None
        )
        second = spoken[1][1].strength if len(spoken) > 1 else 0.0
        plainly = best.share >= 0.5 and best.words > 1 and best.strength >= PLAINLY
        if nearly_equal and nearly_equal[1].strength * CLEARLY >= best.strength:
            result.tie(nearly_equal[0], "words", Verdict.DIFFERS, self._expected(nearly_equal[0]))
        elif plainly and best.strength >= CLEARLY * second:
            result.tie(number, "words", Verdict.DIFFERS, self._expected(number))
        elif not result.candidates:
            result.by = "words"
            result.ids = tuple(candidate[0].first.id for candidate in spoken[:3])

    def _expected(self, number: NumberInDraft) -> str:
        """What a number comes to: ``57,1% (168/294)``; "" where the data can't give it."""
        figure = number.first
        if figure.hidden:
            return HIDDEN
        if figure.n is not None and figure.base_n and number.is_share:
            decimals = max((p.decimals or 0 for p in number.printed), default=1)
            percent = percent_text(figure.n, figure.base_n, decimals, self.language)
            return f"{percent} ({figure.n}/{figure.base_n})"
        value = Fraction(figure.n) if figure.n is not None else figure.value
        return "" if value is None else number_text(value, 0 if figure.n else 2, self.language)


def _nearly(quantity: FoundQuantity, number: NumberInDraft) -> bool:
    amount, share = quantity.amount, number.first.share
    if share is None or amount.low is None or amount.high is None:
        return False
    unit = amount.high - amount.low
    return abs((amount.low + amount.high) / 2 - share) <= _NEAR * unit
