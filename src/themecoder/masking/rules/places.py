"""Places of residence. Countries, far cities and politics ("Den Haag moet ...") are public."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View, words

_TO = words(
    "in uit te naar vanuit bij nabij rond rondom omgeving regio richting buiten gemeente stad "
    "dorp dorpje stadje deelgemeente omstreken boven onder door vlakbij à from near around"
)
_LIVES = re.compile(
    r"\b(?:woon\w*|wonen\w*|wonend\w*|gewoond|huis\w*|kom(?:t|en)?|kwam(?:en)?|afkomstig|"
    r"verhuis\w*|opgegroeid|groei\w* op|getogen|geboren|hier|thuis|dorp\w*|stadje|"
    r"gemeente|deelgemeente|wijk\w*|buurt\w*|postcode|woonplaats|adres)\b"
)
_AFTER_OPENING = words("is was heeft en had kent ligt telt mist krijgt blijft wordt in") | {""}
_AFTER_PLACE = words("en is of met heb naar voor waar maar omdat heeft was zit")
_BEFORE_RESIDENCE = words(
    "in uit te naar bij vlakbij nabij near from à gemeente deelgemeente dorp dorpje "
    "stadje de het woonplaats is"
)
_SEAT = frozenset(["den haag", "haag", "brussel", "'s-gravenhage"])
_THERE = re.compile(
    r"\b(?:woon\w*|wonen|geboren|opgegroeid|verhuis\w*|kom uit|kliniek|ziekenhuis|"
    r"behandel\w*|therap\w*|psych\w*|opgenomen|werk\w*|stud\w*|wijk|buurt|straat|praktijk|"
    r"huisarts|afspraak|"
    r"groep|trein|station|afdeling|intake|ggz|paaz|cgg|caw)\b"
)
_PUBLIC_HEAD = re.compile(
    r"\b(?:universiteit|hogeschool|rechtbank|kamer|academie|verdrag|gerechtshof|ziggo|"
    r"ajax|feyenoord|fc|club)\b"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Place names with a capital or after "in", "uit", "naar"."""
    words = view.words
    i = 0
    while i < len(words):
        size = _listed_size(view, lexicon, i)
        if size and _is_place(view, lexicon, i, size):
            start, end = words[i].start, words[i + size - 1].end
            yield Mask(start, end, "place", view.text[start:end], "places.listed")
            i += size
            continue
        if _is_unlisted_place(view, lexicon, i):
            j = i + 1
            while (
                j < len(words)
                and view.near(j - 1)
                and (view.capital(j) and view.at(j) not in lexicon.not_names)
            ):
                j += 1
            start, end = words[i].start, words[j - 1].end
            yield Mask(start, end, "place", view.text[start:end], "places.residence")
            i = j
            continue
        i += 1


def _listed_size(view: View, lexicon: NameLexicon, i: int) -> int:
    """How many words from ``i`` on are a listed place or region; 0 for none."""
    quarter = re.fullmatch(
        r"(.{3,})-(?:noord|zuid|oost|west|centrum|stad|buiten)", view.words[i].low
    )
    if quarter and quarter.group(1) in lexicon.certain_places:
        return 1
    for size in range(min(5, len(view.words) - i), 0, -1):
        if not all(view.near(k) or view.gap(k) == "-" for k in range(i, i + size - 1)):
            continue
        phrase = " ".join(w.low for w in view.words[i : i + size])
        if (
            phrase in lexicon.places
            or phrase in lexicon.regions
            or (size > 1 and phrase.replace(" ", "-") in lexicon.places)
        ):
            return size
    return 0


def _before(view: View, i: int, characters: int = 45) -> str:
    """What leads up to word ``i`` within its sentence."""
    text = view.low[max(0, view.words[i].start - characters) : view.words[i].start]
    return re.split(r"[.!?\n](?=\s|$)", text)[-1]


def _sentence(view: View, i: int) -> str:
    """The sentence, or the part of it up to ", maar", that word ``i`` stands in."""
    start, end = view.words[i].start, view.words[i].end
    stop = re.search(r"[.!?\n](?=\s|$)|, maar\b", view.low[end:])
    after = view.low[end : end + stop.start()] if stop else view.low[end:]
    before = re.split(r"[.!?\n](?=\s|$)|, maar\b", view.low[:start])[-1]
    return before + view.low[start:end] + after


def is_seat(phrase: str) -> bool:
    """Whether a name stands for a government as often as for the town ("Den Haag moet ...")."""
    return phrase in _SEAT


