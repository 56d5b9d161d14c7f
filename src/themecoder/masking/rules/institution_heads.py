"""Institutions by a word for one and the name after it: "GGZ De Waterlinde", "cgg kempen"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View, words

ABBREVIATED = words(
    "ggz ggze pz opz upc paaz cgg caw clb wgc ribw umc az uz zna wzc zkh mc roc riagg vzw cpz pc "
    "gga obs rkbs pcbs cbs mee cggz fact f-act iht factteam fact-team wijkteam buurtteam"
)
HEADS = ABBREVIATED | words(
    "kliniek klinieken ziekenhuis gasthuis hospitaal stichting praktijk huisartsenpraktijk "
    "huisartspraktijk groepspraktijk psychologenpraktijk psychologiepraktijk "
    "gezondheidscentrum wijkgezondheidscentrum dagcentrum dagkliniek polikliniek woonvorm "
    "woongroep woonvoorziening woonzorgcentrum zorgboerderij verslavingskliniek "
    "verslavingszorg instelling ggz-instelling zorginstelling jeugdkliniek inloophuis "
    "inloopcentrum herstelacademie herstelcentrum apotheek basisschool lagere school college "
    "lyceum gymnasium atheneum hogeschool universiteit bakkerij firma bedrijf wonen centrum "
    "instituut behandelcentrum therapiecentrum expertisecentrum groepspraktijk huize "
    "verpleeghuis buurthuis zorgcentrum ontmoetingscentrum ontmoetingshuis "
    "activiteitencentrum psychiatrie jeugdzorg kinderdagverblijf kleuterschool middelbare "
    "bibliotheek buurtcentrum wijkcentrum dorpshuis wijkhuis buurtkamer inloop "
    "inlooppunt steunpunt "
    "scholengemeenschap wooninitiatief crisisopvang woonproject dagactiviteitencentrum"
)
_WEAK_HEADS = words(
    "centrum instituut wonen bedrijf praktijk stichting instelling school college psychiatrie "
    "universiteit hogeschool pc mc vzw middelbare lagere jeugdzorg"
)
_SCHOOLS = words("universiteit hogeschool")
_LINK = words(
    "de het 't den ter ten van sint st voor te in op aan der dr en pz az psychiatrisch "
    "psychiatrische"
)
INNER = words("de het 't den der ter ten van sint st en & aan op dr voor i")
WORK = re.compile(
    r"\b(?:werk|werkte|werkzaam|gewerkt|stage|vrijwilliger|vrijwilligerswerk|baan|"
    r"collega's|docent|leraar|lerares|leerkracht|leerling|student|studeer|studeerde|les|"
    r"school|ontslagen|ontslag|contract|werknemer|chef|secretaresse|stagiair|stagiaire|chauffeur|kok|"
    r"monteur|medewerk\w*|verkoper|verkoopster|kassa|magazijn|verpleeg\w*|manager|directeur|"
    r"eigenaar|schoonma\w*|administrati\w*|receptionist\w*|kapper|kapster|timmerman|lasser|ober|"
    r"serveerster|bezorg\w*|koerier|werkgever|baas|in dienst|sollicit\w*|aangenomen|werken|werkt)\b"
)
I_WE = re.compile(r"\b(?:ik|mijn|m'n|mn|wij|we|onze|me|mij|ons)\b")
# a head that is made with one of these: "Zelfregiecentrum Boei", "bergkliniek"
_SUFFIXED = re.compile(
    r"(?:ggz|[\w-]{2,})-?(?:kliniek|praktijk|instelling|centrum|team|academie|boerderij)"
)
_BEFORE = words(
    "psychiatrisch psychiatrische beschut begeleid medisch universitair algemeen lagere middelbare "
    "geestelijke therapeutisch"
)
_AFTER_HOUSE = words(
    "en in heb is was heeft waar ben met maar zat hebben die hadden kreeg geweest gezeten opgenomen"
)
_ARTICLES = frozenset(["de", "het", "'t", "den", "ter", "ten"])
_SAINTS = frozenset(["sint", "st"])
# "de hoge beuk": adjectives that begin the name of a house
_HOUSE_ADJECTIVES = words("hoge nieuwe oude grote lange gouden witte groene blauwe rode kleine")


@dataclass(frozen=True, slots=True)
class _Head:
    """A word for an institution: the index where the whole begins, the word itself, the words that
    link it to its name, and the index of that name. ``strict``: the word is seldom without one."""

    start: int
    at: int
    word: str
    linked: frozenset[str]
    name: int
    strict: bool


def headed(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """The institution whose word is word ``i``: first word, last word (exclusive), rule."""
    head = _find_head(view, i)
    if head is None:
        return
    low = view.at(head.name)
    if head.word == "mee" and not view.words[head.at].text.isupper():
        return  # the preposition
    if head.word in _SCHOOLS and not _own_school(view, i):
        return
    end: int | None
    if view.capital(head.name):
        end = _capitalised_name(view, lexicon, head)
    elif head.word not in HEADS and not head.word.endswith(("kliniek", "praktijk", "instelling")):
        return
    elif head.linked & _SAINTS:
        end = head.name + 1
    elif head.word in ("stichting", "huize", "basisschool") and head.linked & _ARTICLES:
        noun = lexicon.noun_only(low) or not lexicon.in_dictionary(low)
        end = head.name + 1 if noun and low not in lexicon.not_names else None
    elif head.word in _WEAK_HEADS and head.word != "stichting":
        sure = head.linked and head.linked <= _ARTICLES and ends_as_house(low, lexicon)
        end = head.name + 1 if sure and low not in lexicon.words else None
    else:
        end = _lower_case_name(view, lexicon, head)
    if end is not None:
        yield head.start, end, "institutions.headed"


def _find_head(view: View, i: int) -> _Head | None:  # noqa: PLR0911
    word = view.at(i)
    if word not in HEADS and not _SUFFIXED.fullmatch(word):
        return None
    quoted = re.fullmatch(r"\s?[-'\"“‘]\s?['\"“‘]?", view.gap(i))
    if i + 1 >= len(view.words) or not (view.near(i) or quoted):
        return None
    described = view.at(i - 1) in _BEFORE and view.near(i - 1)
    if word in ("centrum", "wonen", "instituut") and not (described or view.capital(i)):
        return None
    j = i + 1
    while j < len(view.words) and view.at(j) in _LINK and j - i <= 3 and view.near(j):
        j += 1
    if j >= len(view.words):
        return None
    linked = frozenset(view.at(k) for k in range(i + 1, j))
    # "de paaz in gent": the place is masked by its own rule; "centrum voor geestelijke ..." is none
    if linked & {"in", "te", "voor"}:
        return None
    if linked & {"en", "op", "aan"} and not any(view.words[k].title for k in range(i + 1, j)):
        return None
    if "van" in linked and word not in ABBREVIATED and not view.capital(j):
        return None
    strict = (
        word in ABBREVIATED
        or word.endswith(("kliniek", "ziekenhuis", "praktijk"))
        or word in ("huize", "basisschool", "woonvorm", "woongroep", "zorgboerderij")
    )
    return _Head(i - 1 if described else i, i, word, linked, j, strict)


def _own_school(view: View, i: int) -> bool:
    """Whether a university is the writer's own: research of one is public."""
    before = view.low[max(0, view.words[i].start - 70) : view.words[i].start]
    return bool(I_WE.search(before) and WORK.search(before))


