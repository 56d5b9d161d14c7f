"""Names of people, in the ways that answers write them: after a title or a role, signed, in full,
with initials, with a capital, in lower case.

What counts as a name depends on what leads up to it: after "mevrouw" nearly anything is one, without
a cue in lower case only a first name that is no other word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from themecoder.masking.lexicon import Lexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

_TITLES = frozenset(
    "mevr mevrouw mw mvr mej mejuffrouw dhr hr meneer menere mijnheer heer drs prof professor ir ing "
    "dr doctor mr jhr ds dominee".split()
)
_CARE_TITLES = frozenset(
    "dokter zuster zr broeder pastoor pater imam juf juffrouw meester nonkel tante oom tantes ome oma opa bomma bompa moeke peter meter".split()
)
_ROLE = re.compile(
    r"(?:[\w-]*(?:psych|psycho|psycholoog|psychologe|psychiater|psycholo\w*|psychol|therapeut|therapeute|therapeuten|behandelaar|behandelaarster|behandelaars|hulpverlener|"
    r"hulpverleenster|begeleider|begeleidster|huisarts|arts|coach|spv|spv'er|poh|poh-ggz|verpleegkundige|verpleger|verpleegster|maatschappelijk|werker|werkster|"
    r"ervaringsdeskundige|mentor|mentrix|bewindvoerder|consulent|consulente|casemanager|regiebehandelaar|regisseur|assistente|ergotherapeut|diëtist|"
    r"leraar|lerares|leerkracht|docent|docente|studiebegeleider|jobcoach|leidinggevende|manager|collega|baas|bazin|teamleider|"
    r"zus|zusje|zusjes|broer|broertje|moeder|mama|mam|ma|vader|papa|pap|pa|man|vrouw|partner|vriend|vriendje|vriendin|vriendinnetje|dochter|dochtertje|zoon|zoontje|kleinzoon|kleindochter|"
    r"buurvrouw|buurman|buurmeisje|buurjongen|buuf|ex|ex-man|ex-vrouw|exman|neef|neefje|nicht|nichtje|schoonzus|schoonmoeder|schoonvader|schoonzoon|schoondochter|stiefvader|stiefmoeder|"
    r"tante|oom|oma|opa|maat|maatje|bestie|beste|kameraad|lotgenoot|huisgenoot|huisgenote|kamergenoot|kamergenote|medepatiënt|medeclient|medecliënt|verloofde|vriendlief|kind|kindje|tweeling|jongste|oudste|"
    r"petekind|pleegkind|pleegmoeder|pleegvader|pleegzoon|pleegdochter|mantelzorger|stagiaire|stagiair|dominee|geliefde|wijlen))"
)
_CALLED = frozenset("heet heette heten genaamd geheten alias".split())
_SAID = frozenset(
    "zei zegt zeg vroeg vraagt belde belt appte appt mailde mailt vertelde vertelt schreef aldus".split()
)
_WEAK = frozenset(
    "met van aan door bij en of voor tegen naar over volgens via zonder is was als hoi hallo hey beste lieve dag bedankt dankjewel".split()
)
_PREFIX = frozenset(
    "van de den der het 't ter ten te la le du di da el al ben bin von vd vd. v.d v d' dos del della af 's des abd bint ould ait aït den't vander vanden".split()
)
_TWO_PREFIXES = frozenset((a, b) for a in ("in", "op", "uit", "aan") for b in ("'t", "den", "ten"))
_OLD_PREFIX = frozenset(
    "den der ter ten vd vander vanden el al ben bin ait aït von da di dos".split()
)
_MIDDLE = frozenset("van de den der het 't ter ten te la le el al vd".split())
_CLAUSE = re.compile(r"[,.;:!?)\n/]|$|^[\s]*$")
_INITIALS = re.compile(
    r"(?<![\w.])((?:[A-Z]\.\s?){1,5}(?:(?:van|de|den|der|het|'t|ter|ten|vd|v\.d\.|la|le|el|te|Van|De|Den|Der)\s)*[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)*)"
)
_LOW_INITIALS = re.compile(
    r"(?<![\w.])((?:[a-z]\.){1,4}\s?(?:(?:van|de|den|der|ter|ten|vd|v\.d\.|el)\s){1,3}[a-zà-ÿ]{3,})"
)
_INITIALS_NOT = frozenset(
    "a.u.b b.v d.w.z e.d i.p.v i.v.m m.b.t o.a n.v.t t.o.v z.s.m a.i p.s d.m.v t.b.v".split()
)
_SIGN_OFF = re.compile(
    r"(?:\b(?:groet(?:en|jes)?|groetjes|grtjs|grtz|gr|mvg|m\.v\.g\.|vriendelijke groeten?|liefs|xxx?|kus(?:jes)?|knuffel|dikke knuffel|hoogachtend|"
    r"hartelijks|met dank|bedankt alvast|alvast bedankt|ondertekend|getekend|was getekend|afzender)[\s,.!:;-]*(?:van\s+)?)$"
)
_I_AM = re.compile(
    r"\b(?:mijn (?:naam|voornaam|achternaam|roepnaam|volledige naam|bijnaam) (?:is|luidt|was)|m'n naam is|mn naam is|ik heet|naam\s?:|ik ben|noem me(?: maar)?|"
    r"zeg maar|men noemt mij|iedereen noemt me|ze noemen me|noemen mij|noemen me|(?:je|u) spreekt met|hier spreekt|met vriendelijke groet,?)\s*[:,]?\s*$"
)
_SURE_I_AM = re.compile(r"naam|heet|spreekt|noem")


class Level(IntEnum):
    """How much a word is a name by itself."""

    NO = 0  # an ordinary word
    UNKNOWN = 1  # in no list and in no dictionary
    AMBIGUOUS = 2  # a name and an ordinary word
    LISTED = 3  # in a list of names, not in the dictionary
    CERTAIN = 4  # a first name that is hardly another word


class _Reader:
    """The words of one answer, as names."""

    def __init__(self, view: View, lexicon: Lexicon) -> None:
        self.view = view
        self.lexicon = lexicon

    def level(self, i: int) -> Level:
        word = self.view.words[i]
        low = word.low
        lex = self.lexicon
        if not low[:1].isalpha() and not low.startswith("'") or low in lex.not_names:
            return Level.NO
        if any(c.isdigit() for c in low):
            return Level.NO
        if low in lex.certain_names:
            return Level.CERTAIN
        hyphened = low.split("-")
        if len(hyphened) == 2 and all(
            p in lex.certain_names or p in lex.ambiguous_names for p in hyphened
        ):
            return Level.CERTAIN
        listed = low in lex.first_names or low in lex.surnames or low in lex.ambiguous_names
        if low in lex.ambiguous_names or (listed and lex.in_dictionary(low)):
            return Level.AMBIGUOUS
        if listed or any(
            p in lex.surnames and p not in lex.words for p in hyphened if len(hyphened) > 1
        ):
            return Level.LISTED
        return Level.NO if lex.is_word(low) else Level.UNKNOWN

    def first_name(self, i: int) -> bool:
        low = self.view.at(i)
        return (
            low in self.lexicon.ambiguous_names
            or low in self.lexicon.first_names
            or self.level(i) == Level.CERTAIN
        )

    def surname(self, i: int) -> bool:
        low = self.view.at(i)
        return low in self.lexicon.surnames or low in self.lexicon.after_prefix

    def ends_clause(self, i: int) -> bool:
        """Whether what follows word ``i`` is what follows a name: a stop, a verb, "en"."""
        if not self.view.near(i):
            return True
        following = self.view.at(i + 1)
        reading = self.lexicon.words.get(following, "")
        return (
            following
            in (
                "en",
                "of",
                "is",
                "was",
                "heeft",
                "zei",
                "zegt",
                "die",
                "van",
                "kan",
                "had",
                "wil",
                "vindt",
                "vond",
                "bij",
                "uit",
                "om",
                "met",
                "ook",
                "mij",
                "me",
                "dat",
            )
            or reading == "v"
        )

    # -- the extent of a name ------------------------------------------------------------------

    def full(self, i: int) -> int:
        """Word ``i`` is a name: the index after the whole name that begins there."""
        view = self.view
        end = i + 1
        while end < len(view.words):
            glued = (
                view.near(end - 1)
                or re.fullmatch(r"\s?-\s?|\.\s?", view.gap(end - 1))
                and len(view.at(end - 1)) == 1
            )
            if not glued:
                break
            following = self._continues(end)
            if following is None:
                break
            end = following
        return end

    def _continues(self, i: int) -> int | None:
        """The index after the piece of a surname that stands at ``i``; None where there is none."""
        view, lex = self.view, self.lexicon
        j = i
        while (
            j < len(view.words) - 1
            and (view.at(j) in _PREFIX or (view.at(j), view.at(j + 1)) in _TWO_PREFIXES)
            and (view.near(j) or view.gap(j) == ". ")
        ):
            j += 1
        low = view.at(j)
        if low in lex.public or low in lex.institutions:
            return None
        if j > i:  # "van der Berg"
            archaic = any(view.at(k) in _OLD_PREFIX for k in range(i, j))
            if (
                view.any_capital(j)
                and low not in lex.not_names
                and (low not in lex.places or archaic)
            ):
                return j + 1
            if view.any_capital(i) and low not in lex.not_names and view.any_capital(j):
                return j + 1
            if low in lex.not_names or lex.words.get(low, "") in ("f", "v"):
                return None
            if low in lex.after_prefix or low in lex.surnames:
                # "anna van de poli" is no surname, "anna van den berg" is
                return (
                    j + 1
                    if archaic or not lex.in_dictionary(low) or low in _SURNAME_NOUNS
                    else None
                )
            if archaic and (lex.noun_only(low) or not lex.is_word(low)):
                return j + 1
            if not lex.is_word(low) and low not in lex.places and not lex.misspelled(low):
                return j + 1
            return None
        if view.capital(i):
            level = self.level(i)
            if level >= Level.UNKNOWN or (low in lex.surnames):
                return i + 1
            return None
        if len(low) == 1 and view.words[i].text.isupper() and view.gap(i)[:1] == ".":
            return i + 1
        if not view.words[i].title and self.level(i) == Level.LISTED and low in lex.surnames:
            return i + 1
        if not view.words[i].title and self.level(i) == Level.CERTAIN and low not in _WEAK:
            return None if view.caseless else i + 1
        return None


_SURNAME_NOUNS = frozenset(
    "vries boer jong wit groot bruin graaf haan koning bakker visser smit smet jonge wilde lange leeuw wolf vos haas bruyn berg heuvel meer beek dijk velde veen bos laan broek hoek wal horst ridder koster kok witte backer meyer roo rooij".split()
)


def find(view: View, lexicon: Lexicon) -> Iterator[Mask]:
    """Names of people."""
    reader = _Reader(view, lexicon)
    found: list[tuple[int, int, str]] = []
    for i in range(len(view.words)):
        found += _titled(reader, i)
        found += _after_role(reader, i)
        found += _called(reader, i)
        found += _signed(reader, i)
        found += _plain(reader, i)
    text = view.text
    for a, b, rule in found:
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
    yield from _again(reader, found)


def _titled(reader: _Reader, i: int) -> Iterator[tuple[int, int, str]]:
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
    prefixed = reader._continues(j) if view.at(j) in _PREFIX else None
    if prefixed is not None and (
        formal
        or view.any_capital(prefixed - 1)
        or not lex.in_dictionary(view.at(prefixed - 1))
        or view.at(j) in ("van",)
        and view.at(j + 1) in _OLD_PREFIX
    ):
        yield start, reader.full(prefixed - 1), "names.title"
        return
    if view.at(j) in ("de", "van") and formal and view.near(j) and j + 1 < len(view.words):
        # "meneer de wit": a surname that is also a word
        if view.at(j + 1) in _SURNAME_NOUNS or (
            view.at(j + 1) in lex.after_prefix and not lex.in_dictionary(view.at(j + 1))
        ):
            yield start, j + 2, "names.title"
        return
    level = reader.level(j)
    low = view.at(j)
    take = False
    if view.any_capital(j) and (view.capital(j) or view.gap(i).startswith(".")):
        take = low not in lex.not_names and (
            level > Level.NO or (formal and low not in lex.public) or reader.surname(j)
        )
        if care and level == Level.NO:
            take = reader.surname(j) and low not in lex.not_names
    elif not view.words[j].title or view.caseless:
        if level >= Level.LISTED:
            take = True
        elif level == Level.AMBIGUOUS:
            take = lex.noun_only(low) and (formal or reader.first_name(j))
        elif level == Level.UNKNOWN:
            take = len(low) > 2 and (formal or not lex.misspelled(low))
    if take:
        yield start, reader.full(j), "names.title"
    elif initials:
        yield start, j, "names.title"
    elif len(low) == 1 and view.words[j].text.isupper() and view.words[j].text.isalpha():
        yield start, j + 1, "names.title"


# names that are also what "mijn zus" is followed by in a sentence
_FOLLOWS = frozenset(
    "wil wilt door dan goed lief lieve hou doet does bent helder constant anders best ad ab af al an co das con del "
    "demi den des don elk fin fine graag han hay heel hem hope hou in ina juf ken kiki la lee lente lex line los mae "
    "mee mei men met min neo nie niek non nu oma on ot pa pak pap per sil silver skip son stan star ster tim tine "
    "tom trek tot vast veer wie wies will wolf zen zus april augustus juni juli august kan kat kik".split()
) - frozenset("tim tom han ken niek stan wies wolf demi lex ina kiki sil tine co".split())
_POSSESSIVE = frozenset("mijn m'n mn me m'n' ons onze haar zijn z'n jouw hun de een mij".split())


def _after_role(reader: _Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "mijn psych marieke", "onze dochter Noor", "m'n behandelaar (Sjoerd)"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    if not _ROLE.fullmatch(word.low) or i + 1 >= len(view.words):
        return
    if not re.fullmatch(r"[ \t]*[,:(\-–]?[ \t]*['\"‘“]?", view.gap(i)):
        return
    owned = any(view.at(k) in _POSSESSIVE for k in range(max(0, i - 4), i))
    j = i + 1
    comma = view.gap(i).strip() not in ("", "(")
    low = view.at(j)
    if low in ("heet", "heette", "genaamd"):
        return
    level = reader.level(j)
    capital = view.words[j].title and not view.caseless
    take = False
    if capital and low not in lex.not_names and low not in lex.public:
        take = level >= Level.UNKNOWN and not (
            comma and level <= Level.AMBIGUOUS and not reader.first_name(j)
        )
        if level == Level.UNKNOWN and not owned:
            take = False
    elif not capital:
        if level == Level.CERTAIN or (level == Level.LISTED and low in lex.first_names):
            take = True
        elif comma or not owned:
            take = False
        elif level == Level.AMBIGUOUS:
            take = (reader.first_name(j) and lex.noun_only(low)) or low in lex.ambiguous_names
            take = take and low not in _FOLLOWS and reader.ends_clause(j)
        elif level == Level.UNKNOWN:
            take = (
                len(low) > 3
                and reader.ends_clause(j)
                and view.near(i)
                and not lex.misspelled(low)
                and _sounds(low)
            )
        if not take and owned and low in _PREFIX and level == Level.NO:
            after = reader._continues(j)
            archaic = view.at(j + 1) in _OLD_PREFIX or low in _OLD_PREFIX
            if after is not None and archaic:
                yield j, reader.full(after - 1), "names.role"
            return
    if take:
        yield j, reader.full(j), "names.role"
        # "mijn zussen Noor en Fleur"
        k = reader.full(j)
        if (
            view.at(k) in ("en", "&")
            and k + 1 < len(view.words)
            and view.near(k)
            and view.near(k - 1)
            and reader.level(k + 1) >= Level.LISTED
        ):
            yield k + 1, reader.full(k + 1), "names.role"


def _sounds(word: str) -> bool:
    """Whether a word unknown to all lists can be said: letters only, vowels and consonants."""
    vowels = sum(c in "aeiouyáéíóúàèëïöüøåæ" for c in word)
    return word.isalpha() and 0.2 <= vowels / len(word) <= 0.75


def _called(reader: _Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """ "ze heet xandra", "genaamd Joop", "mijn naam is", "ik ben fatima"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    level = reader.level(i)
    if level == Level.NO and not (view.capital(i) and reader.surname(i)):
        return
    before = view.low[max(0, word.start - 50) : word.start]
    called = i > 0 and view.at(i - 1) in _CALLED and re.fullmatch(r"[ \t:'\"“‘]*", view.gap(i - 1))
    introduced = _I_AM.search(before)
    if not (called or introduced):
        return
    capital = view.capital(i)
    sure = bool(called) or bool(introduced and _SURE_I_AM.search(introduced.group()))
    if sure:
        take = level >= Level.LISTED or capital
        if not take and level == Level.AMBIGUOUS:
            take = reader.first_name(i) and lex.noun_only(word.low) and reader.ends_clause(i)
        if not take and level == Level.UNKNOWN:
            take = (
                len(word.low) > 2
                and not lex.misspelled(word.low)
                and _sounds(word.low)
                and reader.ends_clause(i)
            )
    else:  # "ik ben ..." is followed by anything
        take = reader.first_name(i) and (
            level == Level.CERTAIN
            or (capital and level >= Level.AMBIGUOUS)
            or (level == Level.LISTED and reader.ends_clause(i) and len(word.low) > 3)
        )
    if take and word.low not in lex.public:
        yield i, reader.full(i), "names.called"


