"""What people gave without having seen a suggestion: by that suggestions are right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from themecoder.classifier.model import IntArray
from themecoder.coding.cases import counts_at, decided_by_person
from themecoder.coding.model import Coding
from themecoder.suggestion_quality.scores import BoolArray
from themecoder.themes.known import KnownStudy


@dataclass(frozen=True, slots=True)
class Reference:
    """``rows`` (r,) of the answers, ascending; ``given`` (r, C): whether half or more of those who
    coded it blind gave the code, or who decided."""

    rows: IntArray
    given: BoolArray


def reference(
    known: KnownStudy,
    by_coder: Mapping[str, Iterable[Coding]],
    decisions: Iterable[Coding],
    version: str,
    blind: bool = True,
) -> Reference:
    """Only answers with blind coding unless not ``blind``, for whoever saw a suggestion may have
    followed it; a person's decision stands for the coders of its answer."""
    column = {code: place for place, code in enumerate(known.codes)}
    places = known.places
    votes: dict[int, list[Coding]] = {}
    for coder in sorted(by_coder):
        for coding in by_coder[coder]:
            if blind and coding.shown is not None:
                continue
            if counts_at(coding, version) and coding.answer_id in places:
                votes.setdefault(places[coding.answer_id], []).append(coding)
    for decision in decisions:
        row = places.get(decision.answer_id, -1)
        if row in votes and decided_by_person(decision) and counts_at(decision, version):
            votes[row] = [decision]
    given = np.zeros((len(votes), len(column)), dtype=bool)
    for place, row in enumerate(sorted(votes)):
        shares = np.zeros(len(column))
        for coding in votes[row]:
            shares[[column[code] for code in coding.codes if code in column]] += 1
        given[place] = 2 * shares >= len(votes[row])
    return Reference(np.array(sorted(votes), dtype=np.int64), given)
