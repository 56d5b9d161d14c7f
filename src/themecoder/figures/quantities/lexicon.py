"""The words around amounts, per language, and the spelling in which they are looked for."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from themecoder.figures.quantities.amount import Sense


@dataclass(frozen=True, slots=True)
class Ignored:
    """Words that tell that a number beside them is no amount."""

    labels: Sequence[str]
    units: Sequence[str]
    months: Sequence[str]
    range: Sequence[str]
    names: Sequence[str]
    levels: Sequence[str]
    halves: Sequence[str]
    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class QuantityLexicon:
    """The words of a language, in small letters without accents; see ``data/nl.toml``."""

    language: str
    ones: Sequence[str]
    tens: Sequence[str]
    one_and_half: Sequence[str]
    and_half: Sequence[str]
    half: Sequence[str]
    percent: Sequence[str]
    percent_or_so: Sequence[str]
    articles: Sequence[str]
    million: Mapping[str, int]
    ratio: Sequence[str]
    range_and: Sequence[str]
    between: Sequence[str]
    each: Sequence[str]
    within: Sequence[str]
    after_fraction: Sequence[str]
    counted: Sequence[str]
    small: Sequence[str]
    turns: Sequence[str]
    senses: Mapping[str, Sense]
    after: Mapping[str, Sense]
    fractions: Mapping[str, int]
    vague: Mapping[str, tuple[int, int]]
    scale: Mapping[str, str]
    ignored: Ignored

    @property
    def one(self) -> list[str]:
        """The words that claim one person: "een enkele"."""
        return [word for word, rule in self.scale.items() if rule == "1"]

    @property
    def few(self) -> dict[str, tuple[int, int]]:
        """The words that claim from one number of people to another: "een paar"."""
        found = ((word, re.fullmatch(r"(\d+)-(\d+)", rule)) for word, rule in self.scale.items())
        return {word: (int(match[1]), int(match[2])) for word, match in found if match}


@cache
def load(language: str) -> QuantityLexicon:
    """The words of ``language``: "nl" or "en"; English for any other."""
    known = language if language in ("nl", "en") else "en"
    file = resources.files("themecoder.figures.quantities") / "data" / f"{known}.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    senses, after = _senses(data.pop("senses")), _senses(data.pop("after"))
    ignored = Ignored(**data.pop("ignored"))
    vague = {word: (low, high) for word, (low, high) in data.pop("vague").items()}
    return QuantityLexicon(known, senses=senses, after=after, ignored=ignored, vague=vague, **data)


def _senses(data: Mapping[Sense, Sequence[str]]) -> dict[str, Sense]:
    return {word: sense for sense, words in data.items() for word in words}


def fold(text: str) -> str:
    """``text`` in small letters without accents, straight quotes, as many characters as before."""
    return "".join(map(_folded, text))


@cache
def _folded(letter: str) -> str:
    if letter in "’‘`´":
        return "'"
    if letter in "\u00a0\u202f\u2009\t":
        return " "
    small = letter.lower()
    plain = unicodedata.normalize("NFD", small)[:1]
    return plain if len(small) == 1 and plain.isalpha() else (small if len(small) == 1 else letter)


def spelled(words: Collection[str]) -> str:
    """A regular expression, without groups, of any of ``words``, longest first, as whole words.

    Without words it matches nothing.
    """
    if not words:
        return "(?!)"
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_whole(word) for word in longest_first) + ")"


def _whole(word: str) -> str:
    inside = r"\s+".join(map(re.escape, word.split()))
    before = r"(?<![\w-])" if word[0].isalnum() else ""
    return before + inside + (r"(?!\w)" if word[-1].isalnum() else "")