def _is_place(view: View, lexicon: NameLexicon, i: int, size: int) -> bool:  # noqa: PLR0911, PLR0912
    phrase = " ".join(w.low for w in view.words[i : i + size])
    prep = i > 0 and view.near(i - 1) and view.at(i - 1) in _TO
    lives = bool(_LIVES.search(_before(view, i)))
    # a capital anywhere in it, not only on "De" or "Den"
    capital = any(
        view.capital(k) or (k > i and view.words[k].title and not view.caseless)
        for k in range(i, i + size)
    )
    opening = view.any_capital(i) and not capital
    if phrase in _SEAT and not _THERE.search(_sentence(view, i)):
        return False
    if phrase in lexicon.regions and phrase not in lexicon.certain_places:
        return lives and (prep or view.at(i - 1) in ("de", "het"))
    if phrase in ("groningen", "utrecht") and view.at(i - 1) == "provincie":
        return False
    if _PUBLIC_HEAD.search(_before(view, i, 20)):
        return False
    single = size == 1
    if single and phrase in lexicon.never_places:
        return prep and lives and capital
    certain = phrase in lexicon.certain_places or ("-" in phrase and size == 1)
    word = single and lexicon.in_dictionary(phrase)
    # "de bomen", "de plaats": places of the list that are said of anything
    ordinary_words = not single and all(
        lexicon.in_dictionary(w.low) for w in view.words[i : i + size]
    )
    if (
        ordinary_words
        and not certain
        and not ((view.capital(i) or (capital and view.at(i) == "'t")) and prep)
    ):
        return False
    if capital:
        if single and lexicon.is_name(phrase) and not certain and not prep:
            # "van Hapert naar Eindhoven": a place or a surname, and a detail as either
            return not word and phrase not in lexicon.first_names
        return not word or certain or prep
    if opening:
        following = view.at(i + size)
        return (
            (certain and (not word or lexicon.noun_only(phrase)))
            or (not word and size > 1)
            or (
                not word
                and single
                and phrase not in lexicon.first_names
                and (following in _AFTER_OPENING or ":" in view.gap(i + size - 1))
            )
        )
    # lower case
    if view.at(i + size) == "to":
        return False  # "he goes to"
    if not single:
        return certain or (
            prep and not all(lexicon.in_dictionary(w.low) for w in view.words[i : i + size])
        )
    if certain and (
        not word or (prep and view.at(i - 1) not in ("te", "buiten", "boven", "onder", "door"))
    ):
        if word and not lexicon.noun_only(phrase):
            return (
                prep
                and (lives or _ends_clause(view, i))
                and view.at(i - 1) in ("in", "uit", "naar", "bij", "vanuit", "omgeving", "regio")
            )
        return True
    return prep and not word and len(phrase) > 3 and (lives or phrase not in lexicon.certain_names)


def _ends_clause(view: View, i: int) -> bool:
    return not view.near(i) or view.at(i + 1) in _AFTER_PLACE


_RESIDENCE = re.compile(
    r"\b(?:woon\w*|wonen|wonend|gewoond|kom(?: zelf| ik| oorspronkelijk)? uit|"
    r"kom(?: ik)?(?: zelf| oorspronkelijk)? uit|afkomstig uit|"
    r"live[sd]?|living|(?:moved|move) to|grew up|born|i'm from|i am from|"
    r"verhuis\w* (?:van \w+ )?naar|opgegroeid in|geboren in|geboren te|woonplaats(?: is|"
    r":)?|gemeente|deelgemeente|het dorp|dorpje|stadje)"
    r"(?:\s(?:zelf|nu|al|ik|we|wij|hier|sinds|momenteel|alleen|samen|met|in|een|klein|"
    r"dorp|dorpje|bij|mijn|ouders|helemaal|\d+|jaar|kort|oorspronkelijk))*\s?(?:(?:in|uit|"
    r"te|naar|bij|vlakbij|nabij|van|near|à|from)\s)?(?:de\s|het\s)?$"
)


_AFTER_ADDRESS = re.compile(
    r"(?:straat|laan|weg|plein|hof|kade|dijk|singel|gracht|adres|woon\w*|wonen)\b.{0,25}\d\s?[a-z]?"
    r",?\s(?:in |te )?$"
)
_CARE = re.compile(
    r"\b(?:ggz|wachtlijst|kliniek|praktijk|psych\w*|therap\w*|behandel\w*|huisarts\w*|inloop\w*|"
    r"opgenomen|opname|paaz|dagbesteding|begeleid\w*|spreekuur|polikliniek|ziekenhuis)\b"
)
_OURS = re.compile(r"\b(?:bij ons|hier|wij|we|terug|thuis)(?: \w+)? (?:in|te) $")
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|gracht|singel|kade|kliniek|ziekenhuis|huis|school|college)$"
)


