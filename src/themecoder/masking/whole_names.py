"""A name is masked whole or not at all: what stands beside a found name and belongs to it goes too.

"[NAAM] dijkveld" tells more than it hides. Rules and detectors often find the part of a name that
is in a list; here the rest is taken, whoever found the first part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask, ordered
from themecoder.masking.rules.reader import (
    FINITE,
    PREFIX,
    SURNAME_ENDS,
    SURNAME_NOUNS,
    TWO_PREFIXES,
    NameLevel,
    Reader,
    is_pronounceable,
)
from themecoder.masking.tokens import View, words

_KIN = words("oma opa tante oom ome nonkel bomma bompa tata mémé opoe")
#: Before a name these are part of how someone is called, unless whose they are is said.
_CALLED = _KIN | words(
    "dokter zuster broeder juf juffrouw meester meneer mijnheer mevrouw dominee pastoor pater "
    "professor coach sheikh sjeik hodja pani vovó habibi mbak boer"
)
_WHOSE = words(
    "mijn m'n mn me mijne mijnen jouw je zijn haar ons onze hun uw de den een die deze my"
)
#: What follows a name where people are called as kin.
_KIN_AFTER = words("abla abi teyze amca hala dayı bhai didi zaliger")
_ARTICLES = words("de het 't den the")
_TRADES = words(
    "bakker visser smit mulder dekker kuiper kuipers koster slager timmerman schipper molenaar "
    "brouwer kok jager herder wever schreuder hofman prins keizer vink mol post blom kramer"
)


def whole_names(masks: Iterable[Mask], view: View, lexicon: NameLexicon) -> tuple[Mask, ...]:
    """The masks, those of names with the parts of the name that stand directly beside them."""
    masks = ordered(masks)
    if not any(mask.kind == "name" for mask in masks):
        return masks
    reader = Reader(view, lexicon)
    covered = {
        i
        for mask in masks
        if mask.kind != "place"
        for i, word in enumerate(view.words)
        if word.start < mask.end and mask.start < word.end
    }
    result: list[Mask] = []
    for mask in masks:
        inside = [i for i, w in enumerate(view.words) if w.start < mask.end and mask.start < w.end]
        if mask.kind != "name" or not inside or mask.rule.startswith("list."):
            result.append(mask)
            continue
        first, last = inside[0], inside[-1]
        for i in _parts_after(reader, last):
            if covered & set(range(last + 1, i + 1)):
                break
            last = i
        while first > 0 and first - 1 not in covered and _leads(reader, first - 1):
            first -= 1
        covered |= set(range(first, last + 1))
        start = min(mask.start, view.words[first].start)
        end = max(mask.end, view.words[last].end)
        result.append(replace(mask, start=start, end=end, text=view.text[start:end]))
    names = [mask for mask in result if mask.kind == "name"]
    # "Ilse van Dijkum": the village is in the name
    return ordered(
        mask
        for mask in result
        if mask.kind != "place"
        or not any(name.start <= mask.start and mask.end <= name.end for name in names)
    )


def with_articles(masks: Iterable[Mask], view: View) -> tuple[Mask, ...]:
    """The masks, those of institutions with the article before them: it is as often a part of the
    name ("De Brug", "het Vellesan") as not, and with a small letter nobody can tell."""
    result: list[Mask] = []
    for mask in masks:
        first = next((i for i, w in enumerate(view.words) if w.start == mask.start), 0)
        bare = mask.kind != "institution" or mask.rule.startswith("list.") or not first
        if bare or view.at(first - 1) not in _ARTICLES or not view.near(first - 1):
            result.append(mask)
            continue
        start = view.words[first - 1].start
        taken = bool(result) and result[-1].end > start
        longer = replace(mask, start=start, text=view.text[start : mask.end])
        result.append(mask if taken else longer)
    return tuple(result)


def _parts_after(reader: Reader, i: int) -> Iterator[int]:
    """Word ``i`` ends a part of a name: the last words of the parts that follow it."""
    while reader.view.near(i):
        if reader.view.at(i + 1) in _KIN_AFTER:
            yield i + 1
            return
        end = surname_after(reader, i + 1)
        if end is None:
            return
        yield end - 1
        i = end - 1


def surname_after(reader: Reader, i: int) -> int | None:  # noqa: PLR0911, PLR0912
    """The index after the piece of a surname at ``i``, which stands directly after a name."""
    known = reader.surname_end(i)
    if known is not None:
        return known
    view, lex = reader.view, reader.lexicon
    j = i
    while j < len(view.words) - 1 and view.at(j) in PREFIX and view.near(j):
        j += 1
    low = view.at(j)
    if len(low) == 1 and low.isalpha() and (view.gap(j)[:1] == "." or view.words[j].text.isupper()):
        return j + 1  # "Marloes de V.", "remco b."
    if (
        len(low) < 3
        or low in lex.not_names
        or reader.is_public(j)
        or low in lex.institutions
        or not low.isalpha()
    ):
        return None
    archaic = any(view.at(k) in ("den", "der", "ter", "ten") for k in range(i, j))
    plain = j == i
    if plain and low in lex.places and not archaic and low not in lex.surnames:
        return None
    if view.capital(j):
        sure = plain or archaic or low not in lex.certain_places
        return j + 1 if sure and not reader.overuses_capitals_besides(j) else None
    if view.words[j].title:
        return None
    surname = lex.noun_only(low) and low in lex.surnames and low not in lex.common
    noun = plain and "n" in lex.words.get(low, "") and low in lex.surnames
    if noun and (not view.near(j) or view.at(j + 1) in FINITE):
        return j + 1  # "harry pols zegt"
    if plain and (low in _TRADES | SURNAME_NOUNS or surname):
        return j + 1 if low in lex.surnames and reader.ends_clause(j) else None
    if lex.in_dictionary(low):
        return None
    if low in lex.places:  # "sjoerd van dijkum" is a person, "anna uit ede" is in a place
        return j + 1 if view.at(j - 1) == "van" else None
    if low.endswith(SURNAME_ENDS) and len(low) > 5:
        return j + 1 if plain or archaic or view.at(j - 1) == "van" else None
    if lex.is_word(low):
        return j + 1 if archaic else None
    if not plain and view.at(j - 1) == "van" and len(low) > 4:
        return j + 1
    if low in lex.surnames or low in lex.after_prefix:
        return j + 1
    sure = not lex.misspelled(low) and is_pronounceable(low) and not _is_foreign(reader)
    return j + 1 if sure else None


def _is_foreign(reader: Reader) -> bool:
    """Whether so many words are unknown that an unknown one says nothing."""
    words_of_text = [w.low for w in reader.view.words if w.low.isalpha()]
    unknown = [w for w in words_of_text if not reader.lexicon.is_word(w)]
    return len(unknown) > 4 and 3 * len(unknown) > len(words_of_text)


def _leads(reader: Reader, i: int) -> bool:  # noqa: PLR0911
    """Whether word ``i`` belongs to the name that begins with the word after it."""
    view, lex = reader.view, reader.lexicon
    low = view.at(i)
    if len(low) == 1 and view.words[i].text.isupper() and view.gap(i).strip() in (".", ""):
        return not view.words[i].opens or view.gap(i).startswith(".")
    if not view.near(i) or low in lex.public:
        return False
    if low in PREFIX:
        opening = view.any_capital(i) and view.at(i + 1) in ("der", "den", "de", "'t")
        return view.capital(i) or opening or low in ("der", "den", "ter", "ten")
    if low in _KIN and view.any_capital(i) and view.any_capital(i + 1):
        return True
    if low in _CALLED and view.at(i - 1) not in _WHOSE:
        return True
    if view.any_capital(i) and (low, view.at(i + 1)) in TWO_PREFIXES:
        return True
    if low in lex.not_names:
        return False
    if view.capital(i):
        return reader.level(i) >= NameLevel.AMBIGUOUS and reader.is_first_name(i)
    return not view.words[i].title and reader.level(i) >= NameLevel.CERTAIN
