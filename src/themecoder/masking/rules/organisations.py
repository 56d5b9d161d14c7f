"""Schools, churches, clubs, homes, shops and firms: a word for one and the name beside it.

"vv Heerjansdam", "Autoschade Terpstra", "kindertehuis Sint Vincentius", "Riverside Clinic". Care
has rules of its own (``institutions``); these are the other places by which someone is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.rules.english_organisations import GENERIC_ENGLISH
from themecoder.masking.rules.institution_heads import ends_as_house
from themecoder.masking.rules.reader import NameLevel, Reader
from themecoder.masking.tokens import View, Word, words

# the word stands before the name: "basisschool De Regenboog", "garage Van Dam"
BEFORE_NAME = words(
    "basisschool school sbo obs cbs cs bs pcbs gsg rsg csg osg vso isk praktijkschool "
    "kleuterschool middelbare scholengroep scholengemeenschap lyceum college "
    "mbo roc internaat kindertehuis tehuis weeshuis opvanghuis jeugdhuis kinderopvang crèche "
    "peuterspeelzaal bso kdv kerk kapel moskee synagoge tempel parochie gemeente kerkgemeente "
    "klooster abdij "
    "vv sv rkvv rksv asv fc rc kv ksk kvk vc bc tc hc mhc lc gv svv usv vvv voetbalclub "
    "voetbalvereniging sportclub sportvereniging tennisclub hockeyclub korfbalclub "
    "korfbalvereniging turnclub zwemclub zwemvereniging volleybalclub atletiekvereniging "
    "muziekvereniging fanfare harmonie koor zangkoor toneelvereniging scouting chiro "
    "buurtvereniging "
    "vereniging studentenvereniging manege sportschool fitnesscentrum dansschool "
    "slager aannemer bakker loodgieter schildersbedrijf timmerbedrijf elektricien reisbureau "
    "garage autobedrijf autoschade bakkerij slagerij kapsalon kapper café cafe "
    "restaurant brasserie "
    "eetcafé cafetaria snackbar hotel camping bouwbedrijf aannemersbedrijf schildersbedrijf "
    "installatiebedrijf transportbedrijf transport drukkerij kwekerij hoveniersbedrijf boekhandel "
    "bloemist juwelier advocatenkantoor notariskantoor notaris accountantskantoor makelaardij "
    "makelaar uitzendbureau schoonmaakbedrijf supermarkt boerderij kaasboerderij loonbedrijf "
    "meubelzaak fietsenzaak tandartspraktijk fysiotherapie fysiopraktijk dierenartspraktijk "
    "dierenkliniek maatschap huisartsen tandartsen psychologen fysiotherapeuten therapeuten "
    "apotheek psychologiepraktijk coachpraktijk coaching "
    "verpleeghuis verzorgingshuis bejaardentehuis rusthuis woonzorgcentrum zorgcentrum zorghuis "
    "zorghoeve zorgboerderij woonhuis gezinshuis logeerhuis hospice dagbesteding "
    "dagopvang werkplaats kringloop kringloopwinkel inloophuis buurthuis dorpshuis "
    "wijkcentrum jongerencentrum buurtcentrum huis maison clinique hôpital école lycée clinic "
    "stichting vzw praktijk kliniek afdeling unit locatie residentie residence woongroep "
    "groep leefgroep "
    "inloop inloopcentrum kwekerij wijkteam buurtteam team"
)
# "judoclub", "bloemenwinkel", "buurtzorg": made with a word for an organisation
_MADE_WITH = re.compile(
    r".{3,}(?:club|groep|bank|team|vereniging|koor|bedrijf|praktijk|winkel|kantoor|opvang|boerderij|handel|"
    r"kliniek|zorg|zaak|orkest|atelier|academie|centrum|huis|bureau|stichting|kerk|school)"
)
_NOT_MADE = words(
    "gezondheidszorg geestelijke-gezondheidszorg jeugdzorg verslavingszorg eerstelijnszorg "
    "psychologie thuis ziekenhuis gekkenhuis stadhuis hogeschool middelbareschool nazorg "
    "mantelzorg "
    "oorzaak rechtszaak noodzaak hoofdzaak bijzaak strafzaak ruzie winkelcentrum "
    "callcenter doelgroep leeftijdsgroep minderheidsgroep bloedgroep subgroep databank"
)
_TRADE = re.compile(
    r"bakker(?:ij)?|slager(?:ij)?|garage|aannemer|kapper|kapsalon|loodgieter|notaris|makelaar|juwelier|"
    r"bloemist|manege|apotheek|tandarts(?:praktijk)?|huisartsenpraktijk|praktijk|fysiotherapie|"
    r"\w+bedrijf|transport|elektricien|café|cafe|restaurant|firma|familiebedrijf"
)
_CLUBS = words(
    "vv sv rkvv rksv asv mhc ksk kvk voetbalclub voetbalvereniging tennisclub hockeyclub"
)
# these are said of many things ("de afdeling Psychiatrie"): only with more than a word's capital
_LOOSE = words(
    "school gemeente huis afdeling unit locatie vereniging transport kapper praktijk coaching "
    "dagbesteding maatschap fc vvv college kerk clinic kliniek stichting mbo roc rc kv "
    "tc middelbare "
    "notaris makelaar kapel boerderij koor hotel groep leefgroep team"
)
# "de afdeling Psychiatrie", "het college Filosofie": what is done there
_SUBJECT = re.compile(
    r".*(?:logie|atrie|sofie|kunde|zorg|therapie|school|groep|nomie|recht|zaken|iek)"
)
LINKS = words("al el ar es de het 't den der ter ten van sint st aan in op onder la le les du l'")
# the name stands before the word: "Terpstra Bouw BV", "Oosterlicht College"
_AFTER_NAME = words(
    "college lyceum school basisschool kerk kapel moskee gymnasium praktijk kliniek bakkerij "
    "transport bouw installatietechniek metaal logistics logistiek schoonmaak catering techniek "
    "gemeente parochie bv b.v nv bvba vof zorg thuiszorg advocaten accountants makelaars "
    "notarissen bouwgroep groep "
    "hospital clinic centre center academy church surgery hospice trust"
)
_BUILT = re.compile(
    r"(.{4,}?)(?:school|basisschool|kerk|kapel|moskee|college|lyceum|parochie|internaat|tehuis|"
    r"klooster|abdij|bakkerij|zorghoeve)"
)
_KINDS_OF_SCHOOL = re.compile(
    r"(?:basis|hoge|muziek|dans|rij|sport|vrije|montessori|dalton|jenaplan|freinet|waldorf|kunst|"
    r"kleuter|lagere|middelbare|avond|zomer|film|toneel|zwem|speciale|katholieke|christelijke|"
    r"openbare|huishoud|landbouw|politie|kook|taal|zondags|koran|bijbel|kerk|dorps|wijk|buurt|moeder|"
    r"staats|volks|kathedraal|gods|leer|scholen|senioren|hof|college|wethouders|parochie|oude|nieuwe)"
    r".*"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Organisations beside care by which someone can be known."""
    text = view.text
    reader = Reader(view, lexicon)
    for i in range(len(view.words)):
        for start, end, rule in (
            *_headed(reader, i),
            *_trailed(view, lexicon, i),
            *_built(view, lexicon, i),
        ):
            a, b = view.words[start].start, view.words[end - 1].end
            yield Mask(a, b, "institution", text[a:b], rule)


