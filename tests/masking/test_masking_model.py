"""Masked texts and their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.masking.model import KINDS, Mask, MaskedText, token

_PIECES = st.text(
    alphabet=st.sampled_from("ab z.\né😀👩‍🦰e\u0301[]NAMéß\u200d"), min_size=0, max_size=8
)


@st.composite
def masked_texts(draw: st.DrawFn) -> MaskedText:
    """A text of free and masked stretches in any order, neighbours included."""
    text, masks = "", []
    for piece, hidden, kind in draw(
        st.lists(st.tuples(_PIECES, st.booleans(), st.sampled_from(KINDS)), max_size=7)
    ):
        if hidden and piece:
            masks.append(Mask(len(text), len(text) + len(piece), kind, piece, "test"))
        text += piece
    return MaskedText(text, tuple(masks), draw(st.sampled_from(["nl", "en"])))


@given(masked_texts(), st.data())
def test_a_span_outside_masks_maps_to_the_same_characters_and_back(
    masked: MaskedText, data: st.DataObject
) -> None:
    """What is not masked is found at its new place, character for character, both ways."""
    edges = [0, *(p for m in masked.masks for p in (m.start, m.end)), len(masked.original)]
    low, high = data.draw(st.sampled_from(list(zip(edges[::2], edges[1::2], strict=True))))
    start = data.draw(st.integers(low, high))
    end = data.draw(st.integers(start, high))
    there = masked.to_masked(start, end)
    assert masked.masked[there[0] : there[1]] == masked.original[start:end]
    assert masked.to_original(*there) == (start, end)


@given(masked_texts(), st.data())
def test_a_span_that_cuts_a_mask_maps_to_the_whole_token(
    masked: MaskedText, data: st.DataObject
) -> None:
    """No part of a token, and no part of what it hides, can be pointed at."""
    start = data.draw(st.integers(0, len(masked.original)))
    end = data.draw(st.integers(start, len(masked.original)))
    there = masked.to_masked(start, end)
    back = masked.to_original(*there)
    assert back[0] <= start and end <= back[1]
    for mask in masked.masks:
        if mask.start < end and start < mask.end:
            assert back[0] <= mask.start and mask.end <= back[1]
            assert token(mask.kind, masked.language) in masked.masked[there[0] : there[1]]


@given(masked_texts(), st.data())
def test_mapping_twice_changes_nothing(masked: MaskedText, data: st.DataObject) -> None:
    """Widening to whole tokens is done once: there and back again is a fixed point."""
    start = data.draw(st.integers(0, len(masked.masked)))
    end = data.draw(st.integers(start, len(masked.masked)))
    once = masked.to_original(start, end)
    assert masked.to_original(*masked.to_masked(*once)) == once


@given(masked_texts())
def test_the_masked_text_holds_the_free_text_and_one_token_per_mask(masked: MaskedText) -> None:
    """Taking the tokens out of the masked text, mask by mask, leaves the free text."""
    rest = masked.masked
    for mask in reversed(masked.masks):
        start, end = masked.to_masked(mask.start, mask.end)
        assert rest[start:end] == token(mask.kind, masked.language)
        rest = rest[:start] + rest[end:]
    free = masked.original
    for mask in reversed(masked.masks):
        free = free[: mask.start] + free[mask.end :]
    assert rest == free


def test_tokens_are_in_the_language_of_the_study() -> None:
    """Dutch by default, English where the study is English."""
    mask = (Mask(3, 6, "name", "Jan", "test"),)
    assert MaskedText("ik Jan", mask).masked == "ik [NAAM]"
    assert MaskedText("ik Jan", mask, "en").masked == "ik [NAME]"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_has_its_own_token(kind: str, language: str) -> None:
    """Two kinds never look alike in a masked text."""
    assert [token(k, language) for k in KINDS].count(token(kind, language)) == 1


@pytest.mark.parametrize(
    "masks",
    [
        (Mask(0, 2, "name", "ab", "x"), Mask(1, 3, "name", "bc", "x")),
        (Mask(2, 2, "name", "", "x"),),
        (Mask(2, 9, "name", "c", "x"),),
        (Mask(0, 2, "name", "zz", "x"),),
        (Mask(2, 3, "name", "c", "x"), Mask(0, 1, "name", "a", "x")),
    ],
)
def test_masks_that_cannot_be_are_refused(masks: tuple[Mask, ...]) -> None:
    """Overlapping, empty, out of bounds, of another text, unsorted."""
    with pytest.raises(ValueError):
        MaskedText("abc", masks)


def test_a_span_outside_the_text_is_refused() -> None:
    """An offset that the text does not have is a caller's error, not a guess."""
    with pytest.raises(ValueError):
        MaskedText("abc").to_masked(1, 4)
    with pytest.raises(ValueError):
        MaskedText("abc").to_original(2, 1)
