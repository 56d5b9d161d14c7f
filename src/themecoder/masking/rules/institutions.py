"""Institutions of care, schools and employers: a word for an institution and its name, known names,
and names after "opgenomen in", "onder behandeling bij"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.institution_heads import (
    HEADS,
    I_WE,
    INNER,
    WORK,
    ends_as_house,
    headed,
    named,
)
from themecoder.masking.rules.places import ends_as_place
from themecoder.masking.tokens import View, words

_AFTER = re.compile(
    r"(?:kliniek|klinieken|ziekenhuis|ziekenhuizen|gasthuis|hospitaal|zorggroep|lyceum|"
    r"gymnasium|college|atheneum|groepspraktijk|huisartsenpraktijk|psychologenpraktijk|"
    r"ggz|zorg|psychologie|psychiatrie|centrum|instituut|school)"
)
_CARE = re.compile(
    r"\b(?:opgenomen|opname|opnames|opname's|behandeling|behandeld|behandeltraject|"
    r"cli[eë]nte?|pati[eë]nte?|therapie|intake|intakegesprek|wachtlijst|wachten|aangemeld|"
    r"aanmelding|doorverwezen|verwezen|"
    r"ontslagen|ontslag|verblijf|verblijven|verbleef|gezeten|zat|zit|lag|lig|begeleiding|"
    r"begeleid|dagbehandeling|deeltijd|dagtherapie|psycholoog|psychologe|psychiater|"
    r"therapeut|therapeute|behandelaar|begeleider|hulp|"
    r"kliniek|traject|afspraak|loop|liep|crisisopname|crisisdienst|groepstherapie|nazorg|"
    r"polikliniek|poli|afdeling|groep|lotgenotengroep|cursus|training|inloop|"
    r"dagbesteding)\b"
)
_PREPOSITION = words("bij in van naar op vanuit via uit door")
_COMPOUND = re.compile(
    r"(.{4,}?)(?:kliniek|ziekenhuis|gasthuis|lyceum|college|hospitaal|zorggroep|psychologen)$"
)
_GENERIC_HOUSES = words(
    "ziekenhuis verpleeghuis tehuis gekkenhuis buurthuis huis stadhuis kerkhof vakantiehuis "
    "opvanghuis werkplaats plaats politieburg gasthuis kindertehuis bejaardenhuis "
    "verzorgingshuis gemeentehuis zorghuis regenboog therapiehuis logeerhuis"
)
_WEAK_TRAILERS = words("zorg centrum school psychologie psychiatrie ggz instituut")
_GENERIC_STEMS = words(
    "privé prive dag poli huisarts academisch psychiatrisch universitair regionaal streek "
    "kinder dieren jeugd vrouwen militair lands stads tand tandarts verslavings angst eet "
    "crisis nacht droom trauma slaap pijn ggz-"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Institutions that tell where someone is treated, goes to school or works."""
    words = view.words
    spans: list[tuple[int, int, str]] = []
    for i in range(len(words)):
        spans += _known(view, lexicon, i)
        spans += headed(view, lexicon, i)
        spans += _trailed(view, lexicon, i)
        spans += _compound(view, lexicon, i)
        spans += _after_care(view, lexicon, i)
        spans += _careful_name(view, lexicon, i)
        spans += _house(view, lexicon, i)
        spans += _after_work(view, lexicon, i)
    for a, b, rule in spans:
        start, end = words[a].start, words[b - 1].end
        yield Mask(start, end, "institution", view.text[start:end], rule)


def _phrase(view: View, i: int, size: int) -> str | None:
    if not all(view.near(k) or view.gap(k) in ("-", ". ", " & ") for k in range(i, i + size - 1)):
        return None
    return " ".join(w.low for w in view.words[i : i + size])


