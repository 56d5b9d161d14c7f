"""What a person chose, held against the quotes that there are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from themecoder.quotes.model import QuoteCandidate

GONE, RETIRED, NO_CODE, MOVED = "gone", "retired", "no_code", "moved"
"""Besides the reasons of ``candidates``: the survey has no such answer; the code was retired; the
answer no longer has the code; these words are no longer marked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a person named; ``start`` and ``end`` where it is one of several quotes.

    ``row``: its line in quotes.yaml.
    """

    answer_id: str
    start: int | None = None
    end: int | None = None
    row: int | None = None

    @property
    def respondent(self) -> str:
        return self.answer_id.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Choices:
    """A person's choices for one code: to show, in this order, and never to show."""

    choose: tuple[Choice, ...] = ()
    never: tuple[Choice, ...] = ()
    note: str = ""

    @property
    def unwanted(self) -> frozenset[str]:
        return frozenset(one.answer_id for one in self.never)


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
    found: Sequence[QuoteCandidate],
    unfit: Mapping[tuple[str, str], str],
    answers: Collection[str],
) -> tuple[list[QuoteCandidate], list[UnresolvedChoice]]:
    """The quotes that a person's choices for ``code`` mean, in their order; and what is lost.

    ``found``: the quotes that may be shown, ``unfit`` why others may not, ``answers`` all that the
    survey has. An answer with several quotes and no place given means its longest.
    """
    quotes: list[QuoteCandidate] = []
    lost: list[UnresolvedChoice] = []
    for choice in wanted:
        of_answer = [one for one in found if (one.code, one.answer_id) == (code, choice.answer_id)]
        fitting = [one for one in of_answer if _fits(one, choice)]
        if fitting:
            longest = max(one.passage.end - one.passage.start for one in fitting)
            quotes.append(next(o for o in fitting if o.passage.end - o.passage.start == longest))
            continue
        if of_answer:
            places = ", ".join(f"{one.passage.start}-{one.passage.end}" for one in of_answer)
            lost.append(UnresolvedChoice(code, choice, MOVED, places))
        elif choice.answer_id not in answers:
            lost.append(UnresolvedChoice(code, choice, GONE))
        else:
            lost.append(
                UnresolvedChoice(code, choice, unfit.get((code, choice.answer_id), NO_CODE))
            )
    return quotes, lost


def _fits(one: QuoteCandidate, choice: Choice) -> bool:
    return choice.start is None or (one.passage.start, one.passage.end) == (
        choice.start,
        choice.end,
    )
