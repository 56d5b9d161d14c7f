"""Dates of birth: a date after a cue, or a whole date that someone alive was born on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

_MONTH = (
    r"(?:jan(?:uari)?|feb(?:r(?:uari)?)?|ma?art|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_SHORT_YEAR = r"(?:['’`]?\d\d)"
_SEP = r"\s?[-/.\u2010-\u2015]\s?"
_NUMERIC = rf"{_DAY}{_SEP}{_MONTH_NUMBER}{_SEP}(?:{_YEAR}|{_SHORT_YEAR})"
_ISO = rf"{_YEAR}{_SEP}{_MONTH_NUMBER}{_SEP}{_DAY}"
_SPACED = rf"{_DAY}\s{_MONTH_NUMBER}\s{_YEAR}"
_WRITTEN = rf"{_DAY}(?:e|ste|de)?\s?[-.]?\s?{_MONTH}\.?\s?[-,]?\s?(?:{_YEAR}|['’`]\d\d|\d\d(?!\d))"
_DAY_MONTH = rf"{_DAY}(?:e|ste|de)?\s?{_MONTH}\b|{_DAY}[-/]{_MONTH_NUMBER}(?![-/\d])"
_DATE = re.compile(
    rf"(?<![\d/.-])(?:{_NUMERIC}|{_ISO}|{_SPACED}|{_WRITTEN})(?![\d/]|[-.]\d)", re.IGNORECASE
)
_CUE = (
    r"\b(?:geboren|gebore|gebor|geb|geb\.|geboortedatum|geboortedag|geboortejaar|gebdat|"
    r"geb\.\s?datum|g\.?datum|"
    r"bouwjaar|verjaardag|verjaar|jarig|verjaart|ter wereld (?:kwam|gekomen)|levenslicht)\b|°"
)
_AFTER_CUE = re.compile(
    rf"(?:{_CUE})[^\d\n.!?]{{0,30}}?(?<!\d)({_NUMERIC}|{_ISO}|{_SPACED}|{_WRITTEN}|"
    rf"\d{{8}}(?!\d)|{_DAY_MONTH}|{_YEAR}(?!\d))",
    re.IGNORECASE,
)
_BEFORE_CUE = re.compile(
    rf"(?<![\d/.-])({_NUMERIC}|{_ISO}|{_SPACED}|{_WRITTEN}|{_DAY_MONTH}|"
    rf"{_YEAR})\s(?:ben ik |werd ik |is ze |is hij |was ik |"
    rf"ter wereld |als \w+ )?(?:geboren|jarig|ter wereld|mijn verjaardag)\b",
    re.IGNORECASE,
)
_EVENTS = re.compile(r"11\W*(?:9|09|sept\w*)\W*(?:20)?01|[45]\W*(?:5|05|mei)\W*(?:19)?4[05]", re.I)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Dates of birth. A date of an event ("op 12 maart 2024 opgenomen") is none."""
    text = view.text
    for match in _AFTER_CUE.finditer(text):
        yield Mask(match.start(1), match.end(1), "birth_date", match.group(1), "dates.cue")
    for match in _BEFORE_CUE.finditer(text):
        yield Mask(match.start(1), match.end(1), "birth_date", match.group(1), "dates.cue")
    for match in _DATE.finditer(text):
        if _EVENTS.fullmatch(match.group()):
            continue
        year = _year(match.group())
        # respondents are people of this day; a later date in an answer is an event
        if 1920 <= year <= 2012:
            yield Mask(match.start(), match.end(), "birth_date", match.group(), "dates.full")


def _year(date: str) -> int:
    four = re.search(_YEAR, date)
    if four:
        return int(four.group())
    two = re.findall(r"\d\d", date)
    short = int(two[-1]) if two else 0
    return 1900 + short if short >= 30 else 2000 + short
