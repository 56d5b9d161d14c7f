"""Names of people by what stands around them, where the word itself may be any word.

"Mees (8) vroeg", "Wil van de inloop", "my therapist Hope", "dominee Kalkman": the role, the age or
who speaks says that a person is meant. Dutch, and the English and other words that answers mix in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.english import is_english
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.rules.reader import PREFIX, NameLevel, Reader
from themecoder.masking.tokens import View, words

_SAID = words(
    "zei zegt zeg vroeg vraagt belde belt appte appt mailde mailt vertelde vertelt schreef vindt "
    "vond gaf kwam komt belooft beloofde adviseerde hielp snapt begreep luistert luisterde lacht "
    "huilde stuurde stuurt heeft had raadde deed says said told asked thinks helped"
)
# where people work or meet: "Wil van de inloop"
_WHENCE = re.compile(
    r"(?:inloop|dagbesteding|crisisdienst|poli|polikliniek|groep|\w*team|bibliotheek|kerk|moskee|"
    r"\w*praktijk|wijk|buurt|school|klas|kantine|receptie|balie|overkant|werk|ggz|paaz|opvang|"
    r"afdeling|nachtdienst|thuiszorg|zorg|administratie|kliniek|huisarts|apotheek|sportschool|studie|opleiding|universiteit|hbo|mbo|kerk|straat|hiernaast|"
    r"\w*club|koor|voedselbank|maatschappelijk|jeugdzorg|reclassering|gemeente|sociale|uwv|caw|"
    r"cgg|zolder|hoek|bakker|winkel|training|therapie|cursus|lotgenotengroep|herstelacademie)"
)
_ROLES_ABROAD = words(
    "worker therapist counsellor counselor psychologist psychiatrist doctor gp nurse mum "
    "mom dad mother "
    "father sister brother husband wife boyfriend girlfriend fiancé fiancée son daughter friend "
    "boss teacher neighbour neighbor coworker colleague roommate flatmate partner mentor coach "
    "aunt uncle cousin grandma grandpa bestie psy thérapeute mari copain copine femme fils fille "
    "mère père soeur frère ami amie docteur therapeutin therapeut mann frau freund freundin "
    "schwester bruder mutter vater tochter sohn ärztin arzt hermana hermano madre padre"
)
_OWNERS_ABROAD = words("my our his her their the a ma mon mes meine mein meiner meinem mi ton")
_TITLES_ABROAD = words("mrs ms miss mister sir madam madame monsieur mme herr frau doktor señora")
_KIN = words(
    "dochter zoon dochtertje zoontje zus zusje broer broertje man vrouw vriend vriendin partner "
    "moeder vader mama papa oma opa buurvrouw buurman kind jongste oudste begeleider begeleidster "
    "psycholoog psychiater therapeut therapeute huisarts behandelaar coach ex neef nicht kleinzoon "
    "kleindochter casemanager mama's collega bewindvoerder mentor tante oom nonkel "
    "maatje daughter son sister brother"
)
_MISSED = words("mis miste zag hoorde vertrouw sprak ken kende haat aan met van door dankzij")
_LEADS = _MISSED | words(
    "toen als omdat dat want sinds terwijl en maar of hoe wat waar nadat zoals"
)
_ARTICLES = words("de het een 't n the a")
_NEVER = words(
    "goed anders best does door constant ad ab al an co con dag engel ken kan les lief lieve lof "
    "met mei maart april juni juli augustus nel non nu oma om pa per puk pool roos said said's sam "
    "helder juist ik jij mens mensen men niemand iedereen moeder vader dokter god"
) - words("roos sam nel")


def in_context(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:
    """The name that begins at word ``i``, by its surroundings: first word, last (exclusive)."""
    if _by_role(reader, i) or _by_title(reader, i):
        yield i, reader.name_end(i), "names.role"
    elif _by_opening(reader, i):
        yield i, reader.name_end(i), "names.context"


def _by_role(reader: Reader, i: int) -> bool:
    """ "my therapist Hope", "meine Therapeutin Heike": a role of another language before it."""
    view = reader.view
    if i < 1 or view.at(i - 1) not in _ROLES_ABROAD or not _follows(reader, i):
        return False
    owned = any(view.at(k) in _OWNERS_ABROAD for k in range(max(0, i - 4), i - 1))
    if view.capital(i):
        return (owned or reader.level(i) >= NameLevel.LISTED) and _may_be_name(reader, i)
    named = reader.level(i) >= NameLevel.AMBIGUOUS and reader.is_first_name(i)
    return owned and named and view.at(i) not in ("will", "may", "does", "an", "has")


def _by_title(reader: Reader, i: int) -> bool:
    """ "Mrs Winters", "Nonkel Staf", "dominee Wind": after a title a capital is enough."""
    view = reader.view
    if i < 1 or not view.any_capital(i) or not _follows(reader, i):
        return False
    title = view.at(i - 1)
    if title in _TITLES_ABROAD:
        return _may_be_name(reader, i)
    kin = title in ("nonkel", "tante", "oom", "ome", "dokter", "dominee", "zuster", "pastoor")
    return (
        kin
        and view.capital(i)
        and _may_be_name(reader, i)
        and not reader.overuses_capitals_besides(i)
    )


def _follows(reader: Reader, i: int) -> bool:
    return bool(re.fullmatch(r"\.?[ \t]*[,:(]?[ \t]*", reader.view.gap(i - 1)))


def _may_be_name(reader: Reader, i: int) -> bool:
    """Whether a word with a capital can be a name: no pronoun, no verb, nothing public."""
    low, lex = reader.view.at(i), reader.lexicon
    if low in lex.not_names or low in lex.public or low in PREFIX or len(low) < 2:
        return False
    reading = lex.words.get(low, "")
    return ("v" not in reading and "f" not in reading) or reader.level(i) > NameLevel.NO


def _by_opening(reader: Reader, i: int) -> bool:  # noqa: PLR0911
    """ "Mees (8) vroeg", "Wil van de inloop", "Lente zegt ..., zij is mijn dochter"."""
    view, lex = reader.view, reader.lexicon
    word = view.words[i]
    low = word.low
    if low in lex.public or low in _NEVER or len(low) < 2:
        return False
    if view.at(i - 1) in _ARTICLES and view.near(i - 1):
        return False  # "de Sint komt"
    first_name = low in lex.ambiguous_names or low in lex.first_names
    if not first_name or (low in lex.not_names and low not in lex.ambiguous_names):
        return False
    if view.caseless or not (
        view.any_capital(i)
        or (word.opens and low not in lex.common | lex.not_names and len(low) > 2)
    ):
        return False
    tail = view.low[word.end : word.end + 40]
    if re.match(r"\s?\(\s?(?:\d{1,2}|bijna \d{1,2}|mijn|mn|m'n|onze)(?:\s?jr|\s?jaar|\b)", tail):
        return True
    if re.match(r",\s?(?:\d{1,2}\s?(?:jaar|jr|years)?,|mijn|mn|m'n|onze)\b", tail):
        return bool(set(re.findall(r"[\w]+", tail)[:4]) & _KIN) or bool(re.match(r",\s?\d", tail))
    own = re.match(r" (?:heet|is|was) (?:mijn|mn|m'n|onze|ons) (\w+)", tail)
    if own and (own.group(1) in _KIN or own.group(1).endswith(("manager", "tje", "je"))):
        return True  # "Beer is mijn zoontje"
    if view.capital(i) and view.near(i) and view.at(i + 1) in ("van", "de", "den", "der"):
        last = reader.surname_end(i + 1)
        if last is not None and view.any_capital(last - 1) and low in lex.ambiguous_names:
            return True  # "ik ben Wil van Beek"
    whence = re.match(r" (?:van|uit|bij|from) (?:de |het |'t |mijn |mn |the )?([\w-]+)", tail)
    if whence and _WHENCE.fullmatch(whence.group(1)):
        return True
    if view.capital(i) and low in lex.ambiguous_names and not reader.overuses_capitals_besides(i):
        # "toen Jet overleed", "ik mis Roos"
        leads = view.at(i - 1) in _LEADS and view.near(i - 1)
        return leads and (reader.ends_clause(i) or view.at(i - 1) in _MISSED)
    if view.at(i + 1) in _SAID and view.near(i) and view.any_capital(i):
        explained = re.search(
            r"\b(?:zij|hij|ze|dat|she|he) is (?:mijn|my|m'n|mn|onze) (\w+)", view.low
        )
        sure = low in lex.ambiguous_names or lex.noun_only(low)
        return sure or bool(explained and explained.group(1) in _KIN)
    return False


def english_word(view: View, lexicon: NameLexicon, i: int) -> bool:
    """Whether a name that opens an English sentence is a word there: "Faith in humanity"."""
    return (
        view.at(i) in lexicon.english and view.at(i + 1) not in _SAID and is_english(view, lexicon)
    )