def _signed(reader: _Reader, i: int) -> Iterator[tuple[int, int, str]]:
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
    tail = view.text[rest[-1].end :].strip(" .!\n\r\t)xX,❤️🙏😊😀🙂👍♥️")
    if tail or not (sign or own_line):
        return
    level = reader.level(i)
    if sign:
        take = level >= Level.LISTED or (
            level == Level.AMBIGUOUS
            and (view.any_capital(i) or lex.noun_only(rest[0].low))
            and len(rest) <= 3
        )
        take = take or (
            level == Level.UNKNOWN
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
            reader.level(k) > Level.NO or view.at(k) in _PREFIX or len(view.at(k)) == 1
            for k in range(i, len(view.words))
        ):
            yield i, len(view.words), "names.signed"
        elif take:
            yield i, reader.full(i), "names.signed"
    elif (
        view.words[i].title
        and reader.first_name(i)
        and level >= Level.AMBIGUOUS
        and reader.full(i) == len(view.words)
    ):
        yield i, len(view.words), "names.signed"


def _plain(reader: _Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """A name without a cue: by its capital, or because it can hardly be anything else."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    level = reader.level(i)
    if level <= Level.UNKNOWN or word.low in lex.public:
        return
    before = view.at(i - 1)
    article = before in (
        "de",
        "het",
        "een",
        "'t",
        "n",
        "die",
        "dat",
        "deze",
        "dit",
        "the",
    ) and view.near(i - 1)
    end = reader.full(i)
    longer = end > i + 1
    if view.capital(i):
        elsewhere = level == Level.LISTED and (word.low in lex.places or word.low in lex.regions)
        if (
            level >= Level.LISTED
            and not (elsewhere and not longer)
            and not (article and level == Level.LISTED and not longer)
        ):
            yield i, end, "names.capital"
        elif level == Level.AMBIGUOUS and not article and word.low not in lex.places:
            known = word.low in lex.ambiguous_names or (
                word.low in lex.first_names and len(word.low) > 3 and lex.words.get(word.low) == "n"
            )
            if known or (longer and reader.first_name(i)):
                yield i, end, "names.capital"
    elif view.any_capital(i):  # opens a sentence
        certain = level == Level.CERTAIN or (
            word.low in lex.ambiguous_names
            and not lex.in_dictionary(word.low)
            and len(word.low) > 2
        )
        with_another = (
            word.low in lex.ambiguous_names and view.at(i + 1) in ("en", "&") and i + 2 < len(view.words)
            and view.capital(i + 2) and reader.level(i + 2) >= Level.LISTED
        )  # fmt: skip
        if (
            certain
            or with_another
            or (longer and reader.first_name(i) and _named_end(reader, i, end))
        ):
            yield i, end, "names.opening"
        elif (
            level == Level.LISTED
            and word.low in lex.first_names
            and len(word.low) > 3
            and (view.at(i + 1) in _SAID or reader.ends_clause(i) and view.near(i))
        ):
            yield i, end, "names.opening"
    elif level == Level.CERTAIN and not article:
        if (
            len(word.low) > 3
            or before in _WEAK
            or before in _SAID
            or view.at(i + 1) in _SAID
            or longer
        ):
            yield i, end, "names.lower"
    elif (
        level == Level.LISTED and word.low in lex.first_names and len(word.low) > 3 and not article
    ):
        # a first name of the long list needs its surname, or who does the talking
        spoken = view.at(i + 1) in _SAID or before in _SAID
        person = before in ("met", "van", "aan", "door", "volgens", "tegen") and reader.ends_clause(
            i
        )
        if (longer and reader.surname(end - 1)) or (
            (spoken or person) and word.low not in lex.places and not lex.misspelled(word.low)
        ):
            yield i, end, "names.lower"


def _named_end(reader: _Reader, i: int, end: int) -> bool:
    """Whether a name that opens a sentence goes on as a name: "Roos de Wit", not "Wil Jan …"."""
    last = reader.view.at(end - 1)
    return reader.surname(end - 1) or reader.level(end - 1) == Level.UNKNOWN or last[:1].isupper()


def _again(reader: _Reader, found: list[tuple[int, int, str]]) -> Iterator[Mask]:
    """The other places where a name that was found stands in the same answer."""
    view, lex = reader.view, reader.lexicon
    names = {
        view.at(k)
        for a, b, _ in found
        for k in range(a, b)
        if len(view.at(k)) > 2
        and view.at(k) not in _PREFIX
        and view.at(k) not in _TITLES
        and not lex.in_dictionary(view.at(k))
    }
    ambiguous = {
        view.at(k)
        for a, b, _ in found
        for k in range(a, b)
        if view.at(k) in lex.words
        and view.at(k) not in lex.not_names
        and view.at(k) not in _TITLES
        and len(view.at(k)) > 2
    }
    for i, word in enumerate(view.words):
        if word.low in names or (word.low in ambiguous and view.any_capital(i)):
            yield Mask(word.start, word.end, "name", word.text, "names.again")
