"""Phrases of a language as small patterns, and the question whether they cover a text whole."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

ANY = "_"
NUMBER = "#"
MASK = "_mask"  # a token that stands for something masked: [NAAM], [INSTELLING]

_MASK = re.compile(r"\[[A-ZÀ-Þ][A-ZÀ-Þ _-]{1,30}\]")
_TOKEN = re.compile(r"_mask|[^\W\d_]+|\d+")
_REPEATED = re.compile(r"(.)\1+")
_NO_DECOMPOSITION = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: the words that may stand there, and whether it may be missing."""

    words: frozenset[str]
    optional: bool


Phrase = tuple[Element, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """The compiled phrases of a language: ``by_first`` finds those that can begin with a word."""

    particles: frozenset[str]
    by_first: Mapping[str, tuple[Phrase, ...]]
    vocabulary: frozenset[str]
    squeezed: Mapping[str, tuple[str, ...]] = field(repr=False)  # word without doubled letters
    by_start: Mapping[tuple[str, int], tuple[str, ...]] = field(repr=False)  # letter, length
    languages: tuple[str, ...] = ()

    def cover(self, tokens: Sequence[str]) -> bool:
        """Whether particles and whole phrases, one after the other, make up all the tokens."""
        if not tokens:
            return False
        candidates = _Candidates(self, tokens)
        reached = {0}
        for start in range(len(tokens)):
            if start not in reached:
                continue
            words = candidates[start]
            if words & self.particles:
                reached.add(start + 1)
            for word in words:
                for phrase in self.by_first.get(word, ()):
                    reached |= _phrase_ends(phrase, candidates, start, self.particles)
            if max(reached) <= start:
                return False
        return len(tokens) in reached


class _Candidates:
    """The words of the vocabulary that each token may stand for, worked out where needed."""

    def __init__(self, phrases: Phrases, tokens: Sequence[str]) -> None:
        self._phrases = phrases
        self._tokens = tokens
        self._known: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: int) -> frozenset[str]:
        if place not in self._known:
            self._known[place] = _words_for(self._tokens[place], self._phrases)
        return self._known[place]


@lru_cache(maxsize=100_000)
def _words_for(token: str, phrases: Phrases) -> frozenset[str]:
    """The token itself where it is known, else what it is a slip or a drawn-out form of."""
    if token == MASK:
        return frozenset({ANY, MASK})
    if token.isdigit():
        return frozenset({NUMBER})
    if token in phrases.vocabulary:
        return frozenset({token})
    meant: set[str] = set()
    if re.search(r"(.)\1\1", token) or (len(token) > 3 and token[-1] == token[-2]):
        meant.update(phrases.squeezed.get(_REPEATED.sub(r"\1", token), ()))
    if not meant and len(token) >= 4:
        near = (
            phrases.by_start.get((token[0], n), ()) for n in range(len(token) - 1, len(token) + 2)
        )
        meant.update(word for words in near for word in words if _is_slip(token, word))
        if meant and any(token in _word_forms(language) for language in phrases.languages):
            # "groen" is no slip of "groet": who types a word means that word
            meant = set()
    return frozenset(meant)


@lru_cache(maxsize=4)
def _word_forms(language: str) -> frozenset[str]:
    """The forms of words of a language, folded; empty for one that spacy-lookups-data lacks."""
    file = resources.files("spacy_lookups_data") / "data" / f"{language}_lemma_lookup.json.gz"
    if not file.is_file():
        return frozenset()
    lemmas: dict[str, str] = json.loads(gzip.decompress(file.read_bytes()))
    return frozenset(map(fold, (*lemmas, *lemmas.values())))


def _is_slip(typed: str, word: str) -> bool:
    """Whether ``typed`` is one slip away from ``word``: letters swapped, or from five letters on
    one missing, too many or wrong (not the first, which people get right and tells words apart).
    """
    if typed[0] != word[0] or abs(len(typed) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(word)) and typed[start] == word[start]:
        start += 1
    rest, other = typed[start:], word[start:]
    if len(typed) == len(word) and rest[:2] == other[:2][::-1] and rest[2:] == other[2:]:
        return len(word) >= 4
    if len(word) < 5 or len(typed) < 5:
        return False
    if len(rest) == len(other):
        return rest[1:] == other[1:]
    return rest[1:] == other if len(rest) > len(other) else rest == other[1:]


