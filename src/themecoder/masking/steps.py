"""What a person does to masks as steps that can be taken back: mask, undo, accept, another kind.

A step names decisions (``decisions.py``) that come and those that they take the place of, so it
holds no text. Nothing here changes a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from themecoder.errors import InputError, Problem
from themecoder.masking.decisions import Decision, text_check
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.masking.tokens import fold

Place = tuple[str, int, int]
"""answer_id, start and end of what a decision is about."""


@dataclass(frozen=True, slots=True)
class MaskStep:
    """Decisions that come (``put``) and that go (``drop``), both sorted."""

    put: tuple[Decision, ...]
    drop: tuple[Decision, ...]

    @property
    def reverse(self) -> MaskStep:
        return MaskStep(self.drop, self.put)

    def applied(self, decisions: Iterable[Decision]) -> list[Decision]:
        """The decisions after this step. Raises InputError where one that goes is not there: it was
        changed meanwhile."""
        kept = {_place(one): one for one in decisions}
        for one in self.drop:
            if kept.pop(_place(one), None) != one:
                raise InputError(Problem("masking.changed", {"answer": one.answer_id}))
        kept |= {_place(one): one for one in self.put}
        return [kept[place] for place in sorted(kept)]


def mask_span(
    texts: Mapping[str, MaskedText],
    decisions: Iterable[Decision],
    place: Place,
    kind: str,
    everywhere: bool,
) -> MaskStep:
    """Mask a stretch of an answer as ``kind``, and the same words wherever they stand unmasked if
    ``everywhere``. Also for a mask that is there, which gets another kind."""
    answer_id, start, end = place
    if kind not in KINDS:
        params = {"found": kind, "expected": ", ".join(KINDS)}
        raise InputError(Problem("masking.unknown_kind", params))
    text = _text(texts, answer_id)
    words = text.original[start:end]
    if not 0 <= start < end <= len(text.original) or not words.strip():
        raise InputError(Problem("masking.nothing_selected", {"answer": answer_id}))
    places = [place]
    if everywhere:
        was = next((m.kind for m in text.masks if (m.start, m.end) == (start, end)), None)
        places += [
            (other, *span)
            for other, masked in texts.items()
            for span in same_words(masked, words, was)
            if (other, *span) != place
        ]
    return _step(decisions, [_decision(texts, one, kind, "add") for one in places])


def mask_words(
    texts: Mapping[str, MaskedText], decisions: Iterable[Decision], words: str, kind: str
) -> MaskStep:
    """Mask ``words`` wherever they stand unmasked; where they are all masked, as another kind.
    Raises InputError where they stand nowhere, or are masked so already."""
    for was in (None, *(one for one in KINDS if one != kind)):
        for answer_id, text in texts.items():
            for span in same_words(text, words.strip(), was):
                return mask_span(texts, decisions, (answer_id, *span), kind, everywhere=True)
    raise InputError(Problem("masking.words_nowhere", {"words": words}))


def undo_mask(
    texts: Mapping[str, MaskedText],
    decisions: Iterable[Decision],
    place: Place,
    everywhere: bool,
) -> MaskStep:
    """Take a mask away, and all equal ones if ``everywhere``: what the rules found is undone, what
    a person added is forgotten."""
    mask = _mask_at(texts, place)
    masks = [(place[0], mask)]
    if everywhere:
        masks = [
            (answer_id, one)
            for answer_id, text in texts.items()
            for one in text.masks
            if (one.kind, fold(one.text)) == (mask.kind, fold(mask.text))
        ]
    places = [(answer_id, one.start, one.end) for answer_id, one in masks]
    return _step(
        decisions,
        [
            _decision(texts, (answer_id, one.start, one.end), one.kind, "undo")
            for answer_id, one in masks
            if one.rule != "decision.add"
        ],
        lambda old: old.decision != "undo" and any(_within(_place(old), p) for p in places),
    )


def undo_words(
    texts: Mapping[str, MaskedText], decisions: Iterable[Decision], words: str
) -> MaskStep:
    """Take away all masks of ``words``. Raises InputError where there are none."""
    for answer_id, text in texts.items():
        for mask in text.masks:
            if fold(mask.text) == fold(words.strip()):
                place = (answer_id, mask.start, mask.end)
                return undo_mask(texts, decisions, place, everywhere=True)
    raise InputError(Problem("masking.unknown_words", {"words": words}))


def accept_masks(
    texts: Mapping[str, MaskedText],
    decisions: Iterable[Decision],
    answers: Iterable[str],
    missed: Mapping[str, Iterable[Mask]] | None = None,
) -> MaskStep:
    """Say of ``answers`` that all is right on which nothing was decided yet: their masks are, and
    none of the words that may have been ``missed`` was."""
    known = {_place(one) for one in decisions}
    said = [
        (answer_id, mask, choice)
        for answer_id in answers
        for masks, choice in (
            (_text(texts, answer_id).masks, "accept"),
            ((missed or {}).get(answer_id, ()), "leave"),
        )
        for mask in masks
        if not mask.rule.startswith("decision.")
    ]
    put = [
        _decision(texts, (answer_id, mask.start, mask.end), mask.kind, choice)
        for answer_id, mask, choice in said
        if (answer_id, mask.start, mask.end) not in known
    ]
    return _step(decisions, put)


def _step(
    decisions: Iterable[Decision],
    put: Iterable[Decision],
    goes: Callable[[Decision], bool] = lambda _: False,
) -> MaskStep:
    new = {_place(one): one for one in put}
    old = [one for one in decisions if _place(one) in new or goes(one)]
    same = {one for one in old if new.get(_place(one)) == one}
    return MaskStep(
        tuple(new[place] for place in sorted(new) if new[place] not in same),
        tuple(sorted((one for one in old if one not in same), key=_place)),
    )


def same_words(text: MaskedText, words: str, kind: str | None = None) -> Iterator[tuple[int, int]]:
    """Where the words stand, whole and unmasked; with ``kind`` the masks of it that hold them."""
    for mask in text.masks if kind is not None else ():
        if mask.kind == kind and fold(mask.text) == fold(words):
            yield mask.start, mask.end
    if kind is not None:
        return
    if _caseless(words) not in _caseless(text.original):
        return  # far sooner seen than by a pattern: words may be looked for in all answers
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    pattern = before + re.sub("['’]", "['’]", re.escape(words)) + after
    for found in re.finditer(pattern, text.original, re.IGNORECASE):
        if not any(m.start < found.end() and found.start() < m.end for m in text.masks):
            yield found.span()


def _caseless(text: str) -> str:
    """What a pattern that ignores case may match has this in common, Turkish i's too."""
    return fold(text).replace("\u0307", "").replace("ı", "i")


def _mask_at(texts: Mapping[str, MaskedText], place: Place) -> Mask:
    answer_id, start, end = place
    for mask in _text(texts, answer_id).masks:
        if (mask.start, mask.end) == (start, end):
            return mask
    raise InputError(Problem("masking.changed", {"answer": answer_id}))


def _text(texts: Mapping[str, MaskedText], answer_id: str) -> MaskedText:
    if answer_id not in texts:
        raise InputError(Problem("masking.changed", {"answer": answer_id}))
    return texts[answer_id]


def _decision(texts: Mapping[str, MaskedText], place: Place, kind: str, choice: str) -> Decision:
    answer_id, start, end = place
    check = text_check(answer_id, texts[answer_id].original)
    return Decision(answer_id, start, end, kind, choice, check)


def _place(decision: Decision) -> Place:
    return decision.answer_id, decision.start, decision.end


def _within(inner: Place, outer: Place) -> bool:
    return inner[0] == outer[0] and outer[1] <= inner[1] and inner[2] <= outer[2]
