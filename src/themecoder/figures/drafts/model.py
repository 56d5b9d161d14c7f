"""A draft as blocks of text, the figures and claims that are known, and what is tied to what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

PlaceKind = Literal["heading", "paragraph", "row", "footnote", "endnote", "box", "line"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands, so that its writer finds it.

    ``number`` counts from 1: paragraphs (and text boxes) below their heading, rows in their
    ``table``, footnotes as printed, lines of a plain text file. ``heading`` is the heading above.
    """

    kind: PlaceKind
    number: int
    heading: str = ""
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a draft that is read as one: a paragraph, a heading, a table row, a footnote."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure that is known: what it says, and what it comes to.

    ``n`` of ``base_n`` respondents, or ``value`` for a mean or a test; all None where the data
    can't give it. ``printed`` is how it is quoted ("37,1%"). ``source`` tells what it is counted
    from: figures with the same ``source``, not empty, are one number that is quoted twice.
    ``question`` is the wording or name of its question, which counts less than ``text``.
    ``hidden``: it is of so few people that it is not told where a draft differs.
    """

    id: str
    text: str
    printed: str = ""
    n: int | None = None
    base_n: int | None = None
    value: Fraction | None = None
    question: str = ""
    source: str = ""
    hidden: bool = False

    @property
    def share(self) -> Fraction | None:
        """``n`` of ``base_n``, from 0 to 1."""
        return Fraction(self.n, self.base_n) if self.n is not None and self.base_n else None


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim in words of quantity that is known: "veel deelnemers" (``quantifier``) ``text``.

    ``holds``: whether the data bear it out; None where they can't tell. ``expected`` is what they
    give.
    """

    id: str
    text: str
    quantifier: str = ""
    holds: bool | None = True
    expected: str = ""


class Verdict(StrEnum):
    """What was found for an amount of a draft."""

    TIED = "tied"
    """It is the value of one figure, and the sentence speaks of that figure."""
    AMBIGUOUS = "ambiguous"
    """The value of one or more figures fits, but the words don't tell that, or which, it is."""
    DIFFERS = "differs"
    """The sentence speaks of a figure that has another value."""
    NO_SOURCE = "no_source"
    """No figure has this value."""


By = Literal["", "percent", "n", "base", "value", "printed", "sum", "words", "claim"]


@dataclass(frozen=True, slots=True)
class MatchedNumber:
    """An amount or a word of quantity in a draft, with its verdict.

    ``start`` and ``end`` are its place in ``sentence``, in code points. ``ids`` are figures (or
    claims, where ``kind`` is "quantifier"), best first, at most five; what they are tied ``by``:
    their percent, their n, the base they share, their value, how they are printed, their sum; or
    only by the words of the sentence. ``expected`` is what the first figure comes to, where the
    draft differs.
    """

    place: Place
    sentence: str
    start: int
    end: int
    kind: Literal["share", "count", "value", "quantifier"]
    verdict: Verdict
    ids: tuple[str, ...] = ()
    by: By = ""
    expected: str = ""

    @property
    def text(self) -> str:
        """The amount as typed."""
        return self.sentence[self.start : self.end]
