"""What is suggested for a task: by the plan and by what was learned, whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from themecoder.coding.label_studio.config import TEXT
from themecoder.coding.label_studio.results import Span
from themecoder.coding.label_studio.tasks import Key, key_of, prediction
from themecoder.coding.plan import Planned
from themecoder.coding.suggestions.likely import likely_codes
from themecoder.coding.suggestions.shown import shown_suggestions
from themecoder.coding.suggestions.study_suggestions import LearnedCodes


@dataclass(frozen=True)
class Suggesting:
    """What suggestions rest on at a moment.

    ``rows``: the plan, by the keys of its tasks; ``texts``: answer_id -> masked text; ``usable``:
    question -> the codes that its page has now.
    """

    learned: LearnedCodes
    rows: Mapping[Key, Planned]
    texts: Mapping[str, str]
    usable: Mapping[str, Collection[str]]

    @cached_property
    def version(self) -> str:
        """The model, and a digest of what it suggests: another one where that may differ."""
        digest = hashlib.sha256(self.learned.probabilities.round(4).tobytes())
        digest.update(self.learned.of_segments.round(4).tobytes())
        usable = sorted((question, sorted(codes)) for question, codes in self.usable.items())
        digest.update(repr((self.learned.codes, usable)).encode())
        return f"{self.learned.model} {digest.hexdigest()[:8]}"

    def predictions(self, task: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The one prediction for a task, which says nothing where no code is likely.

        None at all for a task that is coded blind, that is not in the plan or that has not the
        text which the answer has: what a task says of itself is not asked.
        """
        data = task.get("data")
        key = key_of(data) if isinstance(data, Mapping) else None
        row = self.rows.get(key) if key is not None else None
        if row is None or row.blind or task["data"].get(TEXT) != self.texts.get(row.answer_id):
            return []
        return [self._prediction(row)]

    def _prediction(self, row: Planned) -> dict[str, Any]:
        place = self._places.get(row.answer_id)
        usable = self.usable.get(row.question, ())
        if place is None:
            return prediction((), self.version)
        likely = likely_codes(self.learned.probabilities[place], self.learned.codes)
        shown = shown_suggestions(likely, usable)
        quotes = [self._quote(row.answer_id, code) for code, _ in shown]
        return prediction(shown, self.version, [quote for quote in quotes if quote is not None])

    def _quote(self, answer: str, code: str) -> Span | None:
        """The segment that carries the code; None where the answer is one segment: that it is
        about all of it is said by the tick."""
        own = self._segments[answer]
        if len(own) < 2:
            return None
        column = self.learned.codes.index(code)
        best = max(own, key=lambda place: float(self.learned.of_segments[place, column]))
        segment = self.learned.segments[best]
        return Span(segment.start, segment.end, code, segment.text)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {answer: row for row, answer in enumerate(self.learned.answers)}

    @cached_property
    def _segments(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {answer: [] for answer in self.learned.answers}
        for place, segment in enumerate(self.learned.segments):
            found[segment.answer_id].append(place)
        return found
