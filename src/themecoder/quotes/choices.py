"""A person's choices, compared with the quotes that there are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from themecoder.quotes.model import QuoteCandidate
from themecoder.survey.answer_id import AnswerId

GONE, RETIRED, NO_CODE, MOVED = "gone", "retired", "no_code", "moved"
"""Why a choice can't be shown, besides the reasons of ``candidates``. gone: the survey has no such
answer; retired: the code was retired; no_code: the answer no longer has the code; moved: these
words are no longer marked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a person named; ``start`` and ``end`` say which of its quotes, if given.

    ``row``: its line in quotes.yaml.
    """

    answer_id: str
    start: int | None = None
    end: int | None = None
    row: int | None = None

    @property
    def respondent(self) -> str:
        return AnswerId.parse(self.answer_id).respondent


@dataclass(frozen=True, slots=True)
class Choices:
    """A person's choices for one code: the answers to show, in this order, and those never to
    show."""

    choose: tuple[Choice, ...] = ()
    never: tuple[Choice, ...] = ()
    note: str = ""

    @property
    def unwanted(self) -> frozenset[str]:
        return frozenset(choice.answer_id for choice in self.never)


@dataclass(frozen=True, slots=True)
class UnresolvedChoice:
    """A choice that can't be shown, and why: see ``GONE`` and ``candidates.REASONS``.

    ``places``: what is marked now, where the words are no longer marked.
    """

    code: str
    choice: Choice
    reason: str
    places: str = ""


def resolve(
    code: str,
    wanted: Sequence[Choice],
    shown: Sequence[QuoteCandidate],
    unfit: Mapping[tuple[str, str], str],
    answers: Collection[str],
) -> tuple[list[QuoteCandidate], list[UnresolvedChoice]]:
    """The quotes that a person's choices for ``code`` stand for, in their order, and the choices
    that can't be shown.

    ``shown``: the quotes that may be shown; ``unfit``: why others may not; ``answers``: all that
    the survey has. A choice without a place stands for the longest quote of its answer.
    """
    quotes: list[QuoteCandidate] = []
    lost: list[UnresolvedChoice] = []
    for choice in wanted:
        of_answer = [
            quote for quote in shown if (quote.code, quote.answer_id) == (code, choice.answer_id)
        ]
        fitting = [quote for quote in of_answer if _fits(quote, choice)]
        if fitting:
            quotes.append(max(fitting, key=lambda quote: quote.passage.end - quote.passage.start))
            continue
        if of_answer:
            places = ", ".join(f"{quote.passage.start}-{quote.passage.end}" for quote in of_answer)
            lost.append(UnresolvedChoice(code, choice, MOVED, places))
        elif choice.answer_id not in answers:
            lost.append(UnresolvedChoice(code, choice, GONE))
        else:
            lost.append(
                UnresolvedChoice(code, choice, unfit.get((code, choice.answer_id), NO_CODE))
            )
    return quotes, lost


def _fits(quote: QuoteCandidate, choice: Choice) -> bool:
    return choice.start is None or (quote.passage.start, quote.passage.end) == (
        choice.start,
        choice.end,
    )
