"""Details in answers that are typed without capitals: organisations, people, villages, streets.

Without a capital only the sentence tells a name from a word: "bij koor vivace" (a preposition, no
article, two nouns), "mijn tandarts bouwmeester zag" (a role, a surname, a verb that has a subject).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.places import ends_as_place
from themecoder.masking.rules.reader import FINITE, SURNAME_ENDS, NameLevel, Reader
from themecoder.masking.tokens import View, words

_HEAD = re.compile(
    r"stichting|buurtteam|wijkteam|mavo|havo|voedselbank|huize|ggz|pz|upc|cvo|az|uz|kdv|bso|zkh|clb|praktijk|instelling|mee|cgg|caw|roc|mbo|sv|vv|rkvv|obs|cbs|sbo|bs|cs|pi|azc|wzc|woonzorgcentrum|"
    r"zorgcentrum|zorghuis|hogeschool|lyceum|college|gymnasium|basisschool|"
    r"middelbare school|kliniek|"
    r"[\w-]{2,}(?:kliniek|praktijk|vereniging|club|koor|bedrijf|kantoor|orkest|opvang|winkel|tehuis|"
    r"boerderij|hoeve|ziekenhuis|zorg|school|centrum|verblijf)|verpleeghuis|verzorgingshuis|rusthuis|"
    r"buurthuis|gezinshuis|logeerhuis|inloophuis|inloop|internaat|restaurant|hotel|café|cafe|camping|"
    r"garage|bakkerij|slagerij|kapsalon|fysiotherapie|apotheek|koor|fanfare|harmonie|scouting|manege|"
    r"moskee|parochie|dagbesteding|afdeling|leefgroep|woongroep|thuiszorg|firma|hospice"
)
_TRAILERS = words("moskee college lyceum gymnasium ziekenhuis kliniek kerk basisschool instituut")
_NO_HEAD = words(
    "mantelzorg nazorg jeugdzorg verslavingszorg gezondheidszorg hogeschool basiszorg callcenter "
    "gesprekspraktijk dierenwinkel thuis eerstelijnszorg terminale zorg muziekschool sportschool "
    "rijschool muziekclub middelpunt gekkenhuis psychiatriezorg zelfzorg verzorging bezorg oudezorg"
)
_BARE = words("bij in op van via naar voor aan uit door met tot langs werkt werk zit zat")
_ARTICLES = words("de het 't ter ten sint st al el")
_NAME_LINKS = _ARTICLES | words("van der den")
# what stands behind a word for an institution and is no name of it: "ggz behandelaar"
_GENERIC = re.compile(
    r".*(?:behandel\w*|hulp\w*|zorg|wachtlijst\w*|psycho\w*|psychia\w*|team\w*|arts\w*|medewerk\w*|"
    r"cli[eë]nt\w*|pati[eë]nt\w*|instelling\w*|sector|docent\w*|leerling\w*|student\w*|dag|dagen|kamer\w*|"
    r"tijd|tijden|week|jaar|maand\w*|mama|personeel|bestuur|begeleid\w*|verple\w*|groep\w*|gebouw|werk|werken|"
    r"mensen|ervaring\w*|traject\w*|indicatie|verleden|opname\w*|app|apps|website|terrein|directeur|"
    r"huis|kinderen|ouders|vrienden|weekend\w*|avond|avonden|ochtend\w*|alcohol|drugs|stress|angst\w*|"
    r"depressie\w*|trauma\w*|mannen|vrouwen|jongeren|volwassenen|ouderen|koffie|thee|niks|spoed|"
    r"advies|diagnos\w*|medicatie|pillen|kosten|geld|hoofd|stuk|niveau|beleid|bezoek\w*|deur)"
)
_PLACE_BEFORE = words("in uit te naar van vanuit op vanaf bij rond als richting omgeving vlakbij")
_AUTHORITY = words(
    "wijkagent agent officier rechter advocaat advocate dominee pastoor pastor dokter tandarts "
    "huisarts psychiater psycholoog psychologe therapeut therapeute notaris docent mentor coach "
    "bewindvoerder casemanager begeleider begeleidster behandelaar voogd leraar lerares "
    "juf meester "
    "baas collega buurman buurvrouw oom tante broer zus zusje broertje vriend vriendin man zoon "
    "dochter boss therapist doctor counsellor teacher friend worker"
)
_MISSED = words("mis miste zag ken kende vertrouw sprak haat bel belde toen dankzij")
_WITH_WHOM = words("over erover gesproken gepraat samen gebeld besproken gedeeld gehad")
_WHENCE = re.compile(
    r" van (?:de |het )?(?:nachtdienst|inloop|dagbesteding|crisisdienst|\w*team|thuiszorg|ggz|paaz|"
    r"opvang|\w*praktijk|bibliotheek|administratie|receptie|begeleiding|\w*club|cursus|training)\b"
)
_SAYS = words("zegt zei vindt vond vroeg belde appte vertelde snapt luistert helpt hielp")
_LIVES = re.compile(r"\b(?:woon\w*|kom|komt|kwam|dorp|geboren|opgegroeid|verhuis\w*|buurt|rand)\b")
_POSTCODE_PLACE = re.compile(r"(?<![\d.,/-])[1-9]\d{3}\s[a-z]{2}(?=,?\s([a-z'’-]{3,}))")
_STREET_EN = re.compile(
    r"\b\d{1,4}[a-z]?\s(?:[a-z]{3,}\s){1,2}(?:street|road|lane|avenue|drive|crescent|terrace)\b"
)
_NUMBER_OF_STREET = re.compile(
    r"\b(?:nummer|nr\.?|huisnummer)\s\d{1,4}\s?[a-z]?\s(?:van|in|op|aan)\s(?:(?:de|het|'t)\s)?([a-z'’-]{4,})"
)
_STREET_ALONE = re.compile(
    r"(?:^|,\s|:\s|\bflat\s|\badres\s)((?:(?:de|het|'t)\s)?([a-zà-ÿ'’-]{5,})\s\d{1,4}(?:\s?[a-z])?)"
    r"(?=$|[,.;]|\s(?:in|te)\s)"
)
_ABBREVIATIONS = words(
    "a.u.b b.v d.w.z e.d e.a i.p.v i.v.m m.b.t o.a n.v.t t.o.v z.s.m a.i p.s d.m.v"
)
_INITIAL_SURNAME = re.compile(r"(?<![\w.])(?:[a-z]\.\s?){1,3}([a-zà-ÿ]{4,})\b")


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """What words without a capital say by their place in the sentence."""
    reader = Reader(view, lexicon)
    text = view.text
    for i, word in enumerate(view.words):
        if word.text != word.low and not view.caseless:
            continue
        for start, end, kind in (
            *_organisation(reader, i),
            *_trailed(reader, i),
            *_person(reader, i),
            *_village(reader, i),
        ):
            a, b = view.words[start].start, view.words[end - 1].end
            yield Mask(a, b, kind, text[a:b], f"lower_case.{kind}")
    yield from _written(view, lexicon)


def _written(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """What has a form of its own: a postcode with its town, a street with its number."""
    text = view.text
    for match in _POSTCODE_PLACE.finditer(text):
        if match.group(1) in lexicon.places:
            yield Mask(match.start(), match.end(), "address", match.group(), "lower_case.address")
    for match in _STREET_EN.finditer(text):
        yield Mask(match.start(), match.end(), "address", match.group(), "lower_case.address")
    for match in _NUMBER_OF_STREET.finditer(text):
        if match.group(1) in lexicon.streets and not lexicon.in_dictionary(match.group(1)):
            yield Mask(match.start(), match.end(), "address", match.group(), "lower_case.address")
    for match in _STREET_ALONE.finditer(text):
        name = match.group(2)
        if name in lexicon.streets and not lexicon.in_dictionary(name):
            start, end = match.span(1)
            yield Mask(start, end, "address", text[start:end], "lower_case.address")
    for match in _INITIAL_SURNAME.finditer(text):
        name = match.group(1)
        surname = name in lexicon.surnames or name.endswith(SURNAME_ENDS)
        abbreviation = match.group().split(" ")[0].rstrip(".") in _ABBREVIATIONS
        if surname and not (abbreviation or lexicon.in_dictionary(name)):
            yield Mask(match.start(), match.end(), "name", match.group(), "lower_case.name")


def _organisation(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "bij koor vivace", "verzorgingshuis avondzon belde", "in restaurant de gouden leeuw"."""
    view, lex = reader.view, reader.lexicon
    head = view.at(i)
    if not _HEAD.fullmatch(head) or head in _NO_HEAD or not view.near(i):
        return
    if head == "mee" and view.at(i + 1) not in lex.places | words("noord zuid oost west"):
        return
    before = view.at(i - 1)
    opens = view.words[i].opens
    described = before in ("fanfare", "koor", "kerk", "school", "mijn", "onze")
    described = described or "," in view.gap(i - 1)
    known = before in ("de", "het", "een", "mijn") and len(head) > 4
    abbreviated = before in ("de", "het") and len(head) <= 4
    if not (opens or before in _BARE or described or known or abbreviated):
        return
    j = i + 1
    while j < len(view.words) - 1 and view.at(j) in _NAME_LINKS and view.near(j) and j - i <= 3:
        j += 1
    linked = j > i + 1
    if known and not linked:
        # "het lyceum kottenpark": after an article only a word that is none, or a place
        low = view.at(j)
        own = (
            reader.level(j) >= NameLevel.UNKNOWN
            and not lex.is_word(low)
            and not lex.misspelled(low)
            and low not in lex.not_names
        )
        if not own or low in lex.public or len(low) < 4:
            return
    archaic = view.at(j - 1) in ("der", "den", "ter", "ten", "sint", "st", "al", "el")
    if linked and view.at(i + 1) == "van" and not archaic and not _surname(reader, j):
        return
    end = _organisation_name(reader, j, linked, len(head) <= 4 or archaic)
    if end is not None and (not opens or end >= len(view.words) or _stops(reader, end - 1)):
        yield i, end, "institution"


