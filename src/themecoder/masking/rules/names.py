"""Names of people after a cue: a title, a role, "heet", "mijn naam is".

What counts as a name depends on what leads up to it: after "mevrouw" nearly anything is one,
without a cue in lower case only a first name that is no other word (``names_alone``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.names_alone import again, plain, signed
from themecoder.masking.rules.names_in_context import in_context
from themecoder.masking.rules.reader import (
    OLD_PREFIX,
    PREFIX,
    SURNAME_ENDS,
    NameLevel,
    Reader,
    is_pronounceable,
)
from themecoder.masking.rules.roles import CARER, ROLE
from themecoder.masking.tokens import View, words

_TITLES = words(
    "mevr mevrouw mw mvr mej mejuffrouw dhr hr meneer menere mijnheer heer drs prof professor "
    "ir ing dr doctor mr jhr ds dominee"
)
_CARE_TITLES = words(
    "dokter zuster zr broeder pastoor pater imam juf juffrouw meester nonkel tante oom tantes "
    "ome oma opa bomma bompa moeke peter meter"
)
_CALLED = words("heet heette heten genaamd geheten alias named called")
_INITIALS = re.compile(
    r"(?<![\w.])((?:[A-Z]\.\s?){1,5}(?:(?:van|de|den|der|het|'t|ter|ten|vd|v\.d\.|la|le|"
    r"el|te|Van|De|Den|Der)\s)*[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)*)"
)
_LOW_INITIALS = re.compile(
    r"(?<![\w.])((?:[a-z]\.){1,4}\s?(?:(?:van|de|den|der|ter|ten|vd|v\.d\.|"
    r"el)\s){1,3}[a-zà-ÿ]{3,})"
)
_INITIALS_NOT = words(
    "a.u.b b.v d.w.z e.d i.p.v i.v.m m.b.t o.a n.v.t t.o.v z.s.m a.i p.s d.m.v t.b.v"
)
_I_AM = re.compile(
    r"\b(?:mijn (?:naam|voornaam|achternaam|roepnaam|volledige naam|bijnaam) (?:is|luidt|"
    r"was)|m'n naam is|mn naam is|ik heet|naam\s?:|ik ben|noem me(?: maar)?|"
    r"my name is|my name's|this is|call me|i am|i'm|"
    r"zeg maar|men noemt mij|iedereen noemt me|ze noemen me|noemen mij|noemen me|(?:je|"
    r"u) spreekt met|hier spreekt|met vriendelijke groet,?)\s*[:,]?\s*$"
)
_SURE_I_AM = re.compile(r"naam|heet|spreekt|noem|name|call")


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Names of people."""
    reader = Reader(view, lexicon)
    spans: list[tuple[int, int, str]] = []
    for i in range(len(view.words)):
        spans += _titled(reader, i)
        spans += _after_role(reader, i)
        spans += _called(reader, i)
        spans += signed(reader, i)
        spans += _apposed(reader, i)
        spans += in_context(reader, i)
        spans += plain(reader, i)
    text = view.text
    for a, b, rule in spans:
        start, end = view.words[a].start, view.words[b - 1].end
        # the stop of a last initial belongs to the name
        if len(view.words[b - 1].text) == 1 and text[end : end + 1] == ".":
            end += 1
        yield Mask(start, end, "name", text[start:end], rule)
    for match in _INITIALS.finditer(text):
        if not view.caseless:
            yield Mask(match.start(1), match.end(1), "name", match.group(1), "names.initials")
    for match in _LOW_INITIALS.finditer(text):
        if match.group(1).split(" ")[0].rstrip(".") not in _INITIALS_NOT:
            yield Mask(match.start(1), match.end(1), "name", match.group(1), "names.initials")
    yield from again(reader, spans, _TITLES)


