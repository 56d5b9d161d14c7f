"""The quotes that may be shown, from the coding; and why others may not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from themecoder.coding.model import Coding
from themecoder.coding.quote_texts import still_there
from themecoder.masking.model import MaskedText
from themecoder.quotes.context import Passage, entire, marked
from themecoder.quotes.model import QuoteCandidate

CONSENT, MASKS, CHANGED, EMPTY, WAITING = "consent", "masks", "changed", "empty", "waiting"
REASONS = (CONSENT, MASKS, CHANGED, EMPTY, WAITING)
"""Why nothing of an answer may be shown. consent: the respondent may not be quoted; masks: only
masks are left; changed: the answer is no longer what was coded; empty: it says nothing and no words
are marked; waiting: it waits for its coder, since it was carried to a version of the codebook that
changed a code, or was coded under another version."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be shown, and how much.

    ``quotable``: the respondents who may be quoted, None for all. ``favourites``: the answers that
    a coder marked as ones to quote. ``traits``: respondent -> groups. ``contentless``: whether an
    answer says nothing. ``reach`` and ``whole``: see ``context.marked``.
    """

    usable: Collection[str]
    version: str
    quotable: Collection[str] | None
    favourites: Collection[str]
    traits: Mapping[str, frozenset[str]]
    contentless: Callable[[str], bool]
    reach: int
    whole: int


def candidates(
    codings: Iterable[Coding], texts: Mapping[str, MaskedText], rules: Rules
) -> tuple[list[QuoteCandidate], dict[tuple[str, str], str]]:
    """The quotes that may be shown, in the order of ``QuoteCandidate.place``; and (code, answer_id)
    -> the reason, where an answer has the code and nothing of it may be shown.

    ``codings``: one per answer; ``texts``: answer_id -> masked text. Skipped answers have no code.
    """
    quotable: list[QuoteCandidate] = []
    unfit: dict[tuple[str, str], str] = {}
    for coding in codings:
        for code in coding.codes:
            if code not in rules.usable or coding.state == "skipped":
                continue
            result = _quotes_of_code(coding, code, texts[coding.answer_id], rules)
            if isinstance(result, str):
                unfit[code, coding.answer_id] = result
            else:
                quotable.extend(result)
    return sorted(quotable, key=lambda quote: (quote.code, *quote.place)), unfit


def _quotes_of_code(
    coding: Coding, code: str, text: MaskedText, rules: Rules
) -> list[QuoteCandidate] | str:
    """The quotes of one code on one answer, or the reason why there are none."""
    respondent = coding.respondent
    if coding.stale or coding.codebook != rules.version:
        return WAITING
    if rules.quotable is not None and respondent not in rules.quotable:
        return CONSENT
    own_quotes = [quote for quote in coding.quotes if quote.code == code]
    present = [quote for quote in own_quotes if still_there(quote, text.original)]
    passages: Iterator[Passage | None]
    if own_quotes:
        if not present:
            return CHANGED
        passages = (marked(text, q.start, q.end, rules.reach, rules.whole) for q in present)
    elif rules.contentless(text.original):
        return EMPTY
    else:
        passages = iter([entire(text, rules.whole)])
    others = frozenset(f"code:{other}" for other in coding.codes if other != code)
    traits = others | {f"question:{coding.question}"} | rules.traits.get(respondent, frozenset())
    favourite = coding.answer_id in rules.favourites
    return [
        QuoteCandidate(
            code,
            coding.answer_id,
            respondent,
            coding.question,
            passage,
            bool(own_quotes),
            favourite,
            traits,
        )
        for passage in passages
        if passage is not None
    ] or MASKS