def _phrase_ends(
    phrase: Phrase, candidates: _Candidates, start: int, particles: frozenset[str]
) -> set[int]:
    """Where the phrase can end when it begins at ``start``; particles may stand inside it."""
    length = len(candidates)
    places = {start}
    for element in phrase:
        following = set(places) if element.optional else set()
        for place in places:
            position = place
            while position < length:
                words = candidates[position]
                if words & element.words or (ANY in element.words and position > start):
                    following.add(position + 1)
                # a particle is passed over inside a phrase, never before it
                if position > start and words & particles:
                    position += 1
                else:
                    break
        places = following
        if not places:
            return set()
    return places - {start}


def parse(lines: Iterable[str]) -> tuple[set[str], list[Phrase]]:
    """Particles and phrases of a resource file. Raises ValueError for a line that is no phrase."""
    particles: set[str] = set()
    phrases: list[Phrase] = []
    section = ""
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line
        elif section == "[particles]":
            particles.update(fold(word) for word in line.split())
        elif section == "[phrases]":
            phrases.append(_parse_phrase(line, number))
        else:
            raise ValueError(f"line {number}: {line!r} stands under no section")
    return particles, phrases


def _parse_phrase(line: str, number: int) -> Phrase:
    elements = []
    for part in line.split():
        optional = part.startswith("(") and part.endswith(")")
        words = frozenset(
            word if word in (ANY, NUMBER) else fold(word) for word in part.strip("()").split("|")
        )
        if "" in words or ("(" in part) != optional:
            raise ValueError(f"line {number}: {part!r} is no part of a phrase")
        elements.append(Element(words, optional))
    if all(element.optional for element in elements):
        raise ValueError(f"line {number}: every part of {line!r} may be missing")
    return tuple(elements)


def build(
    sources: Iterable[tuple[set[str], list[Phrase]]], languages: tuple[str, ...] = ()
) -> Phrases:
    """One set of phrases of several parsed files."""
    particles: set[str] = set()
    by_first: dict[str, list[Phrase]] = {}
    vocabulary: set[str] = set()
    for own_particles, phrases in sources:
        particles |= own_particles
        for phrase in phrases:
            for place, element in enumerate(phrase):
                vocabulary |= element.words
                if all(earlier.optional for earlier in phrase[:place]):
                    for word in element.words:
                        by_first.setdefault(word, []).append(phrase)
    vocabulary = (vocabulary | particles) - {ANY, NUMBER}
    squeezed: dict[str, list[str]] = {}
    by_start: dict[tuple[str, int], list[str]] = {}
    for word in sorted(vocabulary):
        by_start.setdefault((word[0], len(word)), []).append(word)
        squeezed.setdefault(_REPEATED.sub(r"\1", word), []).append(word)
    return Phrases(
        frozenset(particles),
        {word: tuple(dict.fromkeys(starting)) for word, starting in by_first.items()},
        frozenset(vocabulary),
        {short: tuple(words) for short, words in squeezed.items()},
        {start: tuple(words) for start, words in by_start.items()},
        languages,
    )


@lru_cache(maxsize=8)
def load(languages: tuple[str, ...]) -> Phrases:
    """The contentless phrases of the languages; a language without a file adds nothing."""
    folder = resources.files("themecoder.language") / "data"
    files = [folder / f"{language}_contentless.txt" for language in languages]
    sources = (
        parse(file.read_text(encoding="utf-8").splitlines()) for file in files if file.is_file()
    )
    return build(sources, languages)


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_NO_DECOMPOSITION))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens(text: str) -> list[str]:
    """Words and numbers of a text, folded; a mask is one token."""
    return _TOKEN.findall(fold(_MASK.sub(" _mask ", text)))