def _headed(reader: Reader, i: int) -> Iterator[tuple[int, int, str]]:  # noqa: PLR0911, PLR0912
    """ "vv Heerjansdam", "basisschool de Regenboog", "Huisartsen aan de Vecht"."""
    view, lexicon = reader.view, reader.lexicon
    head = view.words[i]
    made = _MADE_WITH.fullmatch(head.low) and head.low not in _NOT_MADE
    if not (head.low in BEFORE_NAME or made) or not _joined(view, i):
        return
    if (
        head.low in ("huisartsen", "tandartsen", "psychologen", "therapeuten")
        and not head.text[0].isupper()
    ):
        return  # "de huisartsen in Breda"
    trade = _TRADE.fullmatch(head.low) and reader.surname_end(i + 1)
    if trade and view.near(i) and not view.words[i + 1].title:
        if view.at(trade - 1) in lexicon.not_names:
            return
        if view.at(trade - 1) not in lexicon.places or trade > i + 2:
            yield i, trade, "organisations.headed"
            return
    j = _after_purpose(view, i)
    while j < len(view.words) - 1 and view.at(j) in LINKS and view.near(j) and j - i <= 6:
        j += 1
    if j >= len(view.words):
        return
    links = [view.words[k] for k in range(i + 1, j)]
    if any(w.low in ("in", "van", "op", "aan") and not w.title for w in links) and not (
        head.text[0].isupper() and head.low not in ("school", "kerk", "gemeente")
    ):
        return  # "de kerk in Ede", "de school van Jan": the name has a rule of its own
    low = view.at(j)
    if low in lexicon.not_names or len(low) < 2 or head.low == low:
        return
    followed = view.near(j) and j + 1 < len(view.words) and view.capital(j + 1)
    if low in lexicon.public and not (followed and head.text[0].isupper()):
        return
    saints = any(w.low in ("sint", "st") for w in links)
    loose = head.low in _LOOSE or head.low not in BEFORE_NAME
    if view.capital(j) or (saints and view.words[j].title):
        if _capital_name(reader, i, j, links, saints, loose):
            yield i, name_end(view, lexicon, j), "organisations.headed"
    elif (
        not view.words[j].title
        and (not loose or head.low in ("stichting", "kliniek", "college") or "praktijk" in head.low)
        and len(low) > 3
    ):
        articles = bool(links) and all(w.low in ("de", "het", "'t") for w in links)
        house = (
            articles
            and _stops(reader, j)
            and ("n" in lexicon.words.get(low, "") or low in lexicon.toponyms)
        )
        unknown = not lexicon.in_dictionary(low) and (
            reader.level(j) >= NameLevel.UNKNOWN or ends_as_house(low, lexicon)
        )
        club = head.low in _CLUBS
        place = low in lexicon.places
        branch = low in ("noord", "zuid", "oost", "west") and "praktijk" in head.low
        if (
            saints
            or house
            or branch
            or (unknown and (club or place or not lexicon.misspelled(low)))
        ):
            end = j + 1
            while club and end < len(view.words) and not _stops(reader, end - 1):
                end += 1
            yield i, min(end, j + 3), "organisations.headed"
        elif club and lexicon.noun_only(low):
            yield i, j + 1 if _stops(reader, j) else j + 2, "organisations.headed"


