"""Numbers that are names, places or measures of time: dates, figure 5, page 12, 16-34 years, URLs.

They are blanked out before amounts are looked for, so that no part of them is read as an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from themecoder.figures.quantities import number_words
from themecoder.figures.quantities.lexicon import QuantityLexicon, load, spelled

BLANK = "\x00"
"""Stands in the place of every character of what is no amount; matches nothing of an amount."""

_ANYWHERE = (
    r"(?:https?://|www\.|doi:?\s*)\S+",
    r"\b10\.\d{4,}/\S+",
    r"\S+@\S+\.\w+",
    r"\b[\w-]+\.(?:nl|com|org|eu|net|be)(?:/\S*)?\b",
    r"\[\d+(?:\s*[,;–-]\s*\d+)*\]",  # [12], [3, 4]
    r"\(?(?<![\w.,])\+\d{1,3}\)?[\s-]?(?:\(0\)\s?)?[\d\s-]{6,}\d",  # +31 6 12345678
    r"(?<![\w.,])0\d{1,3}[\s-]?[\d\s-]{4,}\d",  # 06-12345678, 0800-0113
    r"(?<![\w.,])\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\w)",  # 24-9-2025
    r"(?<![\w.,])\d{4}-\d{1,2}-\d{1,2}(?!\w)",
    r"(?<![\w.,])\d+:\d+(?::\d{2})?(?!\w)",  # 10:30, 7:446
    r"(?<![\w.,])(?:24/7|50/50)(?!\w)",
    r"(?:(?<=[\s(])|\A)[+−–-]\d+(?:[.,]\d+)?\s?%",  # a change of -3%
    r"[€$£]\s*\d+(?:[.,]\d+)*(?:,-)?",
    r"(?<![\w.,])v?\d+(?:\.\d{1,2}){2,}(?![\w.])",  # 1.2.3
    r"\b[tfrzdq]\s*\(\s*\d+(?:\s*[,;]\s*\d+)*\s*\)",  # the degrees of freedom of t(635)
    r"(?:\bχ|\bchi)\S{0,2}\s*\(\s*\d+[^)]*\)",
    r"\bdf\s*=\s*\d+(?:[.,]\d+)?",
    r"\A\s*(?:\d{1,3}[.)]|\d+(?:\.\d{1,2})+\.?)\s+(?=\S)",  # the number before a heading
    r"['']\d{2}(?!\w)",  # '24
)


def blanked(plain: str, language: str) -> str:
    """``plain``, folded text, with everything that is no amount blanked; of the same length."""
    for ignored in _patterns(language):
        plain = ignored.sub(lambda match: BLANK * len(match[0]), plain)
    return plain


@cache
def _patterns(language: str) -> list[re.Pattern[str]]:
    words = load(language)
    return [re.compile(ignored) for ignored in (*_ANYWHERE, *_language_patterns(words))]


def _language_patterns(words: QuantityLexicon) -> list[str]:
    ignored = words.ignored
    spoken = rf"(?<!\w){number_words.pattern(words.language)}(?!\w)"
    whole = r"(?<![\w.,])\d+(?![\w%]|[.,]\d)"
    number = rf"(?:{whole}|{spoken})"
    until = rf"\s*{spelled(ignored.range)}\s*"
    months = rf"{spelled(ignored.months)}\.?"
    day = r"(?<![\w.,])\d{1,2}(?:st|nd|rd|th|e)?"
    counted = rf"(?:[^\W\d]+\s+)?{spelled(words.counted)}"
    year = r"(?:19|20)\d{2}"
    percent = rf"\s*{spelled(words.percent)}"
    return [
        # 65+, 65-plus: an age, unless it is "40+%"
        rf"{number}(?:\s?\+|[\s-]plus(?!\w))(?!\w|{percent})",
        rf"{day}(?:{until}{day})?\s+(?:of\s+)?{months}(?:,?\s+{year})?(?!\w)",
        rf"{months}\s+{day}(?:{until}{day})?(?:,?\s+{year})?(?!\w)",
        rf"{months}\s+{year}(?!\w)",
        # a year, unless it is a size or people are counted with it
        rf"(?<![\w.,])(?<!n=)(?<!n = ){year}(?:\s*[-–/]\s*(?:{year}|\d{{2}}))?[a-d]?"
        rf"(?![\w%]|[.,]\d|\s*%|\s+{counted})",
        # figuur 5; figuur 5 en 6; bijlage 2.1
        rf"{spelled(ignored.labels)}\s*\d+(?:[.-]\d+)*[a-z]?(?!\w|[.,]\d|\s*%)"
        rf"(?:(?:\s*,\s*|{until})\d+(?![\w%]|[.,]\d|\s*%|\s+{counted}))*",
        # 16-34 jaar, 16-jarige, drie maanden, een half jaar
        rf"{number}(?:{until}{number})?(?:\s+|-){_after(ignored.units)}",
        rf"(?:{spoken}|{spelled(words.articles)})\s+(?:half|halve|kwart|quarter)\s+"
        rf"(?:of\s+)?(?:{spelled(words.articles)}\s+)?{spelled(ignored.units)}",
        rf"{spelled(ignored.names)}(?!\s*%|[.,]\d|\s+{counted})",
        rf"(?<![\w.,])\d+(?:[.,]\d+)?\s*(?:%|procents?|percent)[\s-]*{_after(ignored.levels)}",
        rf"{spelled(ignored.halves)}\s+{spelled(words.fractions)}",
        # a difference between percentages is no percentage
        rf"(?:(?<![\w.,])\d+(?:[.,]\d+)?|{spoken})\s*(?:%|procent|percent(?:age)?)?[\s-]*"
        rf"{_after(ignored.points)}",
    ]


def _after(words: Iterable[str]) -> str:
    """Any of ``words`` right behind a number, a hyphen between or not."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")(?!\w)"
