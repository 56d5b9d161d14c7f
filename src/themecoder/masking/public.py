"""What looks like an identifying detail and is public: people, products, organisations."""

from __future__ import annotations

import re

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View, fold, words

# What a person has an AI be called tells nobody who that person is.
_MACHINES = words(
    "chatbot chatbots bot chatgpt gpt chat ai app assistent assistente robot computer replika "
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
    r"noemde ik|hem|haar)\s+(?:nu |dan |dus |ook |al |bij mij |tegenwoordig |"
    r"inmiddels )?[:'\"“‘]?\s*([^\W\d_][\w-]+)"
)
_BESIDE = re.compile(
    r"\b(?:chatbot|bot|chatgpt|gpt|replika|assistent|robot|"
    r"avatar)\s+(?:,\s*)?([^\W\d_][\w-]+)\s+(?:genoemd|gedoopt|heet)\b"
    r"|([^\W\d_][\w-]+)(?=,?\s+(?:\(\s*)?(?:de|mijn|m'n|een|onze)\s+"
    r"(?:chatbot|bot|robot|ai|gpt|replika|avatar)\b)"
)


def named_machines(view: View) -> frozenset[str]:
    """Names that the answer gives to a chatbot or a thing ("ik noem hem Gerrit"), caseless."""
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
        if any(w in _MACHINES for w in before) and not any(_is_person(w) for w in before):
            names.add(fold(match.group(1)))
    for match in _BESIDE.finditer(low):
        names.add(fold(match.group(1) or match.group(2)))
    return frozenset(names)


def _is_person(word: str) -> bool:
    return word.startswith(_CARERS) or word in _PEOPLE


def public_spans(view: View, lexicon: NameLexicon, longest: int = 5) -> list[tuple[int, int]]:
    """Spans of word indices (end exclusive) that are public by themselves, longest first found."""
    spans: list[tuple[int, int]] = []
    words = view.words
    i = 0
    while i < len(words):
        for size in range(min(longest, len(words) - i), 0, -1):
            phrase = " ".join(w.low for w in words[i : i + size])
            if phrase in lexicon.public and all(
                not view.gap(k).strip(" ,.'’") and "\n" not in view.gap(k)
                for k in range(i, i + size - 1)
            ):
                spans.append((i, i + size))
                i += size - 1
                break
        i += 1
    return spans
