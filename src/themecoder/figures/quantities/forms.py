"""The forms of amounts in text: how each is written, and how it is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from themecoder.figures.quantities import amount as amounts
from themecoder.figures.quantities import number_words
from themecoder.figures.quantities.amount import Amount, Kind, Sense
from themecoder.figures.quantities.lexicon import QuantityLexicon, load, spelled

_SMALL = 12
"""Numbers in words up to this one are amounts only before something that is counted."""


@dataclass(frozen=True, slots=True)
class FormMatch:
    """A form found: its match in the folded text, the text as typed, and what stands around it."""

    match: re.Match[str]
    text: str
    noun: str
    words: QuantityLexicon
    alone: bool

    def number(self, group: str) -> tuple[Fraction, int]:
        """The number of a group, and how many decimals it has."""
        return _number(self.match[group], self.words.language)

    @property
    def sense(self) -> Sense:
        """What the words before or behind the number make of it: "ruim", "of meer"."""
        before, after = (self.typed(group) for group in ("sense", "after"))
        return self.words.after[after] if after else self.words.senses[before] if before else ""

    def typed(self, group: str) -> str:
        """The words of a group, "" where the form has none."""
        return " ".join((self.match.groupdict().get(group) or "").split())

    @property
    def stressed(self) -> bool:
        """Whether "een" is typed as the number, "één"."""
        start, end = self.match.span("a")
        return "é" in unicodedata.normalize("NFC", self.text[start:end].lower())

    @property
    def rest(self) -> str:
        """What comes after, folded."""
        return self.match.string[self.match.end() :]


_PERCENT = Fraction(1, 100)
_Reader = Callable[[FormMatch], Amount | None]


@cache
def compiled_forms(language: str) -> list[tuple[re.Pattern[str], _Reader]]:
    return [(re.compile(pattern), build) for pattern, build in _forms_with_readers(load(language))]


def _forms_with_readers(words: QuantityLexicon) -> Iterator[tuple[str, _Reader]]:
    """The forms of amounts: how each is written, and how it is read. First come first, at a tie."""
    digits = _digits(words.language)
    spoken = rf"(?<![\w-]){number_words.pattern(words.language)}(?!\w)"
    number = rf"(?:{digits}|{spoken})"
    articles = spelled(words.articles)
    bare = rf"(?:(?P<sense>{spelled(words.senses)})\s*)?"
    sense = rf"(?:(?P<sense>{spelled(words.senses)})\s*(?:{articles}\s+)?)?"
    percent = rf"\s*{spelled(words.percent)}"
    until = rf"\s*{spelled(words.range_and)}\s*(?:{articles}\s+)?"
    # "36,7% en 55,8%" are two percentages, "tussen 36,7 en 55,8%" is one range
    hyphen = rf"\s*{spelled([w for w in words.range_and if w not in ('en', 'and')])}\s*"
    between = rf"{spelled(words.between)}\s+"
    a, b = rf"(?P<a>{number})", rf"(?P<b>{number})"
    yield rf"{between}{a}(?:{percent})?{until}{b}{percent}", _read_percent_range
    yield rf"{a}(?:{percent})?{hyphen}{b}{percent}", _read_percent_range
    after = rf"(?:\s+(?P<after>{spelled(words.after)}))?"
    yield rf"{sense}{a}{percent}{after}", _read_percent
    halves = rf"(?P<a>{number_words.half_pattern(words.language)})"
    yield rf"{sense}{halves}{percent}{after}", _read_half_percent
    yield rf"(?P<few>{spelled(words.few)}){percent}", _read_few_percent
    yield rf"(?P<or_so>{spelled(words.percent_or_so)})\s+{a}", _read_percent_or_so
    whole = r"(?<![\w.,])\d{1,3}"
    yield rf"(?P<a>{whole}|{spoken})(?P<plus>\s?\+|[\s-]plus(?!\w)){percent}", _read_percent
    yield rf"{sense}{a}\s+{spelled(words.ratio)}\s+{b}{after}", _read_ratio
    fraction = "|".join(sorted(words.fractions, key=len, reverse=True))
    yield (
        rf"{bare}(?<!\w)(?:(?P<a>{digits}|{number_words.pattern(words.language)}"
        rf"|{articles})[\s-]*)?(?P<fraction>{fraction})(?!\w){after}",
        _read_fraction,
    )
    yield rf"(?<!\w)n\s*[=:]\s*{a}", _read_base
    yield r"(?<!\w)p\s*(?P<sign>[<>=≤≥])\s*(?P<p>0?[.,]\d{1,15})(?!\w)", _read_p_value
    yield rf"{between}{a}{until}{b}", _read_count_range
    yield rf"{a}{hyphen}{b}", _read_count_range
    yield spelled(words.one), _read_one
    yield rf"(?P<vague>{spelled(words.vague)})(?!{percent})", _read_vague
    million = rf"(?:\s+(?P<million>{spelled(words.million)}))?"
    yield rf"{sense}(?P<minus>(?<![\w)])[-−–])?{a}{million}{after}", _read_plain


def _digits(language: str) -> str:
    """Numbers in digits; a decimal point is taken in Dutch too where it can't part thousands."""
    thousands, decimals = (r"\.", ",") if language == "nl" else (",", r"\.")
    return (
        r"(?<![\w.,])(?<![^\W\d_][-–/._])"
        rf"(?:[1-9]\d{{0,2}}(?:{thousands}\d{{3}}){{1,4}}(?:{decimals}\d{{1,9}})?"
        r"|\d{1,15}(?:[.,]\d{1,9})?)"
        r"(?!\w|[.,]\d|[-–][^\W\d])"
    )


