"""What was found in a draft as plain data, for JSON, and as a table in the words of a language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from themecoder.figures.drafts.model import MatchedNumber, Place, Verdict
from themecoder.messages import message

COLUMNS = ("place", "text", "verdict", "ids", "expected", "sentence")


def records(found: Sequence[MatchedNumber]) -> list[dict[str, Any]]:
    """One mapping an amount, of text, numbers and lists; the place in parts."""
    return [
        {
            "place": {
                "kind": one.place.kind,
                "number": one.place.number,
                "table": one.place.table,
                "heading": one.place.heading,
            },
            "sentence": one.sentence,
            "start": one.start,
            "end": one.end,
            "text": one.text,
            "kind": one.kind,
            "verdict": one.verdict.value,
            "ids": list(one.ids),
            "by": one.by,
            "expected": one.expected,
        }
        for one in found
    ]


def header(language: str) -> list[str]:
    """The names of the table's columns."""
    return [message(f"drafts.header.{name}", language) for name in COLUMNS]


def rows(found: Sequence[MatchedNumber], language: str) -> list[list[str]]:
    """The table's rows, one an amount, in the order of the draft."""
    return [
        [
            place_text(one.place, language),
            one.text,
            message(f"drafts.verdict.{one.verdict}", language),
            ", ".join(one.ids),
            one.expected,
            " ".join(one.sentence.split()),
        ]
        for one in found
    ]


def place_text(place: Place, language: str) -> str:
    """A place in words: ``alinea 3 onder 'Resultaten'``."""
    told = message(
        f"drafts.place.{place.kind}",
        language,
        number=place.number,
        table=place.table,
        heading=place.heading,
    )
    if not place.heading or place.kind == "heading":
        return told
    return message("drafts.place.below", language, place=told, heading=place.heading)


def summary(found: Sequence[MatchedNumber], language: str) -> str:
    """One line: how many amounts, and how many of each verdict."""
    counted = Counter(one.verdict for one in found)
    numbers = {verdict.value: counted[verdict] for verdict in Verdict}
    return message("drafts.summary", language, amounts=len(found), **numbers)
