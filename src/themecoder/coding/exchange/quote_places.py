"""Where a quote of another tool is in our answer.

Its offsets count the text that the tool had, which may be our answer with other white space, or
with its details masked. They are carried over only where the words are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from themecoder.coding.exchange.model import ForeignQuote
from themecoder.coding.exchange.same_text import align, bare, find
from themecoder.coding.quote_texts import has_mask
from themecoder.masking.model import MaskedText


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Code points ``start`` to ``end`` (exclusive) of an answer as imported."""

    start: int
    end: int


def place_quote(
    quote: ForeignQuote, text: str, original: str, masked: Callable[[], MaskedText]
) -> QuotePlace | str:
    """The place of a quote in ``original``, or why there is none: the key of a message.

    ``text``: the answer as the tool has it, empty where it does not; it is known to be the same
    answer. ``masked``: the answer with its masks, asked only where the tool shows masks.
    """
    if not 0 <= quote.start < quote.end:
        return "quote_offsets"
    if not text:
        return _without_text(quote, original, masked)
    if quote.end > len(text):
        return "quote_offsets"
    words = text[quote.start : quote.end]
    if words.isspace() or (quote.text not in ("", words) and bare(quote.text) != bare(words)):
        return "quote_words"
    return _carried(quote, text, original, masked) or "quote_words"


def _carried(
    quote: ForeignQuote, text: str, original: str, masked: Callable[[], MaskedText]
) -> QuotePlace | None:
    if text == original:
        return QuotePlace(quote.start, quote.end)
    shows_masks = has_mask(text) and bare(text) != bare(original)
    alignment = align(text, masked().masked if shows_masks else original)
    place = alignment.carried(quote.start, quote.end) if alignment else None
    if place is None:
        return None
    return QuotePlace(*(masked().to_original(*place) if shows_masks else place))


def _without_text(
    quote: ForeignQuote, original: str, masked: Callable[[], MaskedText]
) -> QuotePlace | str:
    """By the offsets where the words stand there, else by the words alone."""
    if quote.end <= len(original) and (
        not quote.text or bare(original[quote.start : quote.end]) == bare(quote.text)
    ):
        return QuotePlace(quote.start, quote.end)
    if not quote.text:
        return "quote_offsets"
    if has_mask(quote.text):
        shown = masked()
        places = [shown.to_original(*place) for place in find(quote.text, shown.masked)]
    else:
        places = find(quote.text, original)
    if len(places) == 1:
        return QuotePlace(*places[0])
    return "quote_several" if places else "quote_words"