def _is_unlisted_place(view: View, lexicon: NameLexicon, i: int) -> bool:  # noqa: PLR0911, PLR0912
    """A place that no list has, after a cue of residence."""
    word = view.words[i]
    if (
        len(word.low) < 4
        or not word.low[0].isalpha()
        or lexicon.in_dictionary(word.low)
        or word.low in lexicon.public
        or word.low in lexicon.regions
        or word.low in lexicon.never_places
    ):
        return False
    if _where_we_are(view, lexicon, i):
        return True
    ending = ends_as_place(word.low, lexicon)
    if lexicon.is_word(word.low) and not ending:
        return False  # "kolderveen" is made of two words, and a village
    if (
        view.capital(i)
        and view.near(i - 1)
        and view.at(i - 1) in (*("in", "uit", "te", "naar", "à", "from", "near", "bij"),)
    ):
        # "een groep in Zuidermeerkerk": the name says that it is a place
        saint = word.low.startswith(("sint-", "st-"))
        named = word.low in lexicon.first_names or word.low in lexicon.institutions
        if (
            (saint or ending)
            and not (view.at(i - 1) == "bij" and word.low in lexicon.surnames)
            and not named
            and word.low not in lexicon.streets
        ):
            return not _STREET.search(word.low)
    if view.capital(i) and view.at(i - 1) == "in" and view.words[i - 1].opens:
        # "In Retie is er geen psycholoog"
        there = view.at(i + 1) in ("is", "zijn", "was", "heb", "hebben", "woont", "wonen", "kent")
        if there and not lexicon.is_word(word.low) and word.low not in lexicon.first_names:
            return True
    before = _before(view, i, 70)
    if _AFTER_ADDRESS.search(before) and (view.any_capital(i) or not lexicon.misspelled(word.low)):
        return True
    if (
        ending
        and view.capital(i)
        and word.low not in lexicon.places
        and view.at(i - 1) not in ("de", "het", "een", "the", "die", "deze")
        and not lexicon.is_name(word.low)
    ):
        return True  # "een dorp als Kootwijkerbroek"
    unknown = not lexicon.is_word(word.low) and not lexicon.misspelled(word.low)
    led = view.near(i - 1) and view.at(i - 1) in ("in", "uit", "te", "naar", "vanuit")
    if ending and unknown and led:  # "in zichem", "uit hollum": it can be nothing else
        return word.low not in lexicon.first_names and word.low not in lexicon.institutions
    if not _RESIDENCE.search(before) or i == 0 or view.at(i - 1) not in _BEFORE_RESIDENCE:
        return False
    if view.capital(i):
        return view.at(i - 1) not in ("bij",) or word.low not in lexicon.first_names
    if view.at(i - 1) in ("de", "het", "is", "bij"):
        return False
    close = any(_differs_by_one_letter(word.low, place) for place in lexicon.certain_places)
    return ending or close


def _where_we_are(view: View, lexicon: NameLexicon, i: int) -> bool:
    """ "ggz de Zilverlinde in Oosterbeemd", "hier in Oosterbeemd": by a name with a capital."""
    low = view.at(i)
    return (
        view.capital(i)
        and view.near(i - 1)
        and view.at(i - 1) in ("in", "te")
        and low not in lexicon.first_names
        and low not in lexicon.institutions
        and not _STREET.search(low)
        and bool(_CARE.search(_before(view, i)) or _OURS.search(_before(view, i)))
    )


def ends_as_place(word: str, lexicon: NameLexicon) -> bool:
    """Whether a word ends as Dutch and Flemish places do: "-veen", "-gem", "-drecht"."""
    return any(word.endswith(end) and len(word) > len(end) + 2 for end in lexicon.place_endings)


def _differs_by_one_letter(a: str, b: str) -> bool:
    """Whether two words differ by one letter put in, left out or changed."""
    if abs(len(a) - len(b)) > 1 or len(a) < 5:
        return False
    if len(a) > len(b):
        a, b = b, a
    for k, letter in enumerate(a):
        if letter != b[k]:
            return (
                a[k:] == b[k + 1 :]
                or a[k + 1 :] == b[k + 1 :]
                or (a[k + 2 :] == b[k + 2 :] and a[k : k + 2] == b[k : k + 2][::-1])
            )
    return len(a) != len(b)
