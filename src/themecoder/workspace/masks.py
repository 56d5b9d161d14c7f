"""A study's masks as a person looks at them: decided one by one, or written out to be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from themecoder.masking.review import MaskInContext, Reply, review
from themecoder.masking.store import write_mask_decisions
from themecoder.storage.atomic import no_formula, write_csv
from themecoder.workspace.folder import StudyFolder


def review_masks(study: StudyFolder, ask: Callable[[MaskInContext], Reply]) -> int:
    """Put every undecided mask before a person and keep the decisions; returns how many.

    Each reply is kept at once, so that nothing is lost when the review is broken off.
    """
    decisions = {(d.answer_id, d.start, d.end): d for d in study.mask_decisions()}
    before = len(decisions)
    for decision in review(study.masked_texts(), list(decisions.values()), ask):
        decisions[decision.answer_id, decision.start, decision.end] = decision
        write_mask_decisions(study.paths.mask_decisions, decisions.values())
    study.forget_masks()
    return len(decisions) - before


def write_masked(study: StudyFolder, file: Path) -> None:
    """Write ``answer_id, masked`` for every answer, as CSV that no spreadsheet runs."""
    texts = study.masked_texts()
    rows = ((answer_id, no_formula(texts[answer_id].masked)) for answer_id in sorted(texts))
    write_csv(file, ("answer_id", "masked"), rows)
