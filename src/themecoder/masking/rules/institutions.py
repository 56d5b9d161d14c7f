"""Institutions of care, schools and employers: a word for an institution and its name, known names,
and names after "opgenomen in", "onder behandeling bij"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import Lexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

_ABBREVIATED = frozenset(
    "ggz ggze pz opz upc paaz cgg caw clb wgc ribw umc az uz zna wzc zkh mc roc riagg vzw cpz pc gga cggz".split()
)
_HEADS = _ABBREVIATED | frozenset(
    "kliniek klinieken ziekenhuis gasthuis hospitaal stichting praktijk huisartsenpraktijk huisartspraktijk groepspraktijk psychologenpraktijk psychologiepraktijk "
    "gezondheidscentrum wijkgezondheidscentrum dagcentrum dagkliniek polikliniek woonvorm woongroep woonvoorziening woonzorgcentrum zorgboerderij verslavingskliniek "
    "verslavingszorg instelling ggz-instelling zorginstelling jeugdkliniek inloophuis inloopcentrum herstelacademie herstelcentrum apotheek basisschool lagere school college "
    "lyceum gymnasium atheneum hogeschool universiteit bakkerij firma bedrijf wonen centrum instituut behandelcentrum therapiecentrum expertisecentrum groepspraktijk huize "
    "verpleeghuis buurthuis zorgcentrum ontmoetingscentrum ontmoetingshuis activiteitencentrum psychiatrie jeugdzorg kinderdagverblijf kleuterschool middelbare scholengemeenschap".split()
)
_WEAK_HEADS = frozenset(
    "centrum instituut wonen bedrijf praktijk stichting instelling school college psychiatrie universiteit hogeschool pc mc vzw middelbare lagere jeugdzorg".split()
)
_SCHOOLS = frozenset("universiteit hogeschool".split())
_LINK = frozenset(
    "de het 't den ter ten van sint st voor te in op aan der dr en pz az psychiatrisch psychiatrische".split()
)
_INNER = frozenset("de het 't den der ter ten van sint st en & aan op dr voor i".split())
_AFTER = re.compile(
    r"(?:kliniek|klinieken|ziekenhuis|ziekenhuizen|gasthuis|hospitaal|zorggroep|lyceum|gymnasium|college|atheneum|groepspraktijk|huisartsenpraktijk|psychologenpraktijk|ggz|zorg|psychologie|psychiatrie|centrum|instituut|school)"
)
_CARE = re.compile(
    r"\b(?:opgenomen|opname|opnames|opname's|behandeling|behandeld|behandeltraject|cli[eë]nte?|pati[eë]nte?|therapie|intake|intakegesprek|wachtlijst|wachten|aangemeld|aanmelding|doorverwezen|verwezen|"
    r"ontslagen|ontslag|verblijf|verblijven|verbleef|gezeten|zat|zit|lag|lig|begeleiding|begeleid|dagbehandeling|deeltijd|dagtherapie|psycholoog|psychologe|psychiater|therapeut|therapeute|behandelaar|begeleider|hulp|"
    r"kliniek|traject|afspraak|loop|liep|crisisopname|crisisdienst|groepstherapie|nazorg|polikliniek|poli|afdeling)\b"
)
_WORK = re.compile(
    r"\b(?:werk|werkte|werkzaam|gewerkt|stage|vrijwilliger|vrijwilligerswerk|baan|collega's|docent|leraar|lerares|leerkracht|leerling|student|studeer|studeerde|les|school|ontslagen|ontslag|contract|werknemer|chef|secretaresse|stagiair|stagiaire)\b"
)
_I = re.compile(r"\b(?:ik|mijn|m'n|mn|wij|we|onze|me|mij|ons)\b")
_PREPOSITION = frozenset("bij in van naar op vanuit via uit door".split())
_COMPOUND = re.compile(
    r"(.{4,}?)(?:kliniek|ziekenhuis|gasthuis|lyceum|college|hospitaal|zorggroep|psychologen)$"
)
_GENERIC_STEMS = frozenset(
    "privé prive dag poli huisarts academisch psychiatrisch universitair regionaal streek kinder dieren jeugd vrouwen militair lands stads tand tandarts verslavings angst eet crisis nacht droom trauma slaap pijn ggz-".split()
)


def find(view: View, lexicon: Lexicon) -> Iterator[Mask]:
    """Institutions that tell where someone is treated, goes to school or works."""
    words = view.words
    spans: list[tuple[int, int, str]] = []
    for i in range(len(words)):
        spans += _known(view, lexicon, i)
        spans += _headed(view, lexicon, i)
        spans += _trailed(view, lexicon, i)
        spans += _compound(view, lexicon, i)
        spans += _after_care(view, lexicon, i)
        spans += _after_work(view, lexicon, i)
    for a, b, rule in spans:
        start, end = words[a].start, words[b - 1].end
        yield Mask(start, end, "institution", view.text[start:end], rule)


def _phrase(view: View, i: int, size: int) -> str | None:
    if not all(view.near(k) or view.gap(k) in ("-", ". ", " & ") for k in range(i, i + size - 1)):
        return None
    return " ".join(w.low for w in view.words[i : i + size])


def _known(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
    for size in range(min(6, len(view.words) - i), 0, -1):
        phrase = _phrase(view, i, size)
        if phrase is None:
            continue
        if phrase in lexicon.institutions:
            yield i, i + size, "institutions.known"
            return
        # the long list has every practice; with a capital and a word of its own it is one
        if phrase in lexicon.listed_institutions and any(
            view.capital(k)
            and not lexicon.is_word(view.at(k))
            and view.at(k) not in lexicon.public
            and view.at(k) not in lexicon.places
            for k in range(i, i + size)
        ):
            first = next((k for k in range(i, i + size)), i)
            if size > 1 or len(phrase) > 4:
                yield first, i + size, "institutions.listed"
                return


def _named(view: View, lexicon: Lexicon, j: int, lower: bool, certain: bool) -> int | None:
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
        if low in lexicon.not_names and low not in _INNER:
            break
        if view.capital(k) or (
            view.any_capital(k) and k > j and view.gap(k - 1) in (". ", ".", "- ", " - ")
        ):
            if low in _INNER:
                k += 1
                continue
            end = k + 1
        elif (
            low in _INNER
            and k + 1 < len(words)
            and (view.capital(k + 1) or low in ("sint", "st") or (view.at(k + 1) in _INNER))
        ):
            if low in ("sint", "st"):
                k += 1
                if k < len(words) and view.near(k - 1) or view.gap(k - 1) in (". ", "."):
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


def _own_name(view: View, lexicon: Lexicon, k: int, certain: bool) -> bool:
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
    ending = any(low.endswith(t) and len(low) > len(t) + 2 for t in lexicon.toponyms if len(t) > 2)
    if low in lexicon.words or low in lexicon.not_names:
        return False
    if ending:
        return True
    return certain and not lexicon.is_word(low) and not lexicon.misspelled(low)


def _headed(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "GGZ De Waterlinde", "cgg kempen", "PZ Sint-Jozef", "kliniek de hoge beuk"."""
    head = view.at(i)
    if head not in _HEADS and not re.fullmatch(
        r"(?:ggz|[\w-]{2,})-?(?:kliniek|praktijk|instelling)", head
    ):
        return
    if i + 1 >= len(view.words) or not (
        view.near(i) or re.fullmatch(r"\s?[-'\"“‘.:]\s?['\"“‘]?", view.gap(i))
    ):
        return
    if head in ("centrum", "wonen", "instituut") and view.at(i - 1) not in (
        "psychiatrisch",
        "beschut",
        "begeleid",
        "medisch",
        "psychiatrische",
        "geestelijke",
        "therapeutisch",
        "universitair",
    ):
        if not view.capital(i):
            return
    if view.gap(i).strip() in (".", ":") and head not in ("st",):
        return
    j = i + 1
    links = 0
    while j < len(view.words) and view.at(j) in _LINK and links < 3 and view.near(j):
        j += 1
        links += 1
    if j >= len(view.words):
        return
    linked = {view.at(k) for k in range(i + 1, j)}
    low = view.at(j)
    start = i
    if view.at(i - 1) in (
        "psychiatrisch",
        "psychiatrische",
        "beschut",
        "begeleid",
        "medisch",
        "universitair",
        "algemeen",
        "lagere",
        "middelbare",
    ) and view.near(i - 1):
        start = i - 1
    if linked & {"in", "te"}:
        return  # "de paaz in gent": the place is masked by its own rule
    if head in _SCHOOLS:
        sentence = view.low[max(0, view.words[i].start - 70) : view.words[i].start]
        if not (_I.search(sentence) and _WORK.search(sentence)):
            return
    strict = (
        head in _ABBREVIATED
        or head.endswith(("kliniek", "ziekenhuis", "praktijk"))
        or head in ("huize", "basisschool", "woonvorm", "zorgboerderij")
    )
    if "voor" in linked or ("van" in linked and head not in _ABBREVIATED and not view.capital(j)):
        return
    if linked & {"en", "op", "aan"} and not any(view.words[k].title for k in range(i + 1, j)):
        return
    if view.capital(j) and (low in lexicon.public or low in lexicon.not_names):
        return
    if view.capital(j):
        # "bij de ggz Marieke gesproken": a first name is a person, unless the institution has it
        if (
            low in lexicon.certain_names
            and head not in ("basisschool", "stichting", "huize", "praktijk", "college")
            and "sint" not in linked
            and "st" not in linked
            and not view.capital(i)
        ):
            return
        small_van = any(view.words[k].text == "van" for k in range(i + 1, j))
        if small_van and head not in _ABBREVIATED and low in lexicon.places and not view.capital(i):
            return  # "het ziekenhuis van Almelo" is a place
        end = _named(view, lexicon, j, False, strict)
        if end is not None:
            yield start, end, "institutions.headed"
        return
    if "sint" in linked or "st" in linked:
        yield start, j + 1, "institutions.headed"
        return
    # lower case
    if head in _WEAK_HEADS and head != "stichting":
        own = low not in lexicon.words and any(
            low.endswith(t) and len(low) > len(t) + 2 for t in lexicon.toponyms if len(t) > 2
        )
        if own and linked and linked <= {"de", "het", "'t", "den", "ter", "ten"}:
            yield start, j + 1, "institutions.headed"
        return
    if (
        low in lexicon.toponyms
        and linked & {"de", "het", "'t", "den"}
        and strict
        and lexicon.noun_only(low)
        and len(low) > 3
        and _named_clause(view, j)
    ):
        yield start, j + 1, "institutions.headed"
        return
    if (
        low
        in (
            "hoge",
            "nieuwe",
            "oude",
            "grote",
            "lange",
            "gouden",
            "witte",
            "groene",
            "blauwe",
            "rode",
            "kleine",
        )
        and linked & {"de", "het", "'t", "den"}
        and view.at(j + 1) in lexicon.toponyms
        and view.near(j)
    ):
        yield start, j + 2, "institutions.headed"
        return
    end = _named(
        view, lexicon, j, True, strict and not (linked & {"voor", "van", "op", "aan", "en"})
    )
    if end is not None and (
        not links or linked <= {"de", "het", "'t", "den", "ter", "ten", "dr", "van"}
    ):
        if "van" in linked and low in lexicon.places and head not in _ABBREVIATED:
            return
        if low in lexicon.certain_names or (low in lexicon.first_names and not links):
            return
        if (
            links
            and not any(low.endswith(t) for t in lexicon.toponyms)
            and low not in lexicon.places
            and lexicon.misspelled(low)
        ):
            return
        yield start, end, "institutions.headed"


