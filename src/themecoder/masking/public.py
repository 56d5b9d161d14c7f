"""What looks like an identifying detail and is public: people, products, organisations."""

from __future__ import annotations

import re

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View, fold, words

# What a person has an AI be called, or an animal, tells nobody who that person is.
_MACHINES = words(
    "chatbot chatbots bot chatgpt gpt chat ai app assistent assistente robot computer replika "
    "ai-vriend ai-vriendin ai-maatje "
    "stofzuiger stofzuigerrobot robotstofzuiger grasmaaier navigatie speaker "
    "hond hondje kat kater poes koe plant cactus konijn cavia hamster parkiet "
    "papegaai paard pony goudvis "
    "character karakter copilot gemini programma avatar maatje-app telefoon laptop"
)
_CARERS = ("psych", "therap", "behandel", "begeleid", "hulpverl")  # beginnings of words
_PEOPLE = words("dokter arts huisarts zus broer vriend vriendin man vrouw coach")
_NAMED = re.compile(
    r"\b(?:noem(?:t|de|den|en)?|doop(?:te)?|gedoopt|omgedoopt)\s+(?:(?:hem|haar|het|'m|m|"
    r"hm|die|deze|dat ding|"
    r"mijn \w+|m'n \w+)\s+)?(?:altijd |dan |gewoon |maar |even |stiekem |inmiddels |"
    r"tot )*['\"“‘]?([^\W\d_][\w-]+)"
)
_CALLED = re.compile(
    r"\b(?:heet(?:te)?|genaamd|genoemd|gedoopt|naam is|naam was|naam gegeven|met de naam|"
    r"met als naam|noem ik|"
    r"noemde ik|hem|haar|named|called)\s+"
    r"(?:nu |dan |dus |ook |al |bij mij |bij ons |voor mij |tegenwoordig |"
    r"inmiddels )?[:'\"“‘]?\s*([^\W\d_][\w-]+)"
)
_BESIDE = re.compile(
    r"\b(?:chatbot|bot|chatgpt|gpt|replika|assistent|robot|"
    r"avatar)\s+(?:,\s*)?([^\W\d_][\w-]+)\s+(?:genoemd|gedoopt|heet)\b"
    r"|([^\W\d_][\w-]+)(?=,?\s+(?:\(\s*)?(?:de|mijn|m'n|een|onze)\s+"
    r"(?:chatbot|bot|robot|ai|gpt|replika|avatar)\b)"
)


_KEPT = (
    r"(?:[\w-]+e?\s)?"
    r"(?:hond|hondje|kat|katje|kater|poes|paard|pony|ezel|koe|geit|schaap|konijn|konijntje|cavia|"
    r"hamster|parkiet|papegaai|kip|haan|goudvis|schildpad|rat|labrador|teckel|hulphond|"
    r"plant|cactus|kamerplant|knuffel|teddybeer|caravan|camper|navigatie|stofzuiger|\w*robot|bot|"
    r"\w*bot|ai|ai-\w+|dog|cat|puppy|horse)"
)
_BEAST = re.compile(
    r"\b(?:mijn|m'n|mn|onze|ons|zijn|haar|my|our)\s" + _KEPT + r"\s*[,(]?\s*"
    r"(?:genaamd\s|called\s|named\s)?([^\W\d_][\w-]+)"
    r"|(?:^|[.!?]\s)(?:de|die|het|the)\s" + _KEPT + r",?\s([^\W\d_][\w-]+)"
)
_BOT_OF_MINE = re.compile(
    r"\b(?:chatbot|bot|ai|robot|app)\b(?: van mij)?,? (?:ik|wij|we) (?:zeg|zeggen|noem|noemen)\s+"
    r"(?:hem |haar |'m )?([^\W\d_][\w-]+)"
)
_NAMED_ABROAD = re.compile(
    r"\b(?:named|name|call|called)\s+(?:my|the|our)\s+[\w-]+\s+([^\W\d_][\w-]+)"
)


