"""Houses by their name alone: "bij De Wending", "mijn koor, De Lofstem", "beschermd wonen Zuid"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.organisations import BEFORE_NAME, name_end
from themecoder.masking.rules.reader import Reader
from themecoder.masking.tokens import View, words


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Names with an article of their own, where a preposition or a place says that it is one."""
    reader = Reader(view, lexicon)
    for i in range(len(view.words)):
        for start, end, rule in (*_quoted_house(reader, i), *_sheltered(view, lexicon, i)):
            a, b = view.words[start].start, view.words[end - 1].end
            yield Mask(a, b, "institution", view.text[a:b], rule)


_OF_A_HOUSE = words("bij naar van via door")
_NO_HOUSE = re.compile(
    r"\b(?:lees|las|lezen|keek|kijk|krant|boek|film|serie|programma|aflevering|artikel|liedje|"
    r"gelezen|gezien|podcast)\b"
)


def _sheltered(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "beschermd wonen de toekomst", "begeleid wonen Overvecht"."""
    if view.at(i) not in ("beschermd", "begeleid", "beschut") or view.at(i + 1) != "wonen":
        return
    j = i + 2
    article = view.at(j) in ("de", "het", "'t")
    j += article
    if j >= len(view.words) or not view.near(j - 1):
        return
    low = view.at(j)
    if article or view.capital(j) or low in lexicon.places or not lexicon.is_word(low):
        yield i, j + 1, "houses.sheltered"


def _in_a_place(reader: Reader, i: int) -> bool:
    """ "de Hoop in Dordrecht": a noun with a capital, and where it is."""
    view, lexicon = reader.view, reader.lexicon
    place = (
        view.near(i)
        and view.at(i + 1) in ("in", "te")
        and i + 2 < len(view.words)
        and view.capital(i + 2)
        and view.at(i + 2) in lexicon.places
    )
    return place and view.capital(i) and not reader.overuses_capitals_besides(i)


def _quoted_house(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "bij De Wending", "van 't Lichtpuntje": an article with a capital within a sentence."""
    view, lexicon = reader.view, reader.lexicon
    article = view.words[i]
    if article.low not in ("de", "het", "'t", "den") or i + 1 >= len(view.words):
        return
    big = article.text[:1].isupper() or article.low == "'t" or _in_a_place(reader, i + 1)
    if article.opens and i + 1 < len(view.words) and view.words[i + 1].title:
        big = _in_a_place(reader, i + 1)  # "De Herberg in Wageningen is ..."
    elif view.gap(i - 1).strip() == "," and view.at(i - 1) in BEFORE_NAME:
        big = big and "," in view.gap(i + 1)  # "mijn koor, De Lofstem, is"
    elif article.opens or view.at(i - 1) not in _OF_A_HOUSE:
        return
    if not big or view.caseless or not view.near(i) or not view.words[i + 1].title:
        return
    low = view.at(i + 1)
    phrase = f"{article.low} {low}"
    if low in lexicon.public or phrase in lexicon.public or low in lexicon.not_names:
        return
    if phrase in lexicon.places or (low in lexicon.surnames and not lexicon.in_dictionary(low)):
        return
    if phrase in lexicon.after_prefix or _NO_HOUSE.search(view.low[: article.start]):
        return
    yield i, name_end(view, lexicon, i + 1), "houses.named"
