"""Where someone lives, to the street: postcodes, streets with a number, streets after a cue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View, fold, words

_LETTERS_NOT = r"(?!SA|SD|SS)"  # never given out
_POSTCODE = re.compile(rf"(?<![\d.,/-])[1-9]\d{{3}}\s?{_LETTERS_NOT}[A-Z]{{2}}(?![A-Za-z0-9])")
_POSTCODE_LOW = re.compile(r"(?<![\d.,/-])[1-9]\d{3}\s?[a-z]{2}(?![A-Za-z0-9])")
_POSTCODE_CUE = re.compile(r"\b(?:postcode|pc|woon(?:t|de)?|adres|te)\b[^\d\n]{0,20}$")
_POSTCODE_SURE = re.compile(r"postcode|adres|\bpc\b")
_UNITS = words(
    "mg ml kg km cm mm gb mb tb kb uu jr kc ie pk gr st pp x ik is in en of er ze we je de te "
    "op om na nu al zo ja he hè ff dd"
)
_SUFFIX = (
    r"(?:straat|straet|str\.?|laan|weg|gracht|plein|singel|kade|steeg|dreef|dijk|"
    r"plantsoen|pad|hof|hofje|steenweg|stwg|stw\.?|"
    r"baan|lei|vest|markt|boulevard|park|poort|erf|wal|haven|oord|ring|burg|akker|weide|"
    r"veld|berg|horst|donk|kouter|meers|heide|meent|brink|es|kamp|zoom)"
)
_SURE_SUFFIX = (
    r"(?:straat|straet|str\.|laan|gracht|plein|singel|kade|steeg|dreef|plantsoen|steenweg|stwg|"
    r"dwarsstraat)"
)
_NUMBER = (
    r"(?:nr\.?\s?|nummer\s)?\d{1,4}(?:\s?[-/]\s?\d{1,3}|"
    r"(?:-?[a-zA-Z]{1,2}|\s?-?\s?[a-zA-Z])\b(?!\s?['’]))?(?:\s?(?:bus|bis|hs|b)\s?\d{0,4})?"
)
_PREFIXES = (
    r"(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Hh]et|['’]t|[Tt]er|[Tt]en|[Oo]p|[Bb]ij|[Oo]ude|"
    r"[Nn]ieuwe|[Ll]ange|[Kk]orte|[Gg]rote|[Kk]leine|[Ss]int|[Ss]t\.?|[Bb]urg(?:emeester|"
    r"\.)?|[Pp]rof(?:essor|\.)?|[Dd]r\.|[Pp]astoor|[Kk]on(?:ing(?:in)?|\.)|"
    r"[Pp]rins(?:es)?|[A-Z]\.|[A-Z][\w'’-]+)\s){0,4}"
)
_STREET = re.compile(
    rf"(?<![\w-]){_PREFIXES}([A-Za-zÀ-ÿ'’-]*[A-Za-zÀ-ÿ]{{2}}{_SUFFIX})(?:\s(?:op|"
    rf"naar)\s[A-Z]\w+)?(?![A-Za-zÀ-ÿ])(?:,?\s{_NUMBER})(?![\w%€]|[.,]\d)"
)
_CAPITAL_STREET = re.compile(
    rf"(?<![\w-]){_PREFIXES}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]+{_SURE_SUFFIX}(?![A-Za-zÀ-ÿ])"
)
_LOW_STREET = re.compile(
    r"\b(?:in|op|aan|langs|van)\s(?:de|het|'t)\s([a-zà-ÿ'’-]{3,}(?:straat|laan|gracht|"
    r"plein|singel|kade|steeg|dreef|plantsoen|steenweg|weg))\b"
)
_NAMED_NUMBER = re.compile(
    rf"\b(?:woon|woont|woonde|wonen|wonend|woonachtig|adres|"
    rf"thuis)\b[^.\n!?\d]{{0,25}}?\b(?:op|aan|in|is|:)\s(?:de\s|het\s|"
    rf"'t\s)?((?:[A-Za-zÀ-ÿ'’-]+\s){{1,4}}{_NUMBER})(?![\w%€]|[.,]\d|\s?(?:jaar|jr|maanden|"
    rf"weken|dagen|uur|hoog|kilometer|km|minuten|mensen|anderen|personen|kinderen|"
    rf"huisgenoten|hoog|m2|jarige))"
)
_BELGIAN = re.compile(r"(?<![\d.,/-])(?:B-?\s?)?[1-9]\d{3}\s((?:[A-Z][\w'’-]+)(?:-[A-Z]\w+)*)")
_POBOX = re.compile(
    r"\b(?:postbus|antwoordnummer)\s\d{1,6}\b(?:,?\s\d{4}\s?[A-Z]{2}\b(?:,?\s[A-Z][\w'’-]+)?)?",
    re.I,
)
_NOT_AFTER_NUMBER = (
    r"(?![\w%€]|[.,:]\d|\s?(?:jaar|jr|maanden?|weken|week|dagen|uur|uren|minuten|min|keer|x|euro|"
    r"mensen|anderen|personen|kinderen|huisgenoten|hoog|km|m2|kg|mg|ml|jarige|weekenden|maal)\b)"
)
# "op de vinkenslag 3", "aan het Hoogeind 12": any street, with its article and a number
_LITTLE_STREET = re.compile(
    r"\b(?:[Oo]p|[Aa]an|[Ii]n|[Ll]angs)\s((?:(?:de|het|'t)\s)?([A-Za-zÀ-ÿ'’-]{5,})\s"
    rf"{_NUMBER}){_NOT_AFTER_NUMBER}"
)
_ENGLISH_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,?\s(?:[A-Z][\w'’-]+\s){1,3}(?:Street|Road|Lane|Avenue|Drive|Close|Way|Court|"
    r"Square|Terrace|Gardens|Crescent|Grove|St|Rd|Ave)\b"
)
_CAPITAL_NUMBER = re.compile(
    r"(?<![\w-])((?:De|Het|'t|de|het)\s)?([A-ZÀ-Þ][\w'’-]{3,}(?:\s[A-ZÀ-Þ][\w'’-]+)?)\s"
    rf"{_NUMBER}{_NOT_AFTER_NUMBER}"
)
_NUMBER_FIRST = re.compile(
    r"\b(?:nummer|nr\.?|huisnummer)\s\d{1,4}\s?[a-z]?\s(?:van|in|op|aan)\s(?:(?:de|het|'t)\s)?[A-Z][\w'’-]{3,}"
)
_LIVING = re.compile(
    r"\b(?:woon\w*|wonen\w*|huis|thuis|adres|flat|appartement|kamer|buren|buurt|verhuis\w*|post|"
    r"langs|kom|deur)\b"
)
_FLOOR = words(
    "straat hoofdstraat winkelstraat zijstraat achterstraat doodlopende dwarsstraat "
    "woonstraat dorpsplein snelweg autoweg fietspad voetpad uitweg omweg halverweg midweg "
    "spoorweg luchtweg kerkhof bijweg hofje zandweg landweg speelplein schoolplein zandpad "
    "wandelpad bospad park ochtend"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:  # noqa: PLR0912
    """Postcodes and streets."""
    text = view.text

    def mask(start: int, end: int, rule: str) -> Mask:
        return Mask(start, end, "address", text[start:end], rule)

    for match in _POSTCODE.finditer(text):
        letters = match.group()[-2:].lower()
        spaced = " " in match.group()
        if letters not in _UNITS and not (
            spaced and view.caseless and lexicon.in_dictionary(letters)
        ):
            yield mask(match.start(), match.end(), "addresses.postcode")
    for match in _POSTCODE_LOW.finditer(text):
        letters = match.group()[-2:]
        spaced = not match.group()[4].isalpha()
        cued = _POSTCODE_CUE.search(view.low[max(0, match.start() - 30) : match.start()])
        word = letters in _UNITS or lexicon.words.get(letters, "")
        by_name = cued and _POSTCODE_SURE.search(cued.group())
        if not by_name and (word or (spaced and not cued)):
            continue
        year = match.group()[:2] in ("19", "20")
        if cued or not year:
            yield mask(match.start(), match.end(), "addresses.postcode")
    for match in _BELGIAN.finditer(text):
        if fold(match.group(1)) in lexicon.places:
            yield mask(match.start(), match.end(), "addresses.postcode_be")
    for match in _POBOX.finditer(text):
        yield mask(match.start(), match.end(), "addresses.pobox")
    for match in _STREET.finditer(text):
        name = fold(match.group(1))
        sure = re.search(_SURE_SUFFIX + "$", name) or match.group(1)[:1].isupper()
        listed = name in lexicon.streets
        if (sure or listed) and name not in _FLOOR and (listed or not lexicon.in_dictionary(name)):
            yield mask(match.start(), match.end(), "addresses.street")
    for match in _CAPITAL_STREET.finditer(text):
        last = fold(match.group().split()[-1])
        opens = any(w.start == match.start() and w.opens for w in view.words)
        known = last in lexicon.streets or fold(match.group()) in lexicon.streets
        if view.caseless or last in _FLOOR:
            continue
        if (known and not opens) or not lexicon.in_dictionary(last):
            article = re.match(r"(?:de|het|'t)\s", match.group())
            start = match.start() + (article.end() if article else 0)
            yield mask(start, match.end(), "addresses.street_name")
    for match in _LOW_STREET.finditer(view.low):
        name = match.group(1)
        if name in lexicon.streets and name not in _FLOOR and not lexicon.in_dictionary(name):
            yield mask(match.start(1), match.end(1), "addresses.street_low")
    yield from _numbered(text, view, lexicon)
    for match in _NAMED_NUMBER.finditer(text):
        name = fold(re.sub(r"[\d].*$", "", match.group(1)).strip())
        if name in lexicon.streets and len(name) > 3:
            yield mask(match.start(1), match.end(1), "addresses.lives_at")


def _numbered(text: str, view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Streets whose word says nothing, by their number: "op de vinkenslag 3", "12 Mill Lane"."""

    def mask(start: int, end: int, rule: str) -> Mask:
        return Mask(start, end, "address", text[start:end], rule)

    for match in _CAPITAL_NUMBER.finditer(text):
        name = fold(match.group(2))
        last = name.split()[-1]
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".!?"
        listed = name in lexicon.streets or f"{fold(match.group(1) or '')}{name}" in lexicon.streets
        ordinary = lexicon.in_dictionary(last) and opens and " " not in name
        if listed and not ordinary and name not in lexicon.public and last not in lexicon.not_names:
            yield mask(match.start(), match.end(), "addresses.capital_number")
    for match in _NUMBER_FIRST.finditer(text):
        yield mask(match.start(), match.end(), "addresses.street")
    for match in _ENGLISH_STREET.finditer(text):
        yield mask(match.start(), match.end(), "addresses.street_en")
    for match in _LITTLE_STREET.finditer(text):
        name = fold(match.group(2))
        lives = _LIVING.search(view.low[max(0, match.start() - 60) : match.start()])
        word = lexicon.in_dictionary(name) and not (lives and name in lexicon.streets)
        if word or name in lexicon.public or name in _FLOOR:
            continue
        if name in lexicon.streets or (lives and name not in lexicon.places):
            yield mask(match.start(1), match.end(1), "addresses.little_street")
