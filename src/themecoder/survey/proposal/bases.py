"""Who was asked an open question, by which cells around it are filled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import is_empty, number
from themecoder.survey.export import Export
from themecoder.survey.proposal.profile import Profile
from themecoder.survey.proposal.routing import (
    Amounts,
    Mask,
    RoutingCandidate,
    candidate,
    explain,
    narrowed,
    narrowed_closed,
)

_MOST_SINGLE = 150
_MOST_OPTIONS = 60
"""Earlier questions, and options, that may say who was asked a closed one; in an export of very
many columns a few."""
_MANY = 600
_FEW = 12
_CLOSED_KINDS = ("single", "option", "item", "number", "joined")  # closed: filled means asked


@dataclass(frozen=True, slots=True)
class Bases:
    """The questions of an export, those that may explain routing, and the target group."""

    content: tuple[Profile, ...]
    candidates: tuple[tuple[int, RoutingCandidate], ...]  # position, candidate
    amounts: tuple[tuple[int, Amounts], ...]
    included: Mask

    @classmethod
    def of(cls, content: list[Profile], included: Mask, export: Export) -> Bases:
        """The bases of the questions in ``content`` among the rows of ``included``."""
        closed = [p for p in content if p.kind in ("single", "option")]
        numbers = [p for p in content if p.kind == "number"]
        return cls(
            tuple(content),
            tuple((p.position, closed_candidate(p, export)) for p in closed),
            tuple((p.position, Amounts(p.name, _column_numbers(p, export))) for p in numbers),
            included,
        )

    def asked(self, question: Profile) -> Expression | None:
        """The simplest expression that says who was asked; None where nothing does."""
        filled = question.filled & self.included
        candidates = [c for position, c in self.candidates if position < question.position]
        amounts = [c for position, c in self.amounts if position < question.position]
        neighbour = self._nearest_closed_question(question, filled)
        saw = self._saw_question(neighbour) & self.included if neighbour else self.included
        asked = narrowed(filled, saw, candidates)
        routing = explain(asked, self.included, candidates, amounts)
        if routing is None:
            # people who stopped half-way blur the pattern: look among those who came this far
            later = [p.filled for p in self.content if p.position >= question.position]
            reached = self.included & np.any(later, axis=0)
            routing = explain(asked, reached, candidates, amounts)
        if routing is None and neighbour is not None:
            routing = nodes.IsEmpty(neighbour.name, negated=True)
        return Expression(routing) if routing is not None else None

    def asked_closed(self, position: int, filled: Mask) -> Expression | None:
        """Who was asked a closed question, of whose columns ``filled`` says who has a cell.

        People leave a question out, so the cells of those who were asked are not all filled: where
        everybody with some earlier answer is empty, and so many that it is no chance, they were not
        asked. Everybody where nothing says otherwise; None where too few answered for that.
        """
        if not filled.any():
            return None
        candidates = self._likely_before(position)
        amounts = [amount for _, amount in _before(self.amounts, position)][-_MOST_SINGLE:]
        exact = explain(filled, self.included, candidates, amounts, pairs=False)
        if exact is None:
            exact = narrowed_closed(filled, self.included, candidates)
        if exact is None and len(self.candidates) <= _MANY:
            exact = explain(filled, self.included, candidates)
        return Expression(exact or nodes.All())

    def _likely_before(self, position: int) -> list[RoutingCandidate]:
        """The earlier answers that may have sent people past a question: those to questions with
        one answer, and the nearest options."""
        if len(self.candidates) > _MANY:
            end = bisect_left(self.candidates, position, key=lambda pair: pair[0])
            return [candidate for _, candidate in self.candidates[max(0, end - _FEW) : end]]
        earlier = _before(self.candidates, position)
        places = [place for place, candidate in earlier if not candidate.option][-_MOST_SINGLE:]
        places += [place for place, candidate in earlier if candidate.option][-_MOST_OPTIONS:]
        chosen = set(places)
        return [candidate for place, candidate in earlier if place in chosen]

    def _saw_question(self, question: Profile) -> Mask:
        """Who has any cell in a closed question: options and items count together."""
        same = [p for p in self.content if p.group and p.group == question.group]
        filled: Mask = np.any([p.filled for p in same or [question]], axis=0)
        return filled

    def _nearest_closed_question(self, question: Profile, filled: Mask) -> Profile | None:
        """The nearest closed question, before it first, that all who answered this one saw.

        Open questions may be left empty, so who was asked one shows in the closed ones around it.
        """
        closed = [p for p in self.content if p.kind in _CLOSED_KINDS]
        before = [p for p in reversed(closed) if p.position < question.position]
        after = [p for p in closed if p.position > question.position]
        order: list[Profile] = []
        for index in range(max(len(before), len(after))):
            order += before[index : index + 1] + after[index : index + 1]
        for neighbour in order:
            if (filled & ~self._saw_question(neighbour)).sum() <= 0.005 * filled.sum():
                return neighbour
        return None


def closed_candidate(profile: Profile, export: Export) -> RoutingCandidate:
    """A closed column as what may explain routing."""
    cells = export.frame[profile.name].tolist()
    return candidate(profile.name, cells, profile.values, profile.kind == "option")


def _column_numbers(profile: Profile, export: Export) -> npt.NDArray[np.float64]:
    """(n,) the column's numbers, NaN where a cell holds none."""
    cells = export.frame[profile.name].tolist()
    values = [None if is_empty(cell) else number(str(cell)) for cell in cells]
    return np.array([np.nan if value is None else value for value in values])


T = TypeVar("T")


def _before(found: Sequence[tuple[int, T]], position: int) -> Sequence[tuple[int, T]]:
    """Those of ``found``, which are in the order of the export, that stand before a position."""
    return found[: bisect_left(found, position, key=lambda pair: pair[0])]
