"""What a word may be in a keyword, per language: stop word, light word, negation, link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_SECTIONS = (
    *("stop", "light", "negation", "link"),
    *("subject", "object", "determiner", "article", "auxiliary", "clause"),
)


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of a language; all in small letters.

    ``stop`` are never keywords, ``light`` count less, ``negation`` stays visible before what it
    denies, ``link`` may stand between the two words of a phrase. ``subject``, ``object``,
    ``determiner``, ``article`` and ``auxiliary`` tell verb from noun where no tagger is installed;
    a negation does not reach over a ``clause`` word.
    """

    stop: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    negation: frozenset[str] = frozenset()
    link: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    object: frozenset[str] = frozenset()
    determiner: frozenset[str] = frozenset()
    article: frozenset[str] = frozenset()
    auxiliary: frozenset[str] = frozenset()
    clause: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def load(language: str) -> WordLists:
    """The lists of ``language`` (ISO 639-1); empty lists for a language that has no file."""
    file = resources.files("themecoder.language") / "data" / f"{language}_words.txt"
    if not file.is_file():
        return WordLists()
    lists: dict[str, set[str]] = {name: set() for name in _SECTIONS}
    section = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line and not line.startswith("#"):
            lists[section].update(line.split())
    return WordLists(**{name: frozenset(words) for name, words in lists.items()})
