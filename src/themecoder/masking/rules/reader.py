"""What a word is worth as a name, and how far a name goes on from a word."""

from __future__ import annotations

import re
from enum import IntEnum

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View, words

PREFIX = words(
    "van de den der het 't ter ten te la le du di da el al ben bin von vd vd. v.d v d' dos "
    "del della af 's des abd bint ould ait aït den't vander vanden"
)
TWO_PREFIXES = frozenset((a, b) for a in ("in", "op", "uit", "aan") for b in ("'t", "den", "ten"))
OLD_PREFIX = words("den der ter ten vd vander vanden el al ben bin ait aït von da di dos")
WEAK = words(
    "met van aan door bij en of voor tegen naar over volgens via zonder is was als hoi hallo "
    "hey beste lieve dag bedankt dankjewel"
)
SURNAME_NOUNS = words(
    "vries boer jong wit groot bruin graaf haan koning bakker visser smit smet jonge wilde "
    "lange leeuw wolf vos haas bruyn berg heuvel meer beek dijk velde veen bos laan broek "
    "ruiter mol jager reus zeeuw bie regt rijk goede swart geus klerk kleine blauw zwart "
    "hoek wal horst ridder koster kok witte backer meyer roo rooij"
)

#: Ends of Dutch, Frisian and Flemish surnames that are hardly ends of ordinary words.
SURNAME_ENDS = (
    *("stra", "sma", "ema", "inga", "enga", "ink", "inck", "mans", "aert", "aerts", "hoven"),
    *("sen", "kamp", "dijk", "dyk", "veld", "velde", "berg", "bergh", "burg", "huis", "huizen"),
    *("hof", "man", "meijer", "meyer", "horst", "brink", "donk", "hout", "beek", "stein", "steen"),
    *("daal", "bos", "bosch", "woud", "haar", "laar", "wijk", "kerk", "poort", "hagen", "graaf"),
)
#: Verbs that have a subject before them: what stands there is who did it.
FINITE = words(
    "zegt zei zeggen is was heeft had vindt vond kan kon gaat ging doet deed stond staat zag ziet "
    "kwam komt maakt maakte gaf geeft las leest weet wist helpt hielp belt belde werkt "
    "werkte woont "
    "woonde zit zat ligt lag luistert luisterde wil wilde wou snapt snapte begrijpt begreep leeft "
    "leefde overleed stierf stopte stopt schreef schrijft vroeg vraagt stuurde stuurt eiste raadde "
    "noemt noemde denkt dacht hoort hoorde praat praatte lacht lachte huilde bleef "
    "blijft liet laat "
    "vertelde vertelt appt appte mailt mailde gebruikt gebruikte heet heette wordt werd moest moet "
    "mag mocht zal zou doorverwees verwees says said thinks works left told found knows "
    "helped made "
    "gave wants asked has will would uses used died"
)
_NOUN_PREFIX = words("van de der den het 't op in uit aan bij ter ten")
_AFTER_NAME = words(
    "en of is was heeft zei zegt die van kan had wil vindt vond bij uit om met ook mij me dat"
)


class NameLevel(IntEnum):
    """How much a word is a name by itself."""

    NO = 0  # an ordinary word
    UNKNOWN = 1  # in no list and in no dictionary
    AMBIGUOUS = 2  # a name and an ordinary word
    LISTED = 3  # in a list of names, not in the dictionary
    CERTAIN = 4  # a first name that is hardly another word


# "daarvoor", "ermee", "hiertussen": no list of words has them all
_ADVERB = re.compile(
    r"(?:daar|er|hier|waar)(?:aan|achter|af|bij|binnen|boven|buiten|door|heen|in|langs|mee|na|naar|"
    r"naast|om|onder|op|over|tegen|toe|tussen|uit|van|vandaan|voor)"
)


