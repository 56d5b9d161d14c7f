"""Whole numbers in words, Dutch and English: nul … negenhonderdduizend negenhonderdnegenennegentig.

Dutch writes a number below a thousand as one word (tweehonderdvierennegentig); English parts the
words with hyphens, spaces and "and" (two hundred and ninety-four).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from themecoder.figures.quantities.lexicon import load, spelled


@cache
def pattern(language: str) -> str:
    """A regular expression, without groups, of whole numbers in words.

    It is for text in small letters without accents, as ``fold`` makes it.
    """
    small = "|".join(sorted(_below_hundred(language), key=len, reverse=True))
    if language == "nl":
        hundreds = f"(?:(?:{small})?honderd(?:(?:en)?(?:{small}))?|(?:{small}))"
        thousands = f"(?:{hundreds} ?)?duizend(?: ?{hundreds})?"
        return f"(?:{thousands}|{hundreds}|nul)"
    hundreds = f"(?:(?:(?:{small})|a)[ -]hundred(?:(?: and)?[ -](?:{small}))?|(?:{small}))"
    thousands = f"(?:{hundreds}|a)[ -]thousand(?:,?(?: and)? {hundreds})?"
    return f"(?:{thousands}|{hundreds}|zero)"


def number(words: str, language: str) -> int:
    """The number that ``words``, which the language's pattern matches whole, name."""
    if language == "nl":
        before, thousand, after = words.replace(" ", "").partition("duizend")
        size = _hundreds_nl
    else:
        plain = re.sub(r"[ ,-]+(?:and )?", " ", words)
        before, thousand, after = (part.strip() for part in plain.partition("thousand"))
        size = _hundreds_en
    if not thousand:
        return size(before)
    return 1000 * (size(before) if before and before != "a" else 1) + (size(after) if after else 0)


def _hundreds_nl(words: str) -> int:
    small = _below_hundred("nl")
    if words == "nul":
        return 0
    before, hundred, after = words.partition("honderd")
    if not hundred:
        return small[before]
    rest = after if after in small else after.removeprefix("en")
    return 100 * (small[before] if before else 1) + (small[rest] if rest else 0)


def _hundreds_en(words: str) -> int:
    small = {name.replace("-", " "): value for name, value in _below_hundred("en").items()}
    if words == "zero":
        return 0
    before, hundred, after = (part.strip() for part in words.partition("hundred"))
    if not hundred:
        return small[before]
    return 100 * (small[before] if before != "a" else 1) + (small[after] if after else 0)


@cache
def half_pattern(language: str) -> str:
    """A regular expression, without groups, of a number and a half in words: "tweeënhalf"."""
    words = load(language)
    halves = "|".join(map(re.escape, words.and_half))
    number_and_half = rf"(?<![\w-])(?:\d{{1,3}}|{pattern(language)})(?:{halves})(?!\w)"
    return rf"(?:{number_and_half}|{spelled((*words.one_and_half, *words.half))})"


def half_number(typed: str, language: str) -> Fraction:
    """The number that ``typed``, which the language's ``half_pattern`` matches whole, names."""
    words, half = load(language), Fraction(1, 2)
    plain = " ".join(typed.split())
    if plain in words.half:
        return half
    if plain in words.one_and_half:
        return 1 + half
    whole = next(plain.removesuffix(end) for end in words.and_half if plain.endswith(end))
    return half + (int(whole) if whole.isdecimal() else number(whole, language))


@cache
def _below_hundred(language: str) -> Mapping[str, int]:
    """The words for 1 to 99, in small letters without accents, to their numbers."""
    words = load(language)
    numbers = {word: value for value, word in enumerate(words.ones) if value}
    for place, ten in enumerate(words.tens, start=2):
        numbers[ten] = 10 * place
        for value, unit in enumerate(words.ones[1:10], start=1):
            if language == "nl":
                numbers[f"{unit}en{ten}"] = 10 * place + value
            else:
                numbers[f"{ten}-{unit}"] = numbers[f"{ten} {unit}"] = 10 * place + value
    return numbers
