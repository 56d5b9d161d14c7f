"""What was not done with all answers because they were very many, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from themecoder.messages import message
from themecoder.output.numbers import integer_text, percent_text


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """``recall``: the share of an answer's nearest neighbours that were found, None where each was
    compared with all. ``sample``: the number of answers in which the themes were found, None where
    that is all. ``placed_alike``: the share of these whose nearest others would put them in the
    theme that they are in.
    """

    recall: float | None = None
    sample: int | None = None
    placed_alike: float | None = None

    def record(self) -> dict[str, Any]:
        """As plain data: ``neighbours`` and ``sample``, without what there was no need of."""
        record: dict[str, Any] = {}
        if self.recall is not None:
            record["neighbours"] = {"recall": round(self.recall, 4)}
        if self.sample is not None and self.placed_alike is not None:
            alike = round(self.placed_alike, 4)
            record["sample"] = {"answers": self.sample, "placed_alike": alike}
        return record


def shortcut_notes(made_with: Mapping[str, Any], language: str) -> list[str]:
    """The sentences about what a run did not do with all answers; none where there is nothing."""

    def percent(share: float) -> str:
        return percent_text(round(share * 10_000), 10_000, 1, language)

    notes = []
    if neighbours := made_with.get("neighbours"):
        recall = percent(neighbours["recall"])
        notes.append(message("cli.mine.neighbours", language, recall=recall))
    if sample := made_with.get("sample"):
        answers, alike = sample["answers"], percent(sample["placed_alike"])
        shown = integer_text(answers, language)
        notes.append(
            message("cli.mine.sample", language, answers=answers, shown=shown, alike=alike)
        )
    return notes
