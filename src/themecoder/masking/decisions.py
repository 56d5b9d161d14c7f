"""A person's decisions on masks: kept as positions only, applied on every later run.

A decision holds no text of the answer, so the file may go to git with the coding. What ties it to
the text is ``check``: four hexadecimal digits of a hash over answer_id and text. They show that an
answer was changed (all but one change in 65,536) and are far too few to guess a text from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from themecoder.masking.model import Mask, MaskedText, ordered
from themecoder.storage.atomic import sha256

CHOICES = ("accept", "undo", "add", "leave")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on ``text[start:end]`` of one answer.

    ``accept``: it is identifying, and stays masked also where later rules miss it. ``undo``: it is
    not, and stays as it is. ``add``: the rules missed it; mask it as ``kind``. ``leave``: no mask
    is there, a person looked at it, and none is needed.
    """

    answer_id: str
    start: int
    end: int
    kind: str
    decision: str
    check: str


@dataclass(frozen=True, slots=True)
class StaleDecision:
    """A decision that was not applied: ``reason`` is "changed" (the answer's text is another),
    "gone" (no such answer) or "moot" (an undo where no mask is)."""

    decision: Decision
    reason: str


def text_check(answer_id: str, text: str) -> str:
    """Four hexadecimal digits that change with the text of an answer."""
    return sha256(answer_id, text)[:4]


def apply_decisions(
    answer_id: str, masked: MaskedText, decisions: Iterable[Decision]
) -> tuple[MaskedText, list[StaleDecision]]:
    """``masked`` with the decisions on this answer applied, and those that were not.

    An undo takes away masks that lie within its span; a mask that reaches further (a newer rule saw
    more) stays. Then accepts and adds mask their span, whatever else overlaps it; an add of exactly
    what is masked gives it another kind.
    """
    stale: list[StaleDecision] = []
    masks = list(masked.masks)
    check = text_check(answer_id, masked.original)
    decided = sorted(
        (d for d in decisions if d.answer_id == answer_id),
        key=lambda d: (d.decision != "undo", d.start, d.end, d.decision),
    )
    for decision in decided:
        if decision.check != check or decision.end > len(masked.original):
            stale.append(StaleDecision(decision, "changed"))
            continue
        if decision.decision == "leave":
            continue
        if decision.decision == "undo":
            within = [m for m in masks if decision.start <= m.start and m.end <= decision.end]
            if not within:
                stale.append(StaleDecision(decision, "moot"))
            masks = [m for m in masks if m not in within]
            continue
        covered = [m for m in masks if m.start <= decision.start and decision.end <= m.end]
        if covered and not _gives_another_kind(decision, covered[0]):
            continue
        touching = [m for m in masks if m.start < decision.end and decision.start < m.end]
        start = min([decision.start, *(m.start for m in touching)])
        end = max([decision.end, *(m.end for m in touching)])
        masks = [m for m in masks if m not in touching]
        masks.append(
            Mask(
                start,
                end,
                decision.kind,
                masked.original[start:end],
                f"decision.{decision.decision}",
            )
        )
    return MaskedText(masked.original, ordered(masks), masked.language), stale


def _gives_another_kind(decision: Decision, mask: Mask) -> bool:
    same = (mask.start, mask.end) == (decision.start, decision.end)
    return same and decision.decision == "add" and mask.kind != decision.kind


def decide_all(
    masked: Mapping[str, MaskedText], decisions: Iterable[Decision]
) -> tuple[dict[str, MaskedText], list[StaleDecision]]:
    """The decisions of a study applied to all its answers, and every one that was not applied."""
    by_answer: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_answer.setdefault(decision.answer_id, []).append(decision)
    stale = [
        StaleDecision(decision, "gone")
        for answer_id, decided in by_answer.items()
        if answer_id not in masked
        for decision in decided
    ]
    result: dict[str, MaskedText] = {}
    for answer_id, text in masked.items():
        if answer_id not in by_answer:  # as most are
            result[answer_id] = text
            continue
        result[answer_id], left = apply_decisions(answer_id, text, by_answer[answer_id])
        stale += left
    stale.sort(key=lambda s: (s.decision.answer_id, s.decision.start, s.decision.end))
    return result, stale