def _capitalised_name(view: View, lexicon: NameLexicon, head: _Head) -> int | None:
    low = view.at(head.name)
    if low in lexicon.not_names and view.capital(head.at) and view.capital(head.name):
        return _name_of_ordinary_words(view, head.name)
    if low in lexicon.public or low in lexicon.not_names or low == "school":
        return None
    # "bij de ggz Marieke gesproken": a first name is a person, unless the institution has it
    has_names = head.word in ("basisschool", "stichting", "huize", "praktijk", "college")
    if low in lexicon.certain_names and not (
        has_names or head.linked & _SAINTS or view.capital(head.at)
    ):
        return None
    small_van = any(view.words[k].text == "van" for k in range(head.at + 1, head.name))
    if small_van and head.word not in ABBREVIATED and low in lexicon.places:
        return None  # "het ziekenhuis van Almelo" is a place
    return named(view, lexicon, head.name, False, head.strict)


def _name_of_ordinary_words(view: View, j: int) -> int | None:
    """ "Stichting Onder de Pannen", "Praktijk Tussen Hoop en Vrees": ordinary words as a name."""
    end = j + 1
    while end < len(view.words) and view.near(end - 1) and view.at(end) in INNER:
        end += 1
    if end < len(view.words) and view.near(end - 1) and view.capital(end):
        return end + 1
    return None


