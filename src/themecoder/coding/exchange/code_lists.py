"""A code list beside coding: a sheet with the numbers, or ids, and the labels of codes."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.coding.exchange.columns import SheetColumn
from themecoder.coding.exchange.headings import WORDS, plain
from themecoder.coding.exchange.model import ForeignCode
from themecoder.coding.exchange.reading import KnownNames

_LARGEST = 500
"""Rows up to which a sheet is taken for a code list."""
_TITLES = frozenset(WORDS["code_list"]["titles"])
_NUMBERS = frozenset(WORDS["code_list"]["numbers"])
_LABELS: Sequence[str] = WORDS["code_list"]["labels"]


def code_list(
    name: str, columns: Sequence[SheetColumn], known: KnownNames
) -> tuple[ForeignCode, ...]:
    """The codes that a sheet lists; empty where it is no code list.

    A list has a number or an id and a label in every row, no two alike, and nothing of
    respondents.
    """
    headings = [plain(column.name) for column in columns]
    label = next((place for word in _LABELS for place in _at(headings, word)), None)
    number = next((place for place, word in enumerate(headings) if word in _NUMBERS), None)
    if label is not None and number == label:
        number = None
    titled = plain(name) in _TITLES
    if label is None or (number is None and not titled):
        return ()
    labels = columns[label].cells
    numbers = columns[number].cells if number is not None else labels
    pairs = [(one, words) for one, words in zip(numbers, labels, strict=True) if one and words]
    alike = len({one for one, _ in pairs}) < len(pairs) or len(dict(pairs)) < len(pairs)
    if not pairs or alike or len({words for _, words in pairs}) < len(pairs):
        return ()
    if not titled and (len(pairs) > _LARGEST or {one for one, _ in pairs} <= known.respondents):
        return ()
    return tuple(ForeignCode(one, words, one if number is not None else "") for one, words in pairs)


def _at(headings: Sequence[str], word: str) -> list[int]:
    return [place for place, heading in enumerate(headings) if heading == word]
