"""Names of people without a cue: signed at the end, by their capital, by being no other word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from themecoder.masking.model import Mask
from themecoder.masking.rules.names_in_context import english_word
from themecoder.masking.rules.reader import PREFIX, WEAK, NameLevel, Reader
from themecoder.masking.tokens import words

_SIGN_OFF = re.compile(
    r"(?:\b(?:groet(?:en|jes)?|groetjes|grtjs|grtz|gr|mvg|m\.v\.g\.|vriendelijke groeten?|"
    r"liefs|xxx?|kus(?:jes)?|knuffel|dikke knuffel|hoogachtend|"
    r"hartelijks|met dank|bedankt alvast|alvast bedankt|ondertekend|getekend|was getekend|"
    r"afzender)[\s,.!:;-]*(?:van\s+)?)$"
)
_SAID = words(
    "zei zegt zeg vroeg vraagt belde belt appte appt mailde mailt vertelde vertelt schreef aldus"
)


def signed(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """A name at the end: after "groetjes", "liefs, ", or alone on the last line."""
    view, lex = reader.view, reader.lexicon
    if i < max(1, len(view.words) - 5):
        return
    rest = view.words[i:]
    if any(
        "\n" in view.gap(k) or view.gap(k).strip(" .-'’") for k in range(i, len(view.words) - 1)
    ):
        return
    before = view.low[max(0, rest[0].start - 40) : rest[0].start]
    sign = _SIGN_OFF.search(before)
    own_line = "\n" in view.gap(i - 1) and len(rest) <= 3
    tail = view.text[rest[-1].end :].strip()
    # a kiss or a smile after the name is no more text
    tail = "".join(c for c in tail if c.isalnum() and c not in "xX")
    if tail or not (sign or own_line):
        return
    level = reader.level(i)
    if sign:
        take = level >= NameLevel.LISTED or (
            level == NameLevel.AMBIGUOUS
            and (view.any_capital(i) or lex.noun_only(rest[0].low))
            and len(rest) <= 3
        )
        take = take or (
            level == NameLevel.UNKNOWN
            and len(rest) <= 3
            and len(rest[0].low) > 2
            and not lex.misspelled(rest[0].low)
        )
        take = take or (
            len(rest) <= 3
            and len(rest[0].text) <= 2
            and rest[0].text.isupper()
            and rest[0].text.isalpha()
            and view.gap(i)[:1] == "."
        )
        if take and all(
            reader.level(k) > NameLevel.NO or view.at(k) in PREFIX or len(view.at(k)) == 1
            for k in range(i, len(view.words))
        ):
            yield i, len(view.words), "names.signed"
        elif take:
            yield i, reader.name_end(i), "names.signed"
    elif (
        view.words[i].title
        and reader.is_first_name(i)
        and level >= NameLevel.AMBIGUOUS
        and reader.name_end(i) == len(view.words)
    ):
        yield i, len(view.words), "names.signed"


_WITH = words("met en van aan volgens tegen")
_ARTICLES = words("de het een 't n die dat deze dit the")


def plain(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """A name without a cue: by its capital, or because it can hardly be anything else."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    level = reader.level(i)
    if level <= NameLevel.UNKNOWN or word.low in lex.public:
        return
    before = view.at(i - 1)
    article = before in _ARTICLES and view.near(i - 1)
    end = reader.name_end(i)
    longer = end > i + 1
    if view.capital(i):
        elsewhere = level == NameLevel.LISTED and (
            word.low in lex.places or word.low in lex.regions
        )
        if (
            level >= NameLevel.LISTED
            and not (elsewhere and not longer)
            and not (article and level == NameLevel.LISTED and not longer)
        ):
            yield i, end, "names.capital"
        elif (
            level == NameLevel.AMBIGUOUS
            and not article
            and word.low not in lex.places
            and (word.low not in lex.common or before in _WITH or longer)
        ):
            known = word.low in lex.ambiguous_names or (
                word.low in lex.first_names
                and len(word.low) > 3
                and (lex.words.get(word.low) == "n" or not reader.overuses_capitals)
            )
            if known or (longer and reader.is_first_name(i)):
                yield i, end, "names.capital"
    elif view.any_capital(i):  # opens a sentence
        if english_word(view, lex, i):
            return
        certain = level == NameLevel.CERTAIN or (
            word.low in lex.ambiguous_names
            and not lex.in_dictionary(word.low)
            and len(word.low) > 2
        )
        with_another = (
            (word.low in lex.ambiguous_names or word.low in lex.first_names - lex.common)
            and view.at(i + 1) in ("en", "&")
            and i + 2 < len(view.words)
            and view.capital(i + 2)
            and reader.level(i + 2) >= NameLevel.LISTED
        )
        if (
            certain
            or with_another
            or (longer and reader.is_first_name(i) and _named_end(reader, i, end))
        ) or (
            level == NameLevel.LISTED
            and word.low in lex.first_names
            and (len(word.low) > 3 or view.at(i + 1) == "van")
            and (view.at(i + 1) in _SAID or (reader.ends_clause(i) and view.near(i)))
        ):
            yield i, end, "names.opening"
    elif level == NameLevel.CERTAIN and not article:
        if (
            len(word.low) > 3
            or before in WEAK
            or before in _SAID
            or view.at(i + 1) in _SAID
            or longer
        ):
            yield i, end, "names.lower"
    elif (
        level == NameLevel.LISTED
        and word.low in lex.first_names
        and len(word.low) > 3
        and not article
    ):
        # a first name of the long list needs its surname, or who does the talking
        spoken = view.at(i + 1) in _SAID or before in _SAID
        person = before in ("met", "van", "aan", "door", "volgens", "tegen") and reader.ends_clause(
            i
        )
        if (longer and reader.is_surname(end - 1)) or (
            (spoken or person) and word.low not in lex.places and not lex.misspelled(word.low)
        ):
            yield i, end, "names.lower"


def _named_end(reader: Reader, i: int, end: int) -> bool:
    """Whether a name that opens a sentence goes on as a name: "Roos de Wit", not "Wil Jan …"."""
    last = reader.view.at(end - 1)
    return (
        reader.is_surname(end - 1)
        or reader.level(end - 1) == NameLevel.UNKNOWN
        or last[:1].isupper()
    )


def again(
    reader: Reader, spans: Sequence[tuple[int, int, str]], titles: frozenset[str]
) -> Iterator[Mask]:
    """The other places where a name that was found stands in the same answer."""
    found = {k for a, b, _ in spans for k in range(a, b)}
    view, lex = reader.view, reader.lexicon
    names = {
        view.at(k)
        for a, b, _ in spans
        for k in range(a, b)
        if len(view.at(k)) > 2
        and view.at(k) not in PREFIX
        and view.at(k) not in titles
        and not lex.in_dictionary(view.at(k))
    }
    ambiguous = {
        view.at(k)
        for a, b, _ in spans
        for k in range(a, b)
        if view.at(k) in lex.words
        and view.at(k) not in lex.not_names
        and view.at(k) not in titles
        and len(view.at(k)) > 2
    }
    for i, word in enumerate(view.words):
        if i in found:
            continue
        if word.low in names or (word.low in ambiguous and view.any_capital(i)):
            yield Mask(word.start, word.end, "name", word.text, "names.again")
