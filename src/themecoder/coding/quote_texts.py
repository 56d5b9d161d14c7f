"""The words of a quote as its coder saw them: masked, as they may stand in ``annotations/``.

A file of coding goes to git and to colleagues, the answers do not. So a quote's text is the masked
one, while its place is that in the answer as imported. Masks change: a rule gets better, a person
decides. Whether a quote still belongs to its answer is therefore asked of the words around the
masks, and what is written anew has the masks of today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from themecoder.coding.model import FORMAT, Coding, Quote
from themecoder.masking.model import KINDS, MaskedText, token
from themecoder.messages import LANGUAGES
from themecoder.workspace.folder import StudyFolder

_TOKENS = re.compile(
    "|".join(sorted(re.escape(token(kind, one)) for kind in KINDS for one in LANGUAGES))
)


def has_mask(text: str) -> bool:
    """Whether a mask stands in a text, in any language."""
    return _TOKENS.search(text) is not None


def quote_of(answer: MaskedText, start: int, end: int, code: str) -> Quote:
    """The quote ``original[start:end]`` of an answer; a mask that it touches is shown whole."""
    first, last = answer.to_masked(start, end)
    return Quote(start, end, code, answer.masked[first:last])


def still_there(quote: Quote, original: str) -> bool:
    """Whether an answer has the words of a quote at its place; a mask stands for any words."""
    here = original[quote.start : quote.end]
    first, *others = _TOKENS.split(quote.text)
    if not others:
        return here == first
    *between, last = others
    if not here.startswith(first):
        return False
    position = len(first)
    for words in between:
        found = here.find(words, position + 1)
        if found < 0:
            return False
        position = found + len(words)
    return position < len(here) - len(last) and here.endswith(last)


def masked_quotes(study: StudyFolder, codings: Iterable[Coding]) -> list[Coding]:
    """``codings`` as they may be written: each quote with the words of today's masked answer.

    A quote whose answer has changed or is gone keeps its words. Those of a file of format 1, which
    have not been masked yet, are masked by themselves.
    """
    codings = list(codings)
    if not any(coding.quotes for coding in codings):
        return [replace(coding, format=FORMAT) for coding in codings]
    texts = study.masked_texts()
    return [_masked(coding, texts.get(coding.answer_id), study.mask_alone) for coding in codings]


def _masked(
    coding: Coding, answer: MaskedText | None, mask_alone: Callable[[str, str], str]
) -> Coding:
    quotes = []
    for quote in coding.quotes:
        if answer is not None and still_there(quote, answer.original):
            quotes.append(quote_of(answer, quote.start, quote.end, quote.code))
        elif coding.format < FORMAT:
            quotes.append(replace(quote, text=mask_alone(coding.question, quote.text)))
        else:
            quotes.append(quote)
    return replace(coding, quotes=tuple(quotes), format=FORMAT)
