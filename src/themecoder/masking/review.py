"""Going through the masks with a person: each in its context, to accept, undo or add to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from themecoder.masking.decisions import Decision, text_check
from themecoder.masking.model import KINDS, Mask, MaskedText


@dataclass(frozen=True, slots=True)
class MaskInContext:
    """One mask as a person judges it: what stands before and after it, and which rule found it.

    ``answer`` is the whole original text, ``before`` and ``after`` what of it stands around the
    mask, cut at ``width`` characters; ``decision`` is what was decided on it earlier, or None.
    """

    answer_id: str
    answer: str
    mask: Mask
    before: str
    after: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's reply to one mask: ``choice`` is accept, undo, skip (decide later), stop, or add.

    With add, ``text`` is the stretch of this answer that was missed and ``kind`` its kind; the mask
    itself is asked again after it.
    """

    choice: str
    text: str = ""
    kind: str = "other"


Ask = Callable[[MaskInContext], Reply]


def contexts(
    masked: Mapping[str, MaskedText], decisions: Iterable[Decision] = (), width: int = 60
) -> Iterator[MaskInContext]:
    """Every mask of every answer, in the order of the answers; undone masks are not among them."""
    decided = {(d.answer_id, d.start, d.end): d.decision for d in decisions}
    for answer_id, result in masked.items():
        for mask in result.masks:
            yield MaskInContext(
                answer_id,
                result.original,
                mask,
                result.original[max(0, mask.start - width) : mask.start],
                result.original[mask.end : mask.end + width],
                decided.get((answer_id, mask.start, mask.end)),
            )


def review(
    masked: Mapping[str, MaskedText], decisions: Iterable[Decision], ask: Ask, width: int = 60
) -> Iterator[Decision]:
    """Ask about every mask that is not decided yet; yields each decision as soon as it is taken.

    Ends at the first ``stop``. Raises ValueError for a reply that is none of the choices, or an
    added text that the answer does not hold.
    """
    for item in list(contexts(masked, decisions, width)):
        if item.decision is not None:
            continue
        text = masked[item.answer_id].original
        reply = ask(item)
        while reply.choice == "add":
            yield from added(item.answer_id, text, reply.text, reply.kind)
            reply = ask(item)
        if reply.choice == "stop":
            return
        if reply.choice == "skip":
            continue
        if reply.choice not in ("accept", "undo"):
            raise ValueError(f"no such choice: {reply.choice}")
        check = text_check(item.answer_id, text)
        mask = item.mask
        yield Decision(item.answer_id, mask.start, mask.end, mask.kind, reply.choice, check)


def added(answer_id: str, text: str, missed: str, kind: str) -> list[Decision]:
    """Decisions that mask every occurrence of ``missed`` in one answer.

    Raises ValueError where the answer does not hold it or the kind does not exist.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of mask: {kind}")
    check = text_check(answer_id, text)
    decisions = []
    start = text.find(missed) if missed.strip() else -1
    while start >= 0:
        decisions.append(Decision(answer_id, start, start + len(missed), kind, "add", check))
        start = text.find(missed, start + len(missed))
    if not decisions:
        raise ValueError(f"{answer_id} does not hold this text")
    return decisions