def _lower_case_name(view: View, lexicon: NameLexicon, head: _Head) -> int | None:
    low, j = view.at(head.name), head.name
    article = bool(head.linked & _ARTICLES)
    if low in lexicon.toponyms and article and head.strict and len(low) > 3:
        return j + 1 if lexicon.noun_only(low) and _named_clause(view, j) else None
    if low in _HOUSE_ADJECTIVES and article and view.at(j + 1) in lexicon.toponyms:
        return j + 2 if view.near(j) else None
    if not head.linked <= _ARTICLES | {"dr", "van"}:
        return None
    if low in lexicon.certain_names or (low in lexicon.first_names and not head.linked):
        return None
    house = ends_as_house(low, lexicon) or low in lexicon.places
    if head.linked and not house and lexicon.misspelled(low):
        return None
    return named(view, lexicon, j, True, head.strict and "van" not in head.linked)


def ends_as_house(word: str, lexicon: NameLexicon) -> bool:
    """Whether a word ends as places and houses are called: "waterlinde", "brinkhof"."""
    return any(
        word.endswith(end) and len(word) > len(end) + 2 for end in lexicon.toponyms if len(end) > 2
    )


def _named_clause(view: View, j: int) -> bool:
    """Whether what follows word ``j`` is what follows the name of a house: a stop or a verb."""
    return not view.near(j) or view.at(j + 1) in _AFTER_HOUSE


def named(view: View, lexicon: NameLexicon, j: int, lower: bool, certain: bool) -> int | None:
    """The index after the name of an institution that begins at ``j``; None where none does."""
    words = view.words
    if j >= len(words):
        return None
    end = None
    k = j
    while k < len(words):
        low = view.at(k)
        if k > j and not (
            view.near(k - 1)
            or view.gap(k - 1) in ("-", " & ", "- ", " - ")
            or (view.gap(k - 1) in (". ", ".") and len(view.at(k - 1)) <= 2)
        ):
            break
        if low in lexicon.not_names and low not in INNER:
            break
        if view.capital(k) or (
            view.any_capital(k) and k > j and view.gap(k - 1) in (". ", ".", "- ", " - ")
        ):
            if low in INNER:
                k += 1
                continue
            end = k + 1
        elif (
            low in INNER
            and k + 1 < len(words)
            and (view.capital(k + 1) or low in ("sint", "st") or (view.at(k + 1) in INNER))
        ):
            if low in ("sint", "st"):
                k += 1
                if (k < len(words) and view.near(k - 1)) or view.gap(k - 1) in (". ", "."):
                    end = k + 1
        elif end is None and lower and _own_name(view, lexicon, k, certain):
            end = k + 1
            # "ggz noord holland", "cgg kempen"
            while (
                end < len(words)
                and view.near(end - 1)
                and (view.at(end) in lexicon.places or view.at(end) in lexicon.regions)
                and not lexicon.in_dictionary(view.at(end))
            ):
                end += 1
            return end
        else:
            break
        k += 1
    return end


def _own_name(view: View, lexicon: NameLexicon, k: int, certain: bool) -> bool:
    """Whether a lower-case word can be the name of an institution after a word for one."""
    low = view.at(k)
    if low.startswith(("sint-", "st-")):
        return True
    if (
        not low[:1].isalpha()
        or len(low) < 4
        or any(c.isdigit() for c in low)
        or low in lexicon.public
    ):
        return False
    if (
        low in lexicon.regions
        or (
            low in lexicon.places
            and (low not in lexicon.never_places)
            and not lexicon.in_dictionary(low)
        )
        or low in lexicon.certain_places
    ):
        return certain or low not in lexicon.words
    if low in lexicon.words or low in lexicon.not_names:
        return False
    if ends_as_house(low, lexicon):
        return True
    return certain and not lexicon.is_word(low) and not lexicon.misspelled(low)