# Someone who is known to all is told by what they do, or by what there is of them.
_FAME = re.compile(
    r"(?<!mijn )(?<!m'n )\b(?i:zanger|zangeres|acteur|actrice|schrijver|schrijfster|"
    r"auteur|filosoof|"
    r"filosofe|minister|staatssecretaris|president|premier|koning|koningin|paus|presentator|"
    r"presentatrice|voetballer|rapper|cabaretier|zangeres|regisseur|profeet|keizer|generaal|"
    r"influencer|youtuber|singer|actor|actress|writer|philosopher)[ ]"
    r"((?:[A-ZÀ-Þ][\w'’-]+|van|de|der|den)(?: (?:[A-ZÀ-Þ][\w'’-]+|van|de|der|den|von))*)"
)
_WORK_OF = re.compile(
    r"\b(?:stem van|gespeeld door|films? (?:\w+ )?(?:van|met)|series? (?:\w+ )?(?:van|met)|"
    r"boek(?:en)? (?:\w+ )?van|podcasts? van|muziek van|liedjes? (?:\w+ )?van|nummers? van|"
    r"albums? van|gedicht(?:en)? van|citaat van|uitspraak van|documentaire (?:van|over)|"
    r"theorie van|schilderij van|concert van|sketch van|TED ?talk van)[ ]"
    r"([A-ZÀ-Þ][\w'’.-]+(?: (?:van|de|der|den|von|da))*(?: [A-ZÀ-Þ][\w'’-]+)+)"
)


def known_people(text: str) -> list[tuple[int, int]]:
    """Where an answer names someone known to all: "minister Kuipers", "een boek van Jan Arends"."""
    return [m.span(1) for pattern in (_FAME, _WORK_OF) for m in pattern.finditer(text)]


def named_machines(view: View) -> frozenset[str]:
    """Names that the answer gives to a chatbot, a thing or a beast ("ik noem hem Gerrit"),
    caseless."""
    names: set[str] = set()
    low = view.low
    for match in _NAMED.finditer(low):
        around = re.findall(r"[\w-]+", low[max(0, match.start() - 60) : match.end()])
        if re.search(r"\b(?:hem|haar|het|'m|m|hm|die|deze|ding)\b", match.group()) or any(
            word in _MACHINES for word in around
        ):
            names.add(fold(match.group(1)))
    for match in _CALLED.finditer(low):
        before = re.findall(r"[\w'-]+", low[max(0, match.start() - 40) : match.start()])[-5:]
        # "mijn psycholoog, geen chatbot, heet ..." still names a person
        after = re.match(r",?\s+(?:die|dat|de|mijn|onze)\s+([\w-]+)", low[match.end() :])
        if after and after.group(1) in _MACHINES:
            names.add(fold(match.group(1)))
        if any(w in _MACHINES for w in before) and not any(_is_person(w) for w in before):
            names.add(fold(match.group(1)))
    for pattern in (_BEAST, _BOT_OF_MINE, _NAMED_ABROAD):
        for match in pattern.finditer(low):
            names.add(fold(next(filter(None, match.groups()))))
    for match in _BESIDE.finditer(low):
        names.add(fold(match.group(1) or match.group(2)))
    return frozenset(names)


def _is_person(word: str) -> bool:
    return word.startswith(_CARERS) or word in _PEOPLE


def public_spans(view: View, lexicon: NameLexicon, longest: int = 6) -> list[tuple[int, int]]:
    """Spans of word indices (end exclusive) that are public by themselves, longest first found."""
    spans: list[tuple[int, int]] = []
    words = view.words
    i = 0
    while i < len(words):
        for size in range(min(longest, len(words) - i), 0, -1):
            phrase = " ".join(w.low for w in words[i : i + size])
            if phrase in lexicon.public and all(
                not view.gap(k).strip(" ,.'’&+") and "\n" not in view.gap(k)
                for k in range(i, i + size - 1)
            ):
                spans.append((i, i + size))
                i += size - 1
                break
        i += 1
    return spans
