"""The matched numbers of a draft as plain data, for JSON, and as a table in a language's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from themecoder.figures.drafts.model import MatchedNumber, Place, Verdict
from themecoder.messages import message

COLUMNS = ("place", "text", "verdict", "ids", "expected", "sentence")


def records(numbers: Sequence[MatchedNumber]) -> list[dict[str, Any]]:
    """A mapping of text, numbers and lists for each amount, its place in parts."""
    return [
        {
            "place": {
                "kind": number.place.kind,
                "number": number.place.number,
                "table": number.place.table,
                "heading": number.place.heading,
            },
            "sentence": number.sentence,
            "start": number.start,
            "end": number.end,
            "text": number.text,
            "kind": number.kind,
            "verdict": number.verdict.value,
            "ids": list(number.ids),
            "by": number.by,
            "expected": number.expected,
        }
        for number in numbers
    ]


def header(language: str) -> list[str]:
    """The names of the table's columns."""
    return [message(f"drafts.header.{name}", language) for name in COLUMNS]


def rows(numbers: Sequence[MatchedNumber], language: str) -> list[list[str]]:
    """The table's rows, one for each amount, in the order of the draft."""
    return [
        [
            place_text(number.place, language),
            number.text,
            message(f"drafts.verdict.{number.verdict}", language),
            ", ".join(number.ids),
            number.expected,
            " ".join(number.sentence.split()),
        ]
        for number in numbers
    ]


def place_text(place: Place, language: str) -> str:
    """A place in words: ``alinea 3 onder 'Resultaten'``."""
    place_words = message(
        f"drafts.place.{place.kind}",
        language,
        number=place.number,
        table=place.table,
        heading=place.heading,
    )
    if not place.heading or place.kind == "heading":
        return place_words
    return message("drafts.place.below", language, place=place_words, heading=place.heading)


def summary(matched: Sequence[MatchedNumber], language: str) -> str:
    """One line: how many amounts, and how many of each verdict."""
    counted = Counter(number.verdict for number in matched)
    per_verdict = {verdict.value: counted[verdict] for verdict in Verdict}
    return message("drafts.summary", language, amounts=len(matched), **per_verdict)
