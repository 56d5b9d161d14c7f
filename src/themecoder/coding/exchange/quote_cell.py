"""Quotes as the text of one cell, which people can read and write, and back.

A line a quote: ``code: "words"``. A quotation mark within the words is doubled, as in a CSV; words
that stand in the answer more than once have the number of the place behind them: ``"mijn data"
(2)``. Who types a line needs neither marks nor number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from themecoder.coding.exchange.model import ForeignNote, ForeignQuote, Place

_EXACT = re.compile(
    r'(?P<code>[^\n"]+?): "(?P<words>(?:[^"]|"")*)"(?: \((?P<place>\d+)\))?(?=\r?\n|\Z)'
)
_TYPED = re.compile(r"(?P<code>[^\n:]+):[ \t]*(?P<words>[^\n]*)")
_MARKS = "\"'“”„‟«»‘’‚‹›"


@dataclass(frozen=True, slots=True)
class CellQuotes:
    """The quotes of a cell, and the lines that name none: ``unread`` is no quote, the words of
    ``missing`` are not in the answer."""

    quotes: tuple[ForeignQuote, ...] = ()
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def faults(self, place: Place) -> list[ForeignNote]:
        """What is wrong with a cell whose lines are not all quotes."""
        parts = (("quote_unread", self.unread), ("quote_not_there", self.missing))
        return [ForeignNote(key, place, {"n": len(lines)}) for key, lines in parts if lines]


def quotes_cell(quotes: Iterable[ForeignQuote], text: str, name: Callable[[str], str] = str) -> str:
    """The cell of ``quotes`` in ``text``; ``name``: what a code is called there."""
    return "\n".join(_line(quote, text, name(quote.code)) for quote in sorted(quotes))


def read_quotes(cell: str, text: str) -> CellQuotes:
    """The quotes of ``text`` that a cell names, sorted; their codes as they stand there."""
    quotes: list[ForeignQuote] = []
    unread: list[str] = []
    missing: list[str] = []
    position = 0
    while position < len(cell):
        found = _EXACT.match(cell, position)
        if found:
            words, place = found["words"].replace('""', '"'), int(found["place"] or 1)
            span = _nth(text, words, place)
        else:
            found = _TYPED.match(cell, position)
            span = _typed(text, found["words"]) if found and found["words"].strip() else None
        if found is None or not found["words"].strip():
            end = cell.find("\n", position)
            line = cell[position : end if end >= 0 else len(cell)]
            position += len(line) + 1
            if line.strip():
                unread.append(line.strip())
            continue
        if span is None:
            missing.append(found[0].strip())
        else:
            quotes.append(ForeignQuote(*span, found["code"].strip(), text[span[0] : span[1]]))
        position = found.end() + 1 + cell.startswith("\r", found.end())
    return CellQuotes(tuple(sorted(set(quotes))), tuple(unread), tuple(missing))


def _line(quote: ForeignQuote, text: str, code: str) -> str:
    words = text[quote.start : quote.end]
    places = list(_places(text, words))
    doubled = words.replace('"', '""')
    number = f" ({places.index(quote.start) + 1})" if len(places) > 1 else ""
    return f'{code}: "{doubled}"{number}'


def _places(text: str, words: str) -> Sequence[int]:
    """Where ``words`` begin in ``text``, also where they overlap themselves."""
    places = []
    place = text.find(words)
    while place >= 0:
        places.append(place)
        place = text.find(words, place + 1)
    return places


def _nth(text: str, words: str, place: int) -> tuple[int, int] | None:
    places = _places(text, words) if words else ()
    if not 1 <= place <= len(places):
        return None
    return places[place - 1], places[place - 1] + len(words)


def _typed(text: str, words: str) -> tuple[int, int] | None:
    """Where the words that somebody typed are: as they stand, else without the marks around them,
    else in other case and with other white space."""
    for wanted in (words.strip(), words.strip().strip(_MARKS).strip()):
        if wanted and wanted in text:
            return text.index(wanted), text.index(wanted) + len(wanted)
    parts = words.strip().strip(_MARKS).split()
    loose = re.search(r"\s+".join(map(re.escape, parts)), text, re.IGNORECASE) if parts else None
    return loose.span() if loose else None
