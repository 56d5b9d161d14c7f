"""A quote in its context: cut out of a masked answer at the bounds of words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from themecoder.masking.model import MaskedText

CUT = "…"
_SLACK = 20
"""So few characters are shown rather than cut off: a word or two say more than … in their place."""
_JOINER = "\u200d"
# these change the direction of the text, so that a quote could rearrange the report around it
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote with its context, masked and on one line: before + quote + after reads on.

    ``start`` and ``end`` are code points of the answer as imported, end exclusive.
    """

    start: int
    end: int
    before: str
    quote: str
    after: str


def marked(text: MaskedText, start: int, end: int, reach: int, whole: int) -> Passage | None:
    """The quote ``original[start:end]`` with up to ``reach`` characters of context on each side.

    An answer of up to ``whole`` characters is shown whole. A mask or a composed character that
    would be cut is shown whole too. None where nothing is left to read outside the masks.
    """
    masked = text.masked
    first, last = _trimmed(masked, *text.to_masked(start, end))
    while _inside_character(masked, first):
        first -= 1
    while _inside_character(masked, last):
        last += 1
    if not _says_something(text, first, last):
        return None
    left, right = 0, len(masked)
    if len(masked) > whole:
        left, right = _context_start(text, first, reach), _context_end(text, last, reach)
    before = _one_line(masked[left:first]).lstrip()
    after = _one_line(masked[last:right]).rstrip()
    if masked[:left].strip():
        before = (
            CUT + (" " if masked[left - 1].isspace() or masked[left].isspace() else "") + before
        )
    if masked[right:].strip():
        after += (" " if masked[right].isspace() or masked[right - 1].isspace() else "") + CUT
    return Passage(start, end, before, _one_line(masked[first:last]), after)


def entire(text: MaskedText, whole: int) -> Passage | None:
    """The answer as its own quote, cut after about ``whole`` characters.

    None where nothing is left to read outside the masks.
    """
    masked = text.masked
    first, end = _trimmed(masked, 0, len(masked))
    last = end if end - first <= whole + _SLACK else _context_end(text, first, whole)
    if last == first:  # there is no space to cut at
        last = first + whole
        while _inside_character(masked, last):
            last += 1
        last = max([last, *(d for c, d in _mask_tokens(text) if c < last < d)])
    first, last = _trimmed(masked, first, last)
    if not _says_something(text, first, last):
        return None
    after = "" if last == end else (" " if masked[last].isspace() else "") + CUT
    return Passage(*text.to_original(first, last), "", _one_line(masked[first:last]), after)


def _context_start(text: MaskedText, position: int, reach: int) -> int:
    """Where the context begins, ``reach`` characters before ``position``: at the start of a word
    and outside a mask."""
    masked = text.masked
    if position - reach <= _SLACK:
        return 0
    cut = position - reach
    while cut < position and not masked[cut - 1].isspace():
        cut += 1
    return next((d for start, d in _mask_tokens(text) if start < cut < d), cut)


def _context_end(text: MaskedText, position: int, reach: int) -> int:
    masked = text.masked
    if len(masked) - position - reach <= _SLACK:
        return len(masked)
    cut = position + reach
    while cut > position and not masked[cut].isspace():
        cut -= 1
    return next((c for c, d in _mask_tokens(text) if c < cut < d), cut)


def _mask_tokens(text: MaskedText) -> list[tuple[int, int]]:
    """Where the masks' tokens are in the masked text."""
    return [text.to_masked(mask.start, mask.end) for mask in text.masks]


def _says_something(text: MaskedText, first: int, last: int) -> bool:
    """Whether there is a letter or digit outside the masks."""
    tokens = _mask_tokens(text)
    return any(
        character.isalnum() and not any(c <= n < d for c, d in tokens)
        for n, character in enumerate(text.masked[first:last], start=first)
    )


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    return first, last


def _one_line(text: str) -> str:
    """The text on one line, without the characters that no document can hold and those that change
    the direction of the text."""
    kept = (c for c in re.sub(r"\s+", " ", text) if c not in _BIDI_CONTROLS)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs", "Cn"))


def _inside_character(text: str, position: int) -> bool:
    """Whether ``position`` is inside what a reader sees as one character, such as an emoji."""
    if not 0 < position < len(text):
        return False
    before, here = text[position - 1], text[position]
    if _JOINER in (before, here) or unicodedata.category(here) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0020" <= here <= "\U000e007f":
        return True
    if _is_flag(before) and _is_flag(here):
        letters = 0
        while letters < position and _is_flag(text[position - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    return False


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