def _known(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    for size in range(min(6, len(view.words) - i), 0, -1):
        phrase = _phrase(view, i, size)
        if phrase is None:
            continue
        if phrase in lexicon.institutions:
            yield i, i + size, "institutions.known"
            return
        # the long list has every practice; with a capital and a word of its own it is one
        long_enough = size > 1 or len(phrase) > 4
        if (
            long_enough
            and phrase in lexicon.listed_institutions
            and any(
                view.capital(k)
                and not lexicon.is_word(view.at(k))
                and view.at(k) not in lexicon.public
                and view.at(k) not in lexicon.places
                for k in range(i, i + size)
            )
        ):
            yield i, i + size, "institutions.listed"
            return


def _trailed(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "Bavo Ziekenhuis", "het Vossius gymnasium", "Van Damcollege"."""
    if (
        i == 0
        or not _AFTER.fullmatch(view.at(i))
        or not (view.near(i - 1) or view.gap(i - 1) == "-")
    ):
        return
    k = i
    while (
        k > 0
        and (view.near(k - 1) or view.gap(k - 1) in ("-", ". "))
        and (view.capital(k - 1) or (view.at(k - 1) in INNER and k - 1 > 0 and view.capital(k - 2)))
    ):
        k -= 1
    names = [
        m
        for m in range(k, i)
        if view.at(m) not in lexicon.public and view.at(m) not in lexicon.not_names
    ]
    own = [
        m
        for m in names
        if not lexicon.is_word(view.at(m)) or view.words[i].title or view.at(m) in lexicon.surnames
    ]
    if view.at(i) in _WEAK_TRAILERS:
        own = [m for m in own if view.words[i].title and not lexicon.is_word(view.at(m))]
    if k < i and own and len(names) == i - k:
        yield k, i + 1, "institutions.trailed"


def _compound(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "de Fonteinkliniek", "bergmankliniek"."""
    word = view.words[i]
    match = _COMPOUND.match(word.low)
    if not match or word.low in lexicon.words:
        return
    stem = match.group(1).rstrip("-s") or match.group(1)
    if match.group(1).rstrip("-") in _GENERIC_STEMS or stem in _GENERIC_STEMS:
        return
    common = lexicon.is_word(stem) or lexicon.is_word(match.group(1).rstrip("-"))
    if (
        view.capital(i)
        and (
            not common
            or match.group(1) in lexicon.toponyms
            or stem in lexicon.toponyms
            or len(stem) > 4
        )
    ) or (
        not common
        and (stem in lexicon.surnames or stem in lexicon.places or not lexicon.misspelled(stem))
    ):
        yield i, i + 1, "institutions.compound"


def _sentence_before(view: View, i: int, reach: int = 60) -> str:
    text = view.low[max(0, view.words[i].start - reach) : view.words[i].start]
    return re.split(r"[.!?\n;](?=\s|$)", text)[-1]


def _opens_name(view: View, i: int) -> int | None:
    """The index of the preposition before a name at ``i`` ("bij de X"), or None."""
    k = i - 1
    while (
        k >= 0
        and view.near(k)
        and (
            view.at(k) in ("de", "het", "'t", "den")
            or (view.words[k].text in ("Van", "Der", "Den", "Ter", "Ten"))
        )
    ):
        k -= 1
    return k if k >= 0 and view.near(k) and view.at(k) in _PREPOSITION else None


def _after_care(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:  # noqa: PLR0911, PLR0912
    """ "opgenomen in de Waterlinde", "in behandeling bij Dynamisch", "zit bij de hoge veste"."""
    word = view.words[i]
    low = word.low
    preposition = _opens_name(view, i)
    if (
        preposition is None
        or low in lexicon.public
        or low in lexicon.not_names
        or len(low) < 4
        or not low[0].isalpha()
    ):
        return
    lead = _sentence_before(view, preposition)
    if not _CARE.search(lead):
        return
    article = preposition < i - 1
    by = view.at(preposition)
    if view.capital(i):
        if low in lexicon.certain_names or low in lexicon.ambiguous_names or low in HEADS:
            return
        if low in lexicon.places or low in lexicon.regions:
            return
        known = lexicon.is_word(low)
        if lexicon.is_name(low) and not article:
            return
        big_article = article and view.words[i - 1].title
        two = i + 1 < len(view.words) and view.near(i) and view.capital(i + 1)
        house = (
            article
            and low not in _GENERIC_HOUSES
            and any(low.endswith(t) for t in (*lexicon.toponyms, "plaats") if len(t) > 2)
        )
        if known and not (big_article or two or house):
            return
        if not known and by in ("van", "door", "uit", "op") and not article:
            return
        if by in ("in", "naar") and not article and ends_as_place(low, lexicon):
            return  # "in een groep in Zuidermeerkerk"
        end = named(view, lexicon, i, False, False)
        if end is not None:
            yield (i - 1 if article else i), end, "institutions.care"
    elif (
        low.startswith(("sint-", "st-"))
        and low not in lexicon.places
        and by in ("in", "bij", "naar")
    ):
        yield i, i + 1, "institutions.care"
    elif by in ("in", "bij", "naar") and article and low not in lexicon.places:
        unknown = not lexicon.in_dictionary(low) and low not in lexicon.streets
        if unknown and ends_as_house(low, lexicon):
            yield i, i + 1, "institutions.care"


_CAREFUL = re.compile(
    r"zorg|mentaal|psych|ggz|welzijn|jeugd|hulp|therap|geestelijk|herstel|kliniek|coaching"
)


def _careful_name(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "bij Mentaal Krachtig Twente", "van Tele-Zorg Kempenland": care and a word of its own."""
    if view.at(i - 1) not in ("bij", "van", "via", "door", "naar") or not view.near(i - 1):
        return
    end = i
    while end < len(view.words) and view.capital(end) and (end == i or view.near(end - 1)):
        end += 1
    phrase = [w.low for w in view.words[i:end]]
    if len(phrase) < 2 or " ".join(phrase) in lexicon.public or set(phrase) & lexicon.public:
        return
    own = [
        w
        for w in phrase
        if not lexicon.in_dictionary(w) or w in lexicon.places or w in lexicon.regions
    ]
    care = [w for w in phrase if _CAREFUL.search(w)]
    if own and care and not set(phrase) & lexicon.certain_names:
        yield i, end, "institutions.care_name"


_WATCHED = re.compile(
    r"\b(?:keek|kijk|kijken|gekeken|lees|las|lezen|gelezen|luister|film|serie|boek)\b"
)


def _house(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "van het Rivierenhuis", "toen ik bij De Hoeksteen woonde": a house by its name."""
    if not view.capital(i) or not view.near(i - 1) or view.at(i - 1) not in ("de", "het", "'t"):
        return
    low = view.at(i)
    before = view.low[max(0, view.words[i].start - 70) : view.words[i].start]
    if any(
        low in known
        for known in (lexicon.not_names, lexicon.public, lexicon.certain_names, lexicon.places)
    ):
        return
    if " ".join((view.at(i - 1), low)) in lexicon.public or low in HEADS:
        return
    made_up = not lexicon.in_dictionary(low) and ends_as_house(low, lexicon)
    titled = view.capital(i - 1) and view.at(i - 2) in ("bij", "in", "naar", "uit")
    made_up = made_up and low not in lexicon.surnames and low not in lexicon.streets
    street = low.endswith(("straat", "laan", "weg", "plein"))
    watched = _WATCHED.search(before)
    if made_up or (titled and not street and not watched and I_WE.search(before)):
        yield i - 1, i + 1, "institutions.house"


def _after_work(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "ik werk bij Van Dam Bakkerijen", "stage bij Zonneweelde"."""
    if not view.capital(i):
        return
    preposition = _opens_name(view, i)
    if preposition is None or view.at(preposition) not in ("bij", "op", "in", "van"):
        return
    low = view.at(i)
    lead = _sentence_before(view, preposition)
    if (
        not (I_WE.search(lead) and WORK.search(lead))
        or low in lexicon.public
        or low in lexicon.not_names
    ):
        return
    if (
        low in lexicon.certain_names
        or low in lexicon.places
        or low in lexicon.regions
        or low in lexicon.ambiguous_names
    ):
        return
    if lexicon.is_word(low) and not (
        view.capital(i + 1) if i + 1 < len(view.words) and view.near(i) else False
    ):
        return
    if view.at(preposition) != "bij" and lexicon.is_word(low):
        return
    end = named(view, lexicon, i, False, False)
    if end is not None:
        begin = i
        while begin - 1 > preposition and view.words[begin - 1].title:
            begin -= 1
        yield begin, end, "institutions.work"
