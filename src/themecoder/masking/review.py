"""Going through the masks with a person: each in its context, to accept, undo or add to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from themecoder.masking.decisions import Decision, text_check
from themecoder.masking.doubt import doubt
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.masking.tokens import fold


@dataclass(frozen=True, slots=True)
class MaskInContext:
    """One mask as a person judges it: what stands before and after it, and which rule found it.

    ``answer`` is the whole original text, ``before`` and ``after`` what of it stands around the
    mask, cut at ``width`` characters; ``decision`` is what was decided on it earlier, or None.
    ``equals`` is how many masks of this string the reply holds for.
    """

    answer_id: str
    answer: str
    mask: Mask
    before: str
    after: str
    decision: str | None = None
    equals: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's reply to one mask: ``choice`` is accept, undo, skip (decide later), each (equal
    masks one by one), back (to the one before), stop, or add.

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
    """Ask about the masks that are not decided yet; yields each decision as soon as it is taken.

    Equal strings are asked about once, the most doubtful first (``doubt``); a reply holds for all
    of them. ``each`` asks about them one by one, ``back`` about the ones before again, whose
    decisions a new reply replaces. Ends at the first ``stop``. Raises ValueError for a reply that
    is none of the choices, or an added text that the answer does not hold.
    """
    groups = equal_masks(contexts(masked, decisions, width))
    at = 0
    while at < len(groups):
        group = groups[at]
        item = group[0]
        text = masked[item.answer_id].original
        reply = ask(replace(item, equals=len(group)))
        while reply.choice == "add":
            yield from added(item.answer_id, text, reply.text, reply.kind)
            reply = ask(replace(item, equals=len(group)))
        if reply.choice == "stop":
            return
        if reply.choice == "back":
            at = max(at - 1, 0)
            continue
        if reply.choice == "each":
            groups[at : at + 1] = [(one,) for one in group]
            continue
        if reply.choice not in ("accept", "undo", "skip"):
            raise ValueError(f"no such choice: {reply.choice}")
        at += 1
        if reply.choice == "skip":
            continue
        for one in group:
            check = text_check(one.answer_id, masked[one.answer_id].original)
            mask = one.mask
            yield Decision(one.answer_id, mask.start, mask.end, mask.kind, reply.choice, check)


def equal_masks(items: Iterable[MaskInContext]) -> list[tuple[MaskInContext, ...]]:
    """The undecided masks, those of one string and kind together, the most doubtful first."""
    groups: dict[tuple[str, str], list[MaskInContext]] = {}
    for item in items:
        if item.decision is None:
            groups.setdefault((item.mask.kind, fold(item.mask.text)), []).append(item)
    ranked = sorted(groups.values(), key=lambda group: -max(doubt(item.mask) for item in group))
    return [tuple(group) for group in ranked]


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
