"""The rules on sentences as people type them (``tests/data/masking``), with all real lists."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.masking.masker import Masker
from themecoder.masking.model import MaskedText

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[1] / "data" / "masking"
_MARK = re.compile(r"\{(\w+):([^{}]*)\}")


@lru_cache(maxsize=1)
def masker() -> Masker:
    from themecoder.masking.store import build_masker

    return build_masker()


def sentences(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


def test_details_are_masked_whole() -> None:
    """At least 95 of 100 details, every letter and digit of them; under the token of their kind."""
    total = missed = other_kind = 0
    misses = []
    for sentence in sentences("details"):
        plain, spans, position = "", [], 0
        for mark in _MARK.finditer(sentence):
            plain += sentence[position : mark.start()]
            spans.append((len(plain), len(plain) + len(mark[2]), mark[1]))
            plain += mark[2]
            position = mark.end()
        masks = masker().find(plain + sentence[position:])
        for start, end, kind in spans:
            total += 1
            whole = [m for m in masks if m.start <= start and end <= m.end]
            if not whole:
                missed += 1
                misses.append(sentence)
            elif whole[0].kind != kind and whole[0].kind != "address":
                other_kind += 1
    assert total >= 200
    assert missed <= 0.05 * total, misses
    assert other_kind <= 0.02 * total


def test_what_identifies_nobody_stays() -> None:
    """At most 1 in 100 sentences that only look like it has anything masked."""
    texts = sentences("nothing")
    false = [(t, m.text, m.rule) for t in texts for m in masker().find(t)]
    assert len(texts) >= 200
    assert len({t for t, _, _ in false}) <= 0.01 * len(texts), false


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bot heet Lotte, mijn zus Lotte Prins", "mijn bot heet Lotte, mijn zus [NAAM]"),
        ("ik woon in Den Haag. Den Haag moet weg", "ik woon in [PLAATS]. Den Haag moet weg"),
        ("Anneke belde. ik mis anneke", "[NAAM] belde. ik mis [NAAM]"),
        ("bij mevr. Van Dalen van GGZ Drenthe", "bij [NAAM] van [INSTELLING]"),
        ("Marieke's advies", "[NAAM]'s advies"),
        ("😀 marieke 👩‍👩‍👧 marieke", "😀 [NAAM] 👩‍👩‍👧 [NAAM]"),
        ("", ""),
        ("   ", "   "),
    ],
)
def test_one_answer(text: str, masked: str) -> None:
    """Cases where two readings of one word meet."""
    assert masker().mask(text).masked == masked


@settings(max_examples=300)
@given(
    st.text(max_size=120)
    | st.lists(
        st.sampled_from(
            [
                "mijn",
                "psych",
                "Marieke",
                "van",
                "de",
                "ggz",
                "in",
                "Utrecht",
                "06-12345678",
                "dr.",
                "J.",
                "\n",
                ",",
                "(",
                "@",
                "😀",
                "Kerkstraat",
                "12",
                "heet",
                "sint",
                "Sint-",
                "el",
                "0",
                "NL91ABNA0417164300",
                "groetjes",
                "ß",
                "İ",
                "e\u0301",
                "'s-",
                "www.",
                ".nl",
            ]
        )
    ).map(" ".join)
)
def test_any_text_can_be_masked(text: str) -> None:
    """Whatever is typed, the masks fit the text, and the same text gives the same masks."""
    first = masker().mask(text)
    assert first == MaskedText(text, masker().find(text))
