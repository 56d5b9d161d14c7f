"""A quote as a candidate, and as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from themecoder.errors import Problem
from themecoder.quotes.context import Passage

PERSON, CODER, RULE = "person", "coder", "rule"
"""Who chose a quote: a person in quotes.yaml, a coder by a mark in the remark, or the rule."""


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quote of a code that may be shown.

    ``passage`` has its masked texts. ``marked``: a coder marked these words; otherwise the whole
    answer has the code. ``favourite``: a coder said in the remark that the answer should be quoted.
    ``traits``: what is known of the answer besides its words (question, groups, other codes), so
    that quotes of different people can be chosen.
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
        """The key by which quotes are sorted wherever nothing else decides."""
        return self.answer_id, self.passage.start, self.passage.end


@dataclass(frozen=True, slots=True)
class ShownAttribute:
    """One attribute as it is shown with a quote; ``text`` is for readers: "Leeftijd 25-34"."""

    attribute: str
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class SelectedQuote:
    """A quote as it is shown; every text is masked and on one line.

    ``before + quote + after`` reads on: spaces and … are part of them. ``start`` and ``end`` are
    code points of the answer as imported. ``rank`` counts from 1 within the section; it is None for
    a quote that was not chosen. ``chosen_by`` is person, coder or rule, or empty. ``told``: the
    attributes that may be shown. ``marked``: see ``QuoteCandidate``.
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
        """Who said it, as far as it may be shown: ``Leeftijd 25-34, Vrouw``; may be empty."""
        return ", ".join(attribute.text for attribute in self.told)


@dataclass(frozen=True, slots=True)
class QuoteSection:
    """A code with its quotes over all questions: no respondent twice among ``shown``.

    ``rest``: the quotes that could be shown and were not chosen. ``respondents``: the number of
    people whom the quotes in ``shown`` and ``rest`` come from, None where the number of respondents
    with the code is not shown.
    """

    code: str
    label: str
    group: str
    shown: tuple[SelectedQuote, ...]
    rest: tuple[SelectedQuote, ...]
    respondents: int | None


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes of a study, in sections in the codebook's order.

    ``source`` names whose coding it is; ``confirmed``: people coded, not a machine. ``consent``:
    study.toml says who may be quoted. ``left_out``: reason -> the number of answers with a code of
    which nothing may be shown; see ``candidates.REASONS``. ``lost``: a person's choices that can't
    be shown, with their lines.
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
        return tuple(quote for section in self.sections for quote in section.shown)

    @property
    def fewer_attributes(self) -> int:
        """The number of quotes that are shown with fewer attributes than study.toml names, since
        too few people share all of them."""
        return sum(len(quote.told) < len(self.attributes) for quote in self.shown)
