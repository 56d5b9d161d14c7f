"""What a tool means by the position of a character in a text, found out by the text itself.

The standard counts Unicode code points of the plain text. Tools keep texts as they like, so that
the same number means another place in them: Windows tools count UTF-16 units (an emoji is two), a
line break that is stored as two characters is one in ATLAS.ti, and a byte order mark at the
beginning is counted by some. Where such characters are in a text at all, the words that selections
are named after tell which was meant; without words, that selections do not begin or end within a
word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from themecoder.output.zip import xml_safe

BOM = "\ufeff"
_CUT = ("…", "...")
# that a longer name than this stands elsewhere in a text by chance is not to be expected
_TELLING = 12
# in their texts a line break of two characters is counted as one; MAXQDA and NVivo count both
_LINE_BREAK_IS_ONE = ("ATLAS", "QUALCODER")


class Counting(NamedTuple):
    """How positions are counted. ``break_length``: of a line break that is stored as two
    characters; ``mark``: a byte order mark before the text is counted; ``units``: UTF-16 units are
    counted, else code points."""

    break_length: int = 2
    units: bool = False
    mark: bool = False


class SourceText:
    """A plain text as it is stored: ``text`` has one character for each line break."""

    def __init__(self, stored: str, marked: bool) -> None:
        self.text = stored.replace("\r\n", "\n").replace("\r", "\n")
        self._marked = marked
        self._doubles = self._places_of_doubles(stored)
        self._wide = not self.text.isascii() and max(self.text) > "\uffff"
        self._starts: dict[Counting, list[int]] = {}

    @staticmethod
    def _places_of_doubles(stored: str) -> frozenset[int]:
        """Where in ``text`` the line breaks of two characters are."""
        found = (match.start() for match in re.finditer("\r\n", stored))
        return frozenset(place - earlier for earlier, place in enumerate(found))

    @property
    def one_way(self) -> bool:
        """Whether every way to count gives the same positions."""
        return not (self._marked or self._doubles or self._wide)

    def is_told(self, counting: Counting) -> bool:
        """Whether a person should know how positions are counted here: a byte order mark that is
        not counted is nothing to tell."""
        return bool(self._doubles) or self._wide or (self._marked and counting.mark)

    def alike(self, counting: Counting) -> Counting:
        """Of the ways that give the same positions as ``counting`` here always the same one."""
        return Counting(
            counting.break_length if self._doubles else 2,
            counting.units and self._wide,
            counting.mark and self._marked,
        )

    def place(self, position: int, counting: Counting) -> int | None:
        """The place in ``text`` that ``position`` means; None where it is no place in it."""
        if self.one_way:
            return position if 0 <= position <= len(self.text) else None
        starts = self._starts_of(counting)
        index = bisect_left(starts, position)
        if index < len(starts) and starts[index] == position:
            return index
        # between the two characters of a line break is at it
        within = 0 < index < len(starts) and self.text[index - 1] == "\n"
        return index - 1 if within else None

    def _starts_of(self, counting: Counting) -> list[int]:
        """At which position each character of ``text`` begins, and the end."""
        counting = self.alike(counting)
        if counting not in self._starts:
            lengths = [
                counting.break_length
                if place in self._doubles
                else 1 + (counting.units and char > "\uffff")
                for place, char in enumerate(self.text)
            ]
            first = int(self._marked and counting.mark)
            self._starts[counting] = list(accumulate(lengths, initial=first))
        return self._starts[counting]


@dataclass(frozen=True, slots=True)
class Span:
    """The positions of a selection, and the ``name`` that it has: often its words."""

    start: int
    end: int
    name: str = ""


def named_otherwise(text: str, words: str, name: str, always_words: bool = False) -> bool:
    """Whether a selection is named after other words of the text than those it holds.

    A name that is nowhere in the text is a title that somebody gave, unless the tool names a
    selection always by its words; a short one may be a title too.
    """
    if _is_name_of(name, words):
        return False
    start = _beginning(name)[0]
    return always_words or (len(start) >= _TELLING and start in _plain(text))


def _is_name_of(name: str, words: str) -> bool:
    """Whether a selection of ``words`` may have this name: none, its words or how they begin."""
    if name in ("", words):
        return True
    start, cut = _beginning(name)
    return not (start or cut) or _plain(words) == start or (cut and _plain(words).startswith(start))


def _beginning(name: str) -> tuple[str, bool]:
    """A name without the sign that it was cut, and whether it was."""
    name = _plain(name)
    cut = next((end for end in _CUT if name.endswith(end)), "")
    return name.removesuffix(cut).rstrip(), bool(cut)


class Fit(NamedTuple):
    """How badly a way to count fits a text: fewer is better, the first counts most."""

    otherwise: int
    outside: int
    in_words: int


def countings(
    sources: Mapping[str, tuple[SourceText, Sequence[Span]]], tool: str
) -> dict[str, Counting]:
    """How positions are counted in each source.

    ``tool``: the program that wrote the project, whose habit is followed where texts do not tell.
    What fits all sources best is tried first on each of them: they come from the same program.
    """
    order = _order(tool)
    fits = {
        key: _fits(text, spans, order)
        for key, (text, spans) in sources.items()
        if spans and not text.one_way
    }

    def total(counting: Counting) -> Fit:
        """How badly it fits all texts together."""
        return Fit(*map(sum, zip(*(fit[counting] for fit in fits.values()), strict=True)))

    ranked = sorted(order, key=total) if fits else order
    return {
        key: min(ranked, key=lambda counting: fits[key][counting][:2]) if key in fits else ranked[0]
        for key in sources
    }


def _order(tool: str) -> list[Counting]:
    """Every way to count, with the habit of a tool first, and code points as the standard says."""
    one = any(name in tool.upper() for name in _LINE_BREAK_IS_ONE)
    return [
        Counting(length, units, mark)
        for mark in (False, True)
        for length in ((1, 2) if one else (2, 1))
        for units in (False, True)
    ]


def _fits(
    source: SourceText, spans: Sequence[Span], order: Sequence[Counting]
) -> dict[Counting, Fit]:
    different = dict.fromkeys(map(source.alike, order))
    unlike = {counting: _fit(source, spans, counting) for counting in different}
    return {counting: unlike[source.alike(counting)] for counting in order}


def _fit(source: SourceText, spans: Iterable[Span], counting: Counting) -> Fit:
    otherwise = outside = in_words = 0
    text = source.text
    for span in spans:
        start, end = source.place(span.start, counting), source.place(span.end, counting)
        if start is None or end is None or end < start:
            outside += 1
            continue
        otherwise += not _is_name_of(span.name, text[start:end])
        in_words += _cuts(text, start) + _cuts(text, end)
    return Fit(otherwise, outside, in_words)


def _cuts(text: str, place: int) -> bool:
    """Whether a word goes on over a place."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _plain(text: str) -> str:
    return " ".join(xml_safe(text).replace(BOM, "").split())
