"""The words of an answer with what their capitals are worth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


_MARKS = "\u0300-\u036f"
_WORD = re.compile(
    rf"(?:['’][sS]-)?[^\W\d_][\w{_MARKS}]*(?:['’](?![sS]\b)[^\W\d_][\w{_MARKS}]*|"
    rf"-[^\W_][\w{_MARKS}]*)*"
    rf"|['’][tnmrTNMR]\b|\d+"
)
_ABBREVIATED = words(
    "mevr mw mvr dhr hr mr dr drs prof ing ir ds st zr br bijv bv evt incl nr tel geb fam jr "
    "sr vd v d"
)
_OPENING_SIGNS = frozenset('.!?…\n\r:;"“”„«»•*|/([{—–')


@dataclass(frozen=True, slots=True)
class Word:
    """One word or number; ``low`` is its caseless form, ``title`` whether only its first letter
    is a capital, ``opens`` whether it stands where any word gets a capital."""

    text: str
    start: int
    end: int
    low: str
    title: bool
    opens: bool


def fold(text: str) -> str:
    """The form in which words are compared: caseless, straight apostrophes."""
    return text.casefold().replace("’", "'")


class View:
    """A text as the rules see it: its words, and whether its capitals say anything.

    In an answer typed in capitals, or With A Capital On Every Word, a capital is no sign of a name;
    such an answer is read as if it were lower case (``caseless``).
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[Word] = list(self._split())
        letters = [c for c in text if c.isalpha()]
        upper = sum(c.isupper() for c in letters)
        inner = [w for w in self.words if not w.opens and w.text[0].isalpha()]
        titled = sum(w.title for w in inner)
        self.caseless = (len(letters) >= 6 and upper > 0.6 * len(letters)) or (
            len(inner) >= 6 and titled > 0.75 * len(inner)
        )

    def _split(self) -> Iterator[Word]:
        last = 0
        previous = ""
        for match in _WORD.finditer(self.text):
            gap = self.text[last : match.start()]
            text = match.group()
            opens = last == 0 and not previous
            if not opens:
                closing = gap.lstrip()
                if closing.startswith(".") and (previous in _ABBREVIATED or len(previous) == 1):
                    gap = closing[1:]
                opens = any(c in _OPENING_SIGNS or unicodedata.category(c) == "So" for c in gap)
                opens = opens or gap.strip() in ("-", ">")
            yield Word(text, match.start(), match.end(), fold(text), _is_title(text), opens)
            last, previous = match.end(), fold(text)

    @cached_property
    def low(self) -> str:
        """The text, caseless where that keeps its length; for patterns that ignore case."""
        lowered = self.text.lower()
        return lowered if len(lowered) == len(self.text) else self.text

    def gap(self, i: int) -> str:
        """What stands between word ``i`` and the next; a line break at either end of the text."""
        if i < 0 or i + 1 >= len(self.words):
            return "\n"
        return self.text[self.words[i].end : self.words[i + 1].start]

    def near(self, i: int) -> bool:
        """Whether only spaces stand between word ``i`` and the next."""
        return 0 <= i < len(self.words) - 1 and not self.gap(i).strip(" \t\u00a0")

    def capital(self, i: int) -> bool:
        """Whether word ``i`` has a capital that it need not have."""
        word = self.words[i]
        return word.title and not word.opens and not self.caseless

    def any_capital(self, i: int) -> bool:
        """Whether word ``i`` has a capital, also at the start of a sentence."""
        return self.words[i].title and not self.caseless

    def at(self, i: int) -> str:
        """Word ``i``, caseless; "" beyond the text."""
        return self.words[i].low if 0 <= i < len(self.words) else ""


def _is_title(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if not letters or not letters[0].isupper():
        # 's-Gravenhage, d'Hondt, el-Khatib: the capital is on the part that matters
        return any(p[:1].isupper() and p[1:].islower() for p in re.split(r"['’\-]", text)[1:])
    if len(letters) == 1:
        return True
    # IJsbrand, McDonald, De-Groot: a capital further on is fine, all capitals is not
    return not text.isupper() and any(c.islower() for c in letters)