def _stops(reader: Reader, i: int) -> bool:
    """Whether the sentence goes on without the name after word ``i``: a stop, a verb, "in"."""
    view, lexicon = reader.view, reader.lexicon
    if not view.near(i):
        return True
    reading = lexicon.words.get(view.at(i + 1), "")
    return "f" in reading or "v" in reading or view.at(i + 1) in lexicon.not_names


def _capital_name(
    reader: Reader, i: int, j: int, links: list[Word], saints: bool, loose: bool
) -> bool:
    """Whether the capital word ``j`` is the name of the organisation that word ``i`` says."""
    view, lexicon = reader.view, reader.lexicon
    head, low = view.words[i], view.at(j)
    big_link = any(w.title for w in links)
    if low in lexicon.regions and not (big_link or head.text[0].isupper()):
        return False
    if head.low in ("gemeente", "unit", "afdeling", "locatie", "team") and not big_link:
        if low in lexicon.first_names:
            return head.low != "team" and not _SUBJECT.fullmatch(low)
        return not lexicon.in_dictionary(low) and low not in lexicon.places | lexicon.regions
    word = lexicon.in_dictionary(low)
    subject = _SUBJECT.fullmatch(low) or reader.overuses_capitals_besides(j)
    if loose and word and subject and not (big_link or saints):
        return False
    first_name = low in lexicon.certain_names and not (head.text[0].isupper() or links)
    return not (first_name and (loose or head.low in ("kapsalon", "sportschool", "dagbesteding")))