def _named_clause(view: View, j: int) -> bool:
    return not view.near(j) or view.at(j + 1) in (
        "en",
        "in",
        "heb",
        "is",
        "was",
        "heeft",
        "waar",
        "ben",
        "met",
        "maar",
        "zat",
        "hebben",
        "die",
        "hadden",
        "kreeg",
        "geweest",
        "gezeten",
        "opgenomen",
    )


def _trailed(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
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
        and (
            view.capital(k - 1) or (view.at(k - 1) in _INNER and k - 1 > 0 and view.capital(k - 2))
        )
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
    if view.at(i) in (
        "zorg",
        "centrum",
        "school",
        "psychologie",
        "psychiatrie",
        "ggz",
        "instituut",
    ):
        own = [m for m in own if view.words[i].title and not lexicon.is_word(view.at(m))]
    if k < i and own and len(names) == i - k:
        yield k, i + 1, "institutions.trailed"


def _compound(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
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


def _lead(view: View, i: int, reach: int = 60) -> str:
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


def _after_care(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
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
    lead = _lead(view, preposition)
    if not _CARE.search(lead):
        return
    article = preposition < i - 1
    by = view.at(preposition)
    if view.capital(i):
        if low in lexicon.certain_names or low in lexicon.ambiguous_names or low in _HEADS:
            return
        if low in lexicon.places or low in lexicon.regions:
            return
        known = lexicon.is_word(low)
        if low in lexicon.first_names | lexicon.surnames and not article:
            return
        big_article = article and view.words[i - 1].title
        two = i + 1 < len(view.words) and view.near(i) and view.capital(i + 1)
        if known and not (big_article or two or (low in lexicon.toponyms and article)):
            return
        if not known and by in ("van", "door", "uit", "op") and not article:
            return
        end = _named(view, lexicon, i, False, False)
        if end is not None:
            yield (i - 1 if big_article else i), end, "institutions.care"
    elif (
        low.startswith(("sint-", "st-"))
        and low not in lexicon.places
        and by in ("in", "bij", "naar")
    ):
        yield i, i + 1, "institutions.care"
    elif (
        by in ("in", "bij", "naar")
        and article
        and low not in lexicon.words
        and low not in lexicon.places
    ):
        if any(
            low.endswith(t) and len(low) > len(t) + 2 for t in lexicon.toponyms if len(t) > 3
        ) and not lexicon.in_dictionary(low):
            if low not in lexicon.streets:
                yield i, i + 1, "institutions.care"


def _after_work(view: View, lexicon: Lexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "ik werk bij Van Dam Bakkerijen", "stage bij Zonneweelde"."""
    if not view.capital(i):
        return
    preposition = _opens_name(view, i)
    if preposition is None or view.at(preposition) not in ("bij", "op", "in", "van"):
        return
    low = view.at(i)
    lead = _lead(view, preposition)
    if (
        not (_I.search(lead) and _WORK.search(lead))
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
    end = _named(view, lexicon, i, False, False)
    if end is not None:
        begin = i
        while begin - 1 > preposition and view.words[begin - 1].title:
            begin -= 1
        yield begin, end, "institutions.work"
