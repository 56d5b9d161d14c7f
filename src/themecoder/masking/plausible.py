"""Whether what a detector marked is identifying in a survey answer.

Detectors are made for records that professionals write: they mask ages and every date, and take a
capital at the start of a sentence for a name.
"""

from __future__ import annotations

from dataclasses import replace

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.contact import public_page
from themecoder.masking.rules.names_in_context import english_word
from themecoder.masking.rules.numbers import telephone
from themecoder.masking.rules.places import is_seat
from themecoder.masking.tokens import View, Word, words

_BEFORE_NAMES = words(
    "van de den der het ter ten el al la mevr mevrouw mw dhr meneer dr drs prof heer mr ir"
)
_GENERIC = words("umc mc ggz ziekenhuis kliniek zkh gasthuis polikliniek haaglanden")


def weigh(mask: Mask, view: View, lexicon: NameLexicon) -> Mask | None:  # noqa: PLR0911
    """The mask, smaller where only a part is identifying; None where nothing is."""
    inside = [i for i, w in enumerate(view.words) if w.start < mask.end and mask.start < w.end]
    if not inside:
        return mask if mask.kind in ("phone", "email", "url", "account") else None
    if mask.kind == "name":
        return _weigh_name(mask, inside, view, lexicon)
    if mask.kind == "place":
        return _weigh_place(mask, inside, view, lexicon)
    if mask.kind == "institution":
        own = [i for i in inside if not lexicon.is_word(view.at(i)) and view.at(i) not in _GENERIC]
        return mask if own else None
    if mask.kind == "phone":
        return mask if telephone(mask.text) else None
    if mask.kind == "url":
        return None if public_page(mask.text, lexicon.public_domains) else mask
    if mask.kind == "number":
        digits = [c for c in mask.text if c.isdigit()]
        return _with_letters(mask, view.text) if len(set(digits)) > 2 else None
    return mask


def _with_letters(mask: Mask, text: str) -> Mask:
    """The number with the letters that it is written with: "P0093312"."""
    start, end = mask.start, mask.end
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return replace(mask, start=start, end=end, text=text[start:end])


def _is_name(i: int, view: View, lexicon: NameLexicon) -> bool:  # noqa: PLR0911
    word = view.words[i]
    low = word.low
    if low in lexicon.not_names or low in lexicon.public or len(low) < 2:
        return False
    if (low in lexicon.places or low in lexicon.regions) and low not in lexicon.certain_names:
        return False
    if lexicon.is_word(low) and low not in lexicon.certain_names:
        listed = low in lexicon.ambiguous_names or low in lexicon.surnames
        before = view.at(i - 1) if i else ""
        if low in lexicon.common and before not in ("mevrouw", "meneer", "mevr", "dhr", "mw", "dr"):
            return False
        return listed and view.capital(i) and before not in ("de", "het", "een", "die", "dat")
    if view.capital(i):
        return True
    if word.opens and english_word(view, lexicon, i):
        return False
    if view.any_capital(i) or view.caseless:
        return low in lexicon.certain_names or (low in lexicon.first_names and len(low) > 3)
    return low in lexicon.certain_names


def _weigh_name(mask: Mask, inside: list[int], view: View, lexicon: NameLexicon) -> Mask | None:
    named = [i for i in inside if _is_name(i, view, lexicon)]
    if not named:
        return None
    first = next(i for i in inside if i in named or _belongs_to_next(view.words[i]))
    start = max(mask.start, view.words[first].start)
    text = view.text[start : mask.end]
    return replace(mask, start=start, text=text)


def _belongs_to_next(word: Word) -> bool:
    """Whether a word is a title, a prefix or an initial of the name after it."""
    return word.low in _BEFORE_NAMES or len(word.low) == 1


def _weigh_place(mask: Mask, inside: list[int], view: View, lexicon: NameLexicon) -> Mask | None:
    phrase = " ".join(view.at(i) for i in inside)
    if any(c.isdigit() for c in mask.text):
        return replace(mask, kind="address")
    if phrase in lexicon.never_places or phrase in lexicon.regions or is_seat(phrase):
        return None
    if phrase in lexicon.public or phrase in lexicon.first_names or phrase in lexicon.surnames:
        return None
    if not any(view.capital(i) for i in inside):
        return None
    return None if all(lexicon.is_word(view.at(i)) for i in inside) else mask
