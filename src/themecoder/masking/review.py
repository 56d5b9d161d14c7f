"""Going through the masks with a person, and through words that may have been missed: each in its
context, to accept, undo or add to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from themecoder.masking.decisions import Decision, text_check
from themecoder.masking.doubt import MISSED, doubt
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.masking.steps import same_words
from themecoder.masking.tokens import fold


@dataclass(frozen=True, slots=True)
class MaskInContext:
    """One mask as a person judges it: what stands before and after it, and which rule found it.

    ``answer`` is the whole original text, ``before`` and ``after`` what of it stands around the
    mask, cut at ``width`` characters; ``decision`` is what was decided on it earlier, or None.
    ``equals`` is how many masks of this string the reply holds for. ``missed``: it is no mask but a
    word that may need one.
    """

    answer_id: str
    answer: str
    mask: Mask
    before: str
    after: str
    decision: str | None = None
    equals: int = 1
    missed: bool = False


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer in which nothing is masked or doubted; ``equals``: how many have this text."""

    answer_id: str
    answer: str
    equals: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's reply to one mask: ``choice`` is accept (all is right as it is), undo, skip
    (decide later), each (equal masks one by one), back (to the one before), stop, or add; of a word
    that may have been missed mask instead of undo.

    With mask ``kind`` says as what. With add, ``text`` is the stretch of this answer that was
    missed and ``kind`` its kind; the same is asked again after it.
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
            item = _in_context(answer_id, result.original, mask, width)
            yield replace(item, decision=decided.get((answer_id, mask.start, mask.end)))


def missed_contexts(
    masked: Mapping[str, MaskedText], missed: Mapping[str, Iterable[Mask]], width: int = 60
) -> Iterator[MaskInContext]:
    """Every word that may have been missed, in the order of ``missed``."""
    for answer_id, words in missed.items():
        for word in words:
            item = _in_context(answer_id, masked[answer_id].original, word, width)
            yield replace(item, missed=True)


def _in_context(answer_id: str, text: str, mask: Mask, width: int) -> MaskInContext:
    before = text[max(0, mask.start - width) : mask.start]
    return MaskInContext(answer_id, text, mask, before, text[mask.end : mask.end + width])


def review(
    masked: Mapping[str, MaskedText],
    decisions: Iterable[Decision],
    ask: Ask,
    width: int = 60,
    missed: Mapping[str, Iterable[Mask]] | None = None,
) -> Iterator[Decision]:
    """Ask about the masks that are not decided yet, and about words that may have been ``missed``;
    yields each decision as soon as it is taken.

    Equal strings are asked about once, the most doubtful first (``doubt``); a reply holds for all
    of them, and to mask a word that was missed holds wherever it stands. ``each`` asks about them
    one by one, ``back`` about the ones before again, whose decisions a new reply replaces. Ends at
    the first ``stop``. Raises ValueError for a reply that is none of the choices, or an added text
    that the answer does not hold.
    """
    items = [*contexts(masked, decisions, width), *missed_contexts(masked, missed or {}, width)]
    groups = [(group, True) for group in equal_masks(items)]
    at = 0
    while at < len(groups):
        group, together = groups[at]
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
            groups[at : at + 1] = [((one,), False) for one in group]
            continue
        if reply.choice not in ("accept", "mask" if item.missed else "undo", "skip"):
            raise ValueError(f"no such choice: {reply.choice}")
        at += 1
        if reply.choice != "skip":
            yield from _decided(masked, group, together, reply)


def _decided(
    masked: Mapping[str, MaskedText],
    group: Sequence[MaskInContext],
    together: bool,
    reply: Reply,
) -> Iterator[Decision]:
    choice, first = reply.choice, group[0]
    places = [(one.answer_id, one.mask.start, one.mask.end, one.mask.kind) for one in group]
    if first.missed and choice == "accept":
        choice = "leave"
    if choice == "mask":
        choice = "add"
        spans = [place[:3] for place in places]
        if together:  # also where it stands without its capital
            spans = [
                (answer_id, *span)
                for answer_id, text in masked.items()
                for span in same_words(text, first.mask.text)
            ]
        places = [(*span, reply.kind) for span in spans]
    for answer_id, start, end, kind in places:
        check = text_check(answer_id, masked[answer_id].original)
        yield Decision(answer_id, start, end, kind, choice, check)


def look_through(
    masked: Mapping[str, MaskedText], ask: Callable[[WholeAnswer], Reply]
) -> Iterator[Decision]:
    """Show whole answers, equal ones once; yields what a person finds missed in them. A reply is
    accept (nothing was), add, back or stop."""
    by_text: dict[str, list[str]] = {}
    for answer_id, answer in masked.items():
        by_text.setdefault(answer.original, []).append(answer_id)
    texts = list(by_text)
    at = 0
    while at < len(texts):
        ids = by_text[texts[at]]
        reply = ask(WholeAnswer(ids[0], texts[at], len(ids)))
        if reply.choice == "stop":
            return
        if reply.choice == "add":
            for answer_id in ids:
                yield from added(answer_id, texts[at], reply.text, reply.kind)
            continue
        if reply.choice not in ("accept", "back"):
            raise ValueError(f"no such choice: {reply.choice}")
        at = max(at - 1, 0) if reply.choice == "back" else at + 1


def equal_masks(items: Iterable[MaskInContext]) -> list[tuple[MaskInContext, ...]]:
    """The undecided masks, those of one string and kind together, the most doubtful first."""
    groups: dict[tuple[bool, str, str], list[MaskInContext]] = {}
    for item in items:
        if item.decision is None:
            key = item.missed, item.mask.kind, fold(item.mask.text)
            groups.setdefault(key, []).append(item)
    ranked = sorted(groups.values(), key=lambda group: -max(map(_doubt, group)))
    return [tuple(group) for group in ranked]


def _doubt(item: MaskInContext) -> int:
    return MISSED if item.missed else doubt(item.mask)


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
