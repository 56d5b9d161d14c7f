"""Two texts of one answer: whether they are the same, and where a part of one is in the other.

Tools change what does not matter: white space, line ends, how an accent is encoded. What is
compared and counted here is therefore the stream of all other characters, decomposed and in lower
case.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=4096)
def _decomposed(character: str) -> str:
    return "" if character.isspace() else unicodedata.normalize("NFD", character).casefold()


def bare(text: str) -> str:
    """What is compared of a text."""
    if text.isascii():
        return "".join(text.split()).casefold()
    return "".join(map(_decomposed, unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts that are the same but for what does not matter.

    ``here`` and ``there``: for each character that is compared its place in either text.
    """

    here: tuple[int, ...]
    there: tuple[int, ...]

    def carried(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``here[start:end]`` is in the other text; None for white space alone."""
        first, last = bisect_left(self.here, start), bisect_left(self.here, end)
        if first >= last:
            return None
        return self.there[first], self.there[last - 1] + 1


def align(here: str, there: str) -> Alignment | None:
    """The alignment of two texts; None where they are not the same."""
    ours, theirs = _stream(here), _stream(there)
    if ours[0] != theirs[0]:
        return None
    return Alignment(ours[1], theirs[1])


def _stream(text: str) -> tuple[str, tuple[int, ...]]:
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _decomposed(character):
            characters.append(part)
            places.append(place)
    return "".join(characters), tuple(places)


def find(words: str, text: str) -> list[tuple[int, int]]:
    """Every place of ``words`` in ``text``, white space and case set aside."""
    wanted, (stream, places) = _stream(words)[0], _stream(text)
    found = []
    start = stream.find(wanted) if wanted else -1
    while start >= 0:
        found.append((places[start], places[start + len(wanted) - 1] + 1))
        start = stream.find(wanted, start + 1)
    return found