def _trailed(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "het kottenpark college", "de el fath moskee": an unknown word before the kind of place."""
    view, lex = reader.view, reader.lexicon
    if view.at(i) not in _TRAILERS or not view.near(i - 1) or i == 0:
        return
    low = view.at(i - 1)
    if lex.is_word(low) or lex.misspelled(low) or len(low) < 4 or low in lex.public:
        return
    if low in lex.certain_names and view.at(i) != "college":
        return
    start = i - 1
    if view.at(i - 2) in ("el", "al", "sint", "st", "ter", "ten") and view.near(i - 2):
        start = i - 2
    yield start, i + 1, "institution"


def _organisation_name(  # noqa: PLR0911
    reader: Reader, j: int, linked: bool, sure: bool
) -> int | None:
    """The index after the name of an organisation that begins at ``j``."""
    view, lex = reader.view, reader.lexicon
    low = view.at(j)
    if len(low) < 3 or not low[0].isalpha() or (low in lex.not_names and not sure):
        return None
    reading = lex.words.get(low, "") if lex.in_dictionary(low) else "?"
    follows = view.near(j) and j + 1 < len(view.words)
    if low in FINITE:
        return None
    own = reading in ("?", "n", "") or ("n" in reading and _stops(reader, j))
    if own and (low in lex.places or low in lex.surnames):
        return j + 1
    if "f" in reading or _GENERIC.fullmatch(low):
        return None
    if "a" in reading or (low in lex.public and "n" not in reading):
        # "de gouden leeuw", "friese poort": an adjective and a noun, and no more
        noun = follows and "n" in lex.words.get(view.at(j + 1), "n") and view.at(j + 1) not in _BARE
        if (
            noun
            and (linked or sure)
            and _stops(reader, j + 1)
            and not _GENERIC.fullmatch(view.at(j + 1))
        ):
            return j + 2
        return j + 1 if sure and "n" in reading and _stops(reader, j) else None
    if linked:
        noun = "n" in lex.words.get(view.at(j + 1), "") and view.at(j + 1) not in lex.not_names
        if reading == "?" and follows and noun and not view.near(j + 1):
            return j + 2  # "de rooyse wissel"
        noun = "n" in reading or reading in ("?", "")
        return j + 1 if noun and _stops(reader, j) else None
    if reading == "?":
        misspelled = lex.misspelled(low) and not ends_as_place(low, lex)
        return j + 1 if not misspelled or sure else None
    if reading == "n" and low not in lex.common and _stops(reader, j):
        return j + 1
    return None


def _surname(reader: Reader, j: int) -> bool:
    low = reader.view.at(j)
    lex = reader.lexicon
    return low in lex.after_prefix and not lex.in_dictionary(low) and low not in lex.certain_places


def _stops(reader: Reader, i: int) -> bool:
    """Whether word ``i`` ends what is named: a stop, a verb or a function word follows."""
    view, lex = reader.view, reader.lexicon
    if not view.near(i):
        return True
    following = view.at(i + 1)
    reading = lex.words.get(following, "")
    return "f" in reading or "v" in reading or following in lex.not_names or following in FINITE


def _person(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:  # noqa: PLR0911
    view, lex = reader.view, reader.lexicon
    low = view.at(i)
    if low == "van" and view.at(i + 1) in ("der", "den") and view.near(i):
        end = reader.surname_end(i)
        if end is not None and not lex.in_dictionary(view.at(end - 1)):
            yield i, end, "name"
        return
    if low in lex.not_names or low in lex.public or len(low) < 3 or not low.isalpha():
        return
    level = reader.level(i)
    before = view.at(i - 1) if view.near(i - 1) else ""
    verb = view.near(i) and (
        view.at(i + 1) in FINITE
        # "mijn baas arie boon is"
        or (view.near(i + 1) and view.at(i + 1) in lex.surnames and view.at(i + 2) in FINITE)
    )
    listed = low in lex.first_names or low in lex.surnames or low in lex.ambiguous_names
    reading = lex.words.get(low, "")
    noun = reading in ("n", "") and low not in lex.common
    if before in _AUTHORITY and verb and (listed or level == NameLevel.UNKNOWN):
        full = low in lex.first_names and view.at(i + 1) in lex.surnames
        if (noun or full) and not (level == NameLevel.UNKNOWN and lex.misspelled(low)):
            yield i, reader.name_end(i), "name"  # "mijn tandarts bouwmeester zag"
            return
    second = before == "en" and view.at(i - 2) in lex.certain_names and low in lex.first_names
    if second and noun and reader.ends_clause(i):
        yield i, i + 1, "name"  # "lotte en milan"
        return
    if level == NameLevel.LISTED and low in lex.first_names and len(low) > 3:
        article = before in ("de", "het", "een", "the", "a", "die", "dat", "deze", "geen")
        place = low in lex.places or low in lex.regions
        missed = before in _MISSED
        if not (article or place or (lex.misspells_common(low) and not missed)) and not _is_foreign(
            reader
        ):
            yield i, reader.name_end(i), "name"  # "ik zag guusje"
            return
    together = before == "met" and view.at(i + 1) == "en" and view.near(i) and view.near(i + 1)
    both = all(view.at(k) in lex.ambiguous_names | lex.certain_names for k in (i, i + 2))
    if together and both and "f" not in reading:
        yield i, i + 1, "name"  # "met linda en ton"
        yield i + 2, i + 3, "name"
        return
    spoken = low in lex.ambiguous_names and "n" in (reading or "n") and before == "met"
    if spoken and view.near(i) and view.at(i + 1) in _WITH_WHOM:
        yield i, i + 1, "name"  # "met merel over gehad"
        return
    whence = _WHENCE.match(view.low[view.words[i].end :])
    led = before in ("zonder", "door", "dankzij", "met", "aan", "volgens") or view.words[i].opens
    if whence and led and low in lex.ambiguous_names and "f" not in reading:
        yield i, i + 1, "name"  # "zonder storm van de nachtdienst"
        return
    named = low in lex.ambiguous_names and "a" not in reading and view.words[i].opens
    if named and view.near(i) and view.at(i + 1) in _SAYS:
        yield i, i + 1, "name"  # "roos zegt altijd"


def _is_foreign(reader: Reader) -> bool:
    known = [w.low for w in reader.view.words if w.low.isalpha()]
    unknown = sum(not reader.lexicon.is_word(w) for w in known)
    return 5 * unknown > 2 * len(known) and len(known) > 3


def _village(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "de bus naar winschoten", "volendam is": a place that is hardly a word."""
    view, lex = reader.view, reader.lexicon
    low = view.at(i)
    if low not in lex.places or low in lex.never_places or low in lex.public or len(low) < 4:
        return
    if low in lex.regions or low in lex.first_names or low in lex.not_names:
        return
    before = view.at(i - 1) if view.near(i - 1) else ""
    prep = before in _PLACE_BEFORE
    if before in ("de", "het", "een", "universiteit", "hogeschool", "rechtbank"):
        return
    if before == "van" and view.at(i - 2) in (
        "universiteit",
        "hogeschool",
        "rechtbank",
        "provincie",
    ):
        return
    if not lex.in_dictionary(low):
        if (
            not lex.is_word(low) and (prep or (len(low) > 4 and not lex.misspells_common(low)))
        ) or (ends_as_place(low, lex) and (prep or view.words[i].opens)):
            yield i, i + 1, "place"
        return
    # the dictionary has large villages too: "uit terschelling", "volendam is"
    noun = lex.words.get(low) in ("n", "") and low not in lex.common and len(low) > 5
    told = view.words[i].opens and view.at(i + 1) in FINITE and ends_as_place(low, lex)
    lives = _LIVES.search(view.low[max(0, view.words[i].start - 40) : view.words[i].start])
    if noun and (told or (prep and (ends_as_place(low, lex) or lives))):
        yield i, i + 1, "place"