def _number(typed: str, language: str) -> tuple[Fraction, int]:
    if not typed[0].isdigit():
        return Fraction(number_words.number(typed, language)), 0
    thousands, decimal = (".", ",") if language == "nl" else (",", ".")
    grouped = re.fullmatch(rf"[1-9]\d{{0,2}}(?:[{thousands}]\d{{3}})+(?:[{decimal}]\d+)?", typed)
    plain = typed.replace(thousands, "") if grouped else typed
    plain = plain.replace(",", ".")
    return Fraction(plain), len(plain.partition(".")[2])


def _read_percent_range(form: FormMatch) -> Amount | None:
    (low, _), (high, _) = form.number("a"), form.number("b")
    return amounts.between("share", low / 100, high / 100) if low < high <= 100 else None


def _read_percent(form: FormMatch) -> Amount | None:
    typed, decimals = form.number("a")
    sense = "least" if form.typed("plus") else form.sense
    return amounts.in_digits("share", typed, decimals, _PERCENT, sense, is_base=False)


def _read_half_percent(form: FormMatch) -> Amount | None:
    typed = number_words.half_number(form.match["a"], form.words.language)
    return amounts.in_halves(typed, form.sense)


def _read_few_percent(form: FormMatch) -> Amount | None:
    low, high = form.words.few[form.typed("few")]
    return amounts.between("share", low * _PERCENT, high * _PERCENT)


def _read_percent_or_so(form: FormMatch) -> Amount | None:
    typed, decimals = form.number("a")
    return amounts.in_digits("share", typed, decimals, _PERCENT, "about", is_base=False)


def _read_ratio(form: FormMatch) -> Amount | None:
    (part, _), (whole, _) = form.number("a"), form.number("b")
    spoken = form.match.group()[: form.match.start("b") - form.match.start()]
    # "172 van de 294" are two counts, "drie van de vier" is a ratio
    largest = 1000 if not re.search(r"\b(?:van|out)\b", spoken) else 10
    if not form.words.ratio or not 0 < part < whole <= largest or part.denominator != 1:
        return None
    return amounts.in_words(part / whole, form.sense)


def _read_fraction(form: FormMatch) -> Amount | None:
    typed, noun = form.match["a"], form.match["fraction"]
    whole = form.words.fractions[noun]
    if typed is None or typed in form.words.articles:
        part = Fraction(1)
    else:
        part, decimals = form.number("a")
        if decimals:
            return None
    if not 0 < part < whole:
        return None
    if not _is_share(form, typed, noun):
        return None
    return amounts.in_words(part / whole, form.sense)


def _is_share(form: FormMatch, typed: str | None, noun: str) -> bool:
    """Whether a fraction's noun is one here: "een derde van", not "een derde reden"."""
    words = form.words
    # "een klein kwart": the article stands before the word that says how near it is
    article = typed or form.typed("sense").partition(" ")[0]
    if noun in ("helft", "half", "kwart", "quarter", "quarters"):
        return typed is not None or article in words.articles or noun != "quarter"
    if article in ("de", "het", "the") or not (typed or article in words.articles):
        return False
    if (typed and form.sense) or article not in words.articles or form.stressed:
        return True
    following = re.match(r"\s+([^\W\d][\w'-]*)", form.rest)
    if following is None:
        return True
    dutch_verb = words.language == "nl" and following[1].endswith("t")
    return following[1] in words.after_fraction or dutch_verb


def _read_base(form: FormMatch) -> Amount | None:
    typed, decimals = form.number("a")
    if decimals:
        return None
    return amounts.in_digits("count", typed, 0, Fraction(1), "", is_base=True)


_SIGNS: dict[str, Sense] = {"<": "less", ">": "more", "≤": "most", "≥": "least", "=": ""}


def _read_p_value(form: FormMatch) -> Amount:
    plain = form.match["p"].replace(",", ".")
    decimals = len(plain.partition(".")[2])
    sense = _SIGNS[form.match["sign"]]
    value = Fraction("0" + plain.removeprefix("0"))
    return amounts.in_digits("value", value, decimals, Fraction(1), sense, is_base=False)


def _read_count_range(form: FormMatch) -> Amount | None:
    (low, _), (high, _) = form.number("a"), form.number("b")
    whole = low.denominator == high.denominator == 1
    return amounts.between("count", low, high) if form.noun and whole and low < high else None


def _read_one(form: FormMatch) -> Amount | None:
    if not form.noun and not (form.alone and not form.rest.strip()):
        return None
    return amounts.in_digits("count", Fraction(1), 0, Fraction(1), "", is_base=False)


def _read_vague(form: FormMatch) -> Amount | None:
    low, high = form.words.vague[form.typed("vague")]
    return amounts.between("count", Fraction(low), Fraction(high))


def _read_plain(form: FormMatch) -> Amount | None:
    typed, decimals = form.number("a")
    in_words = not form.match["a"][0].isdigit()
    million = form.match["million"]
    if in_words and not _is_count(form, typed):
        return None
    unit = Fraction(form.words.million[million]) if million else Fraction(1)
    kind: Kind = "value" if (decimals and not million) or form.match["minus"] else "count"
    if form.match["minus"]:
        typed = -typed
    return amounts.in_digits(kind, typed, decimals, unit, form.sense, is_base=False)


def _is_count(form: FormMatch, typed: Fraction) -> bool:
    """Whether a number in words is a count: "een" is an article unless it is typed "één"."""
    if typed == 1 and form.words.language == "nl" and not form.stressed:
        return False
    return (form.alone and not form.rest.strip()) or bool(form.noun) or typed > _SMALL
