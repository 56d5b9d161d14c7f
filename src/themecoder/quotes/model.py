"""What a quote is while one is chosen, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from themecoder.errors import Problem
from themecoder.quotes.context import Passage

PERSON, CODER, RULE = "person", "coder", "rule"
"""Who chose a quote: somebody in quotes.yaml, a coder by a mark in the remark, the rule."""


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quote of a code that may be shown.

    ``passage`` has its masked texts. ``marked``: a coder marked these words; else the whole answer
    has the code. ``favourite``: a coder said in the remark that it is one to quote. ``traits``:
    what is known of the answer besides its words (question, groups, other codes), to tell opinions
    apart.
    """

    code: str
    answer_id: str
    respondent: str
    question: str
    passage: Passage
    marked: bool = True
    favourite: bool = False
    traits: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, int, int]:
        """The one order in which quotes stand wherever nothing else decides."""
        return self.answer_id, self.passage.start, self.passage.end


@dataclass(frozen=True, slots=True)
class ShownAttribute:
    """One attribute as it is told with a quote; ``text`` is for readers: "Leeftijd 25-34"."""

    attribute: str
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class SelectedQuote:
    """A quote as it is shown; every text is masked and on one line.

    ``before + quote + after`` reads on: spaces and … are part of them. ``start`` and ``end`` are
    code points of the answer as imported. ``rank`` counts from 1 within the section, None for what
    was not chosen; ``chosen_by`` is person, coder or rule, or empty. ``marked``: see
    ``QuoteCandidate``.
    """

    code: str
    answer_id: str
    question: str
    start: int
    end: int
    before: str
    quote: str
    after: str
    marked: bool
    rank: int | None = None
    chosen_by: str = ""
    told: tuple[ShownAttribute, ...] = ()

    @property
    def attributes(self) -> str:
        """Who said it, as far as may be told: ``Leeftijd 25-34, Vrouw``; empty where nothing is."""
        return ", ".join(one.text for one in self.told)


@dataclass(frozen=True, slots=True)
class QuoteSection:
    """A code with its quotes over all questions: no respondent twice among ``shown``.

    ``rest``: the quotes that could be shown and were not chosen. ``respondents``: how many people
    the quotes are of that could be shown, both together.
    """

    code: str
    label: str
    group: str
    shown: tuple[SelectedQuote, ...]
    rest: tuple[SelectedQuote, ...]
    respondents: int


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes of a study, in sections in the codebook's order.

    ``source`` names whose coding it is; ``confirmed``: people judged, else a machine suggested.
    ``consent``: study.toml says who may be quoted. ``left_out``: reason -> answers with a code of
    which nothing may be shown (consent, masks, changed, empty) or that wait for their coder
    (waiting). ``fewer_attributes``: shown quotes with fewer attributes than asked for, since too
    few people share them. ``lost``: a person's choices that can't be shown, with their lines.
    """

    title: str
    source: str
    confirmed: bool
    codebook: str
    consent: bool
    smallest: int
    sections: tuple[QuoteSection, ...]
    attributes: tuple[tuple[str, str], ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    synthetic: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    lost: tuple[Problem, ...] = ()

    def of(self, code: str) -> tuple[SelectedQuote, ...]:
        """The quotes of a code, best first. Raises KeyError for a code that was not asked for."""
        for section in self.sections:
            if section.code == code:
                return section.shown
        raise KeyError(code)

    @property
    def labels(self) -> dict[str, str]:
        """Code -> label, of the codes that were asked for."""
        return {section.code: section.label for section in self.sections}

    @property
    def shown(self) -> tuple[SelectedQuote, ...]:
        """All that is shown, section by section."""
        return tuple(one for section in self.sections for one in section.shown)

    @property
    def fewer_attributes(self) -> int:
        """Quotes that are told with fewer attributes than asked for."""
        return sum(len(one.told) < len(self.attributes) for one in self.shown)