def _titled(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:  # noqa: PLR0911, PLR0912, PLR0915
    """ "mevr. Van Strijthagen", "dr. j. el amrani", "dokter yilmaz", "tante Truus"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    formal, care = word.low in _TITLES, word.low in _CARE_TITLES
    if not (formal or care) or i + 1 >= len(view.words):
        return
    if word.low == "heer" and view.at(i - 1) not in ("de", "den"):
        return
    if (
        word.low in ("mr", "dr", "ir", "ing", "hr", "mw", "ds")
        and word.text.isupper()
        and not view.caseless
    ):
        return
    stop = r"\.?[ \t]*" if formal or word.low == "zr" else r"[ \t]*"
    if not re.fullmatch(stop, view.gap(i)):
        return
    j = i + 1
    while view.at(j) in _TITLES and re.fullmatch(r"\.?[ \t]*", view.gap(j)):
        j += 1
    begin = j
    # initials
    while (
        j < len(view.words)
        and len(view.words[j].text) <= 2
        and view.words[j].text.isalpha()
        and view.gap(j)[:1] == "."
    ):
        if view.at(j) not in ("de", "en"):
            j += 1
        else:
            break
    initials = j > begin
    if j >= len(view.words):
        if initials:
            yield (i if formal else begin), j, "names.title"
        return
    start = i if formal else begin
    prefixed = reader.surname_end(j) if view.at(j) in PREFIX else None
    if prefixed is not None and (
        formal
        or view.any_capital(prefixed - 1)
        or not lex.in_dictionary(view.at(prefixed - 1))
        or (view.at(j) in ("van",) and view.at(j + 1) in OLD_PREFIX)
    ):
        yield start, reader.name_end(prefixed - 1), "names.title"
        return
    worded = reader.noun_surname_end(j) if view.near(j) else None
    if worded is not None:  # "meneer de wit", "dokter Op de Hoek"
        yield start, worded, "names.title"
        return
    level = reader.level(j)
    low = view.at(j)
    take = False
    if low in lex.public:
        return
    if view.any_capital(j) and (view.capital(j) or view.gap(i).startswith(".")):
        take = low not in lex.not_names and (
            level > NameLevel.NO or (formal and low not in lex.public) or reader.is_surname(j)
        )
        if care and level == NameLevel.NO:
            take = reader.is_surname(j) and low not in lex.not_names
    elif not view.words[j].title or view.caseless:
        if level >= NameLevel.LISTED:
            take = True
        elif level == NameLevel.AMBIGUOUS:
            take = lex.noun_only(low) and (formal or reader.is_first_name(j))
        elif level == NameLevel.UNKNOWN:
            take = len(low) > 2 and (formal or not lex.misspelled(low))
        # "dokter dijkveld", "mevrouw bouwmeester": a word, and a surname where one is expected
        surname = lex.noun_only(low) and low in lex.surnames and low not in lex.common
        made_up = not lex.in_dictionary(low) and low.endswith(SURNAME_ENDS) and len(low) > 5
        take = take or ((surname or made_up) and reader.ends_clause(j))
    if take:
        yield start, reader.name_end(j), "names.title"
    elif initials:
        yield start, j, "names.title"
    elif len(low) == 1 and view.words[j].text.isupper() and view.words[j].text.isalpha():
        yield start, j + 1, "names.title"


# names that are also what "mijn zus" is followed by in a sentence
_WORDS_AFTERROLE = words(
    "wil wilt door dan goed lief lieve hou doet does bent helder constant anders best ad ab "
    "af al an co das con del demi den des don elk fin fine graag han hay heel hem hope hou in "
    "ina juf ken kiki la lee lente lex line los mae mee mei men met min neo nie niek non nu "
    "oma on ot pa pak pap per sil silver skip son stan star ster tim tine tom trek tot vast "
    "veer wie wies will wolf zen zus april augustus juni juli august kan kat kik"
) - words("tim tom han ken niek stan wies wolf demi lex ina kiki sil tine co")
_SEASONS = words("lente zomer herfst winter mei juni juli april augustus")
_POSSESSIVE = words("mijn m'n mn me m'n' ons onze haar zijn z'n jouw hun de een mij")


def _after_role(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:  # noqa: PLR0912, PLR0915
    """ "mijn psych marieke", "onze dochter Noor", "m'n behandelaar (Sjoerd)"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    if not ROLE.fullmatch(word.low) or i + 1 >= len(view.words):
        return
    if not re.fullmatch(r"[ \t]*[,:(\-–]?[ \t]*['\"‘“]?", view.gap(i)):
        return
    owned = any(view.at(k) in _POSSESSIVE for k in range(max(0, i - 4), i))
    j = i + 1
    comma = view.gap(i).strip() not in ("", "(")
    low = view.at(j)
    if low in ("heet", "heette", "genaamd"):
        return
    worded = reader.noun_surname_end(j) if not comma else None
    if worded is not None and (owned or view.any_capital(j)):
        yield j, worded, "names.role"  # "psychiater Op de Hoek", "mijn dokter de vries"
        return
    level = reader.level(j)
    capital = view.words[j].title and not view.caseless
    take = False
    if capital and low in _SEASONS and view.near(i):
        take = not reader.overuses_capitals_besides(j)  # "mijn coach Zomer"
    elif capital and owned and low in lex.not_names & lex.ambiguous_names:
        # "mijn dochter Elke heeft", not "mijn dochter Elke dag"
        take = not comma and reader.ends_clause(j) and not reader.overuses_capitals_besides(j)
    elif capital and low not in lex.not_names and low not in lex.public:
        take = level >= NameLevel.UNKNOWN and not (
            comma and level <= NameLevel.AMBIGUOUS and not reader.is_first_name(j)
        )
        if level == NameLevel.UNKNOWN and low.endswith("t"):
            # "mijn vrouw Vertrouwt": a verb that the dictionary has in another form
            take = not (
                {"v"} & set(lex.words.get(low[:-1], "") + lex.words.get(low[:-1] + "en", ""))
            )
        if level == NameLevel.NO and comma and view.gap(j).startswith(",") and view.capital(j):
            take = lex.noun_only(low) and bool(CARER.search(word.low))  # "de psychiater, Wind, had"
        if level == NameLevel.UNKNOWN and not owned and (comma or reader.overuses_capitals):
            take = False
        if level == NameLevel.NO and view.capital(j) and not comma:
            # "dominee Kalkman", "mijn therapeut Herfst": a noun with a capital after a role
            noun = lex.words.get(low, "n") in ("n", "nv") and low not in ("werk", "natuur")
            take = noun and not reader.overuses_capitals_besides(j)
            take = take and (owned or bool(CARER.search(word.low)))
    elif not capital:
        if level == NameLevel.CERTAIN or (level == NameLevel.LISTED and low in lex.first_names):
            take = True
        elif comma or not owned:
            take = False
        elif level == NameLevel.AMBIGUOUS:
            take = (reader.is_first_name(j) and lex.noun_only(low)) or low in lex.ambiguous_names
            take = take and low not in _WORDS_AFTERROLE and reader.ends_clause(j)
        elif level == NameLevel.UNKNOWN:
            take = (
                len(low) > 3
                and reader.ends_clause(j)
                and view.near(i)
                and not lex.misspelled(low)
                and is_pronounceable(low)
            )
        carer = CARER.search(word.low)
        if not take and (owned or carer) and low in PREFIX and level == NameLevel.NO:
            after = reader.surname_end(j)
            archaic = view.at(j + 1) in OLD_PREFIX or low in OLD_PREFIX
            sure = after is not None and not lex.in_dictionary(view.at(after - 1))
            if after is not None and (archaic or sure):
                yield j, reader.name_end(after - 1), "names.role"
            return
    elif low in PREFIX and reader.surname_end(j) is not None:
        take = True  # "de psychiater, Van der Laak, schrijft"
    if take:
        yield j, reader.name_end(j), "names.role"
        # "mijn zussen Noor en Fleur"
        k = reader.name_end(j)
        if (
            view.at(k) in ("en", "&")
            and k + 1 < len(view.words)
            and view.near(k)
            and view.near(k - 1)
            and reader.level(k + 1) >= NameLevel.LISTED
        ):
            yield k + 1, reader.name_end(k + 1), "names.role"


def _apposed(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "ferdi, mn begeleider", "Xavi (mijn kleinzoon)", "mo van de inloop" with a capital."""
    view, lex = reader.view, reader.lexicon
    low = view.at(i)
    if reader.level(i) < NameLevel.AMBIGUOUS or not reader.is_first_name(i) or low in lex.public:
        return
    j = i + 1
    owner = view.at(j) in ("mijn", "mn", "m'n", "onze", "ons") and re.fullmatch(
        r"\s?[,(-]?\s?", view.gap(i)
    )
    role = any(ROLE.fullmatch(view.at(k)) for k in range(j + 1, min(j + 4, len(view.words))))
    sure = reader.level(i) >= NameLevel.LISTED or view.any_capital(i)
    late = view.at(j) == "zaliger" and view.any_capital(i)
    if (owner and role and sure and low not in _WORDS_AFTERROLE) or late:
        yield i, i + 1, "names.apposed"
        return
    capital = view.any_capital(i) and low in lex.ambiguous_names and low not in _WORDS_AFTERROLE
    whose = view.near(i) and view.at(j) == "van" and view.at(j + 1) in ("de", "het", "mijn", "onze")
    if capital and whose:
        yield i, i + 1, "names.apposed"


def _called(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "ze heet xandra", "genaamd Joop", "mijn naam is", "ik ben fatima"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    level = reader.level(i)
    if level == NameLevel.NO and not (view.capital(i) and reader.is_surname(i)):
        return
    aged = re.match(r",\s?\d\d(?:\s?(?:jaar|jr))?\b", view.text[word.end :])
    if i and view.at(i - 1) in ("ben", "heet", "am", "i'm") and aged and reader.is_first_name(i):
        yield i, i + 1, "names.called"  # "ben rob, 44"
        return
    before = view.low[max(0, word.start - 50) : word.start]
    called = i > 0 and view.at(i - 1) in _CALLED and re.fullmatch(r"[ \t:'\"“‘]*", view.gap(i - 1))
    introduced = _I_AM.search(before)
    if not (called or introduced) or word.low in ("my", "it", "him", "her", "the"):
        return
    capital = view.capital(i)
    sure = bool(called) or bool(introduced and _SURE_I_AM.search(introduced.group()))
    if sure:
        take = level >= NameLevel.LISTED or capital
        if not take and level == NameLevel.AMBIGUOUS:
            named = reader.is_first_name(i) or (called and reader.is_surname(i))
            take = bool(named) and lex.noun_only(word.low) and reader.ends_clause(i)
        if not take and level == NameLevel.UNKNOWN:
            take = (
                len(word.low) > 2
                and not lex.misspelled(word.low)
                and is_pronounceable(word.low)
                and reader.ends_clause(i)
            )
    else:  # "ik ben ..." is followed by anything
        take = reader.is_first_name(i) and (
            level == NameLevel.CERTAIN
            or (capital and level >= NameLevel.AMBIGUOUS)
            or (level == NameLevel.LISTED and reader.ends_clause(i) and len(word.low) > 3)
        )
    if take and word.low not in lex.public:
        yield i, reader.name_end(i), "names.called"