class Reader:
    """The words of one answer, as names."""

    def __init__(self, view: View, lexicon: NameLexicon) -> None:
        self.view = view
        self.lexicon = lexicon
        # who gives capitals to ordinary words says nothing with one on a word that is a name too
        self._needless_capitals = frozenset(
            i
            for i, w in enumerate(view.words)
            if view.capital(i)
            and lexicon.in_dictionary(w.low)
            and not self._may_have_capital(w.low)
        )
        self.overuses_capitals = bool(self._needless_capitals)

    def overuses_capitals_besides(self, i: int) -> bool:
        """Whether another word than ``i`` has a capital that it need not have."""
        return bool(self._needless_capitals - {i})

    def _may_have_capital(self, low: str) -> bool:
        """Whether a word is in some list of names, or too short to tell."""
        lex = self.lexicon
        names = (lex.first_names, lex.surnames, lex.ambiguous_names, lex.after_prefix)
        others = (lex.places, lex.regions, lex.public, lex.institutions)
        return len(low) < 3 or any(low in listed for listed in (*names, *others))

    def level(self, i: int) -> NameLevel:  # noqa: PLR0911
        word = self.view.words[i]
        low = word.low
        lex = self.lexicon
        if (not low[:1].isalpha() and not low.startswith("'")) or low in lex.not_names:
            return NameLevel.NO
        if any(c.isdigit() for c in low) or _ADVERB.fullmatch(low):
            return NameLevel.NO
        if low in lex.certain_names:
            return NameLevel.CERTAIN
        hyphened = low.split("-")
        if len(hyphened) == 2 and all(
            p in lex.certain_names or p in lex.ambiguous_names for p in hyphened
        ):
            return NameLevel.CERTAIN
        listed = low in lex.first_names or low in lex.surnames or low in lex.ambiguous_names
        if low in lex.ambiguous_names or (listed and lex.in_dictionary(low)):
            return NameLevel.AMBIGUOUS
        if listed or any(
            p in lex.surnames and p not in lex.words for p in hyphened if len(hyphened) > 1
        ):
            return NameLevel.LISTED
        return NameLevel.NO if lex.is_word(low) else NameLevel.UNKNOWN

    def is_first_name(self, i: int) -> bool:
        low = self.view.at(i)
        return (
            low in self.lexicon.ambiguous_names
            or low in self.lexicon.first_names
            or self.level(i) == NameLevel.CERTAIN
        )

    def is_surname(self, i: int) -> bool:
        low = self.view.at(i)
        return low in self.lexicon.surnames or low in self.lexicon.after_prefix

    def is_public(self, i: int) -> bool:
        """Whether a word that stands where a surname may is a public name and no surname: whoever
        is called Verstappen is not the driver."""
        low = self.view.at(i)
        surname = low in self.lexicon.surnames and self.view.capital(i)
        return low in self.lexicon.public and not surname

    def ends_clause(self, i: int) -> bool:
        """Whether what follows word ``i`` is what follows a name: a stop, a verb, "en"."""
        if not self.view.near(i):
            return True
        following = self.view.at(i + 1)
        reading = self.lexicon.words.get(following, "")
        return following in _AFTER_NAME or "v" in reading

    # -- the extent of a name ------------------------------------------------------------------

    def name_end(self, i: int) -> int:
        """Word ``i`` is a name: the index after the whole name that begins there."""
        view = self.view
        end = i + 1
        while end < len(view.words):
            glued = view.near(end - 1) or (
                re.fullmatch(r"\s?-\s?|\.\s?", view.gap(end - 1)) and len(view.at(end - 1)) == 1
            )
            if not glued:
                break
            following = self.surname_end(end)
            if following is None:
                break
            end = following
        return end

    def surname_end(self, i: int) -> int | None:  # noqa: PLR0911, PLR0912
        """The index after the piece of a surname that stands at ``i``; None where there is none."""
        view, lex = self.view, self.lexicon
        j = i
        while (
            j < len(view.words) - 1
            and (view.at(j) in PREFIX or (view.at(j), view.at(j + 1)) in TWO_PREFIXES)
            and (view.near(j) or view.gap(j) == ". ")
        ):
            j += 1
        low = view.at(j)
        if self.is_public(j) or low in lex.institutions:
            return None
        if j > i:  # "van der Berg"
            archaic = any(view.at(k) in OLD_PREFIX for k in range(i, j))
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
                    j + 1 if archaic or not lex.in_dictionary(low) or low in SURNAME_NOUNS else None
                )
            if archaic and (lex.noun_only(low) or not lex.is_word(low)):
                return j + 1
            if not lex.is_word(low) and low not in lex.places and not lex.misspelled(low):
                return j + 1
            return None
        if len(low) == 1 and view.words[i].text.isupper():  # "Anja K."
            return i + 1 if view.gap(i)[:1] == "." or not view.near(i) else None
        if view.capital(i):
            level = self.level(i)
            if level >= NameLevel.UNKNOWN or (low in lex.surnames):
                return i + 1
            return None
        if not view.words[i].title and self.level(i) == NameLevel.LISTED and low in lex.surnames:
            return i + 1
        if not view.words[i].title and self.level(i) == NameLevel.CERTAIN and low not in WEAK:
            return None if view.caseless else i + 1
        return None

    def noun_surname_end(self, i: int) -> int | None:
        """The index after "de wit", "op de hoek", "van de wal" at ``i``: surnames that are words.

        Only after a title or a role; elsewhere these are no names.
        """
        view = self.view
        j = i
        while view.near(j) and view.at(j) in _NOUN_PREFIX and j - i < 3:
            j += 1
        if j == i or view.at(i) in ("het", "'t", "den"):
            return None
        big = view.words[j].title and view.any_capital(i) and not self.view.caseless
        known = view.at(j) in SURNAME_NOUNS and self.ends_clause(j)
        return j + 1 if big or known else None


def is_pronounceable(word: str) -> bool:
    """Whether a word unknown to all lists can be said: letters only, vowels and consonants."""
    vowels = sum(c in "aeiouyáéíóúàèëïöüøåæ" for c in word)
    return word.isalpha() and 0.2 <= vowels / len(word) <= 0.75