def _after_purpose(view: View, i: int) -> int:
    """The index after "voor psychotherapie en coaching" that stands behind word ``i``."""
    if view.at(i + 1) != "voor" or not (view.words[i].title and view.near(i)):
        return i + 1
    j = i + 2
    while j < len(view.words) and view.near(j - 1) and not view.words[j].title and j - i < 6:
        j += 1
    return j if j < len(view.words) and view.words[j].title else i + 1


def _joined(view: View, i: int) -> bool:
    return i + 1 < len(view.words) and bool(re.fullmatch(r"\s?[-–]?\s?['\"“‘]?", view.gap(i)))


def name_end(view: View, lexicon: NameLexicon, j: int) -> int:
    """The index after the name that begins with the capital word ``j``."""
    end = j + 1
    while end < len(view.words):
        if not (view.near(end - 1) or view.gap(end - 1) in (" & ", "-", ". ", " - ")):
            break
        k = end
        while k < len(view.words) - 1 and view.at(k) in LINKS | {"en", "voor"} and view.near(k):
            k += 1
        if not view.words[k].title or view.at(k) in lexicon.not_names:
            break
        if k > end and view.at(end) in ("in", "te") and not view.words[end].title:
            break
        if k > end and view.at(end) in ("van", "op", "aan", "en", "voor") and k - end < 2:
            if view.at(end) not in ("van", "en"):
                break
            if view.at(k) in lexicon.certain_names:
                break
        end = k + 1
    return end


def _trailed(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "Terpstra Bouw BV", "De Wilg Advocaten", "Dorenhage Basisschool"."""
    last = view.words[i]
    if i == 0 or last.low not in _AFTER_NAME or not view.near(i - 1):
        return
    if not (last.title or last.text.isupper()) or view.caseless:
        firm = last.low in ("transport", "bouw", "metaal", "advocaten", "schoonmaak", "catering")
        owner = view.at(i - 1)
        surname = owner in lexicon.surnames or owner in lexicon.after_prefix
        if firm and surname and not lexicon.in_dictionary(owner):
            k = i - 1
            while k > 0 and view.near(k - 1) and view.at(k - 1) in ("van", "de", "der", "den"):
                k -= 1
            yield k, i + 1, "organisations.trailed"
        return
    k = i
    while k > 0 and view.near(k - 1) and view.words[k - 1].title:
        k -= 1
    names = range(k, i)
    own = [m for m in names if not lexicon.in_dictionary(view.at(m)) or view.capital(m)]
    own = [
        m
        for m in own
        if view.at(m) not in lexicon.not_names | LINKS and view.at(m) not in GENERIC_ENGLISH
    ]
    if own and not any(view.at(m) in lexicon.public for m in names):
        while k < i and view.at(k) in lexicon.not_names and view.words[k].opens:
            k += 1
        end = i + 1
        if last.low in ("gemeente", "kerk", "parochie") and view.near(i) and end < len(view.words):
            end = name_end(view, lexicon, end) if view.capital(end) else end
        yield k, end, "organisations.trailed"


def _built(view: View, lexicon: NameLexicon, i: int) -> Iterator[tuple[int, int, str]]:
    """ "de Pauluskerk", "de Zonnebloemschool", "Heilig-Hartcollege": the name is in the word."""
    word = view.words[i]
    match = _BUILT.fullmatch(word.low)
    if not match or lexicon.in_dictionary(word.low):
        return
    if word.low.endswith("kerk") and view.at(i - 1) in ("in", "te", "uit"):
        return  # "in Zuidermeerkerk": a church has an article, a village has none
    stem = match.group(1).rstrip("-")
    saint = stem.startswith(("sint-", "st-", "heilig"))
    if (
        not view.capital(i)
        and not saint
        and (lexicon.is_word(stem) or lexicon.is_word(stem.rstrip("s")))
    ):
        return  # "dorpskerk"
    if not _KINDS_OF_SCHOOL.fullmatch(word.low) and word.low not in lexicon.places:
        yield i, i + 1, "organisations.built"
