"""The rows of a coding sheet, and the key of each, by which it is known when it comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from themecoder.coding.model import Coding
from themecoder.storage.atomic import sha256

WORKBOOK = "workbook"
"""Among what identifies a coding: the workbook that its coder works in."""
_LENGTH = 16
"""Characters of a mark: enough that no two are alike by chance."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A planned answer in a coder's sheet.

    ``text`` is masked; ``told``: what stands beside it. ``shown``: the suggested codes, None where
    it is coded blind. ``coding``: what she has coded so far, its quotes in the masked text;
    ``before``: the mark of the coding that a new one takes the place of, if there is one.
    """

    answer_id: str
    question: str
    round: int
    text: str
    note: str = ""
    told: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    coding: Coding | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class RowKey:
    """What the hidden cell of a row says: which answer, as it stood there, and what was filled in
    when the sheet was written."""

    answer_id: str
    round: int
    text: str
    before: str | None
    cells: str
    shown: tuple[str, ...] | None

    def sealed(self, seal: str) -> str:
        """The cell, with a mark of its own over ``seal``, which names the sheet."""
        fields = [self.answer_id, self.round, self.text, self.before, self.cells, self.shown]
        return json.dumps([*fields, _mark(seal, json.dumps(fields))], ensure_ascii=False)


def read_key(cell: str, seal: str) -> RowKey | None:
    """The key in a cell; None where it is not as it was written, or of another sheet."""
    try:
        answer, number, text, before, cells, shown, _ = json.loads(cell)
        key = RowKey(
            str(answer), int(number), text, before, cells, None if shown is None else tuple(shown)
        )
        return key if key.sealed(seal) == cell else None
    except (ValueError, TypeError):
        return None


def workbook_mark(seal: str, keys: Iterable[str]) -> str:
    """What a workbook is known by, whatever is filled in: the keys that were written into it."""
    return _mark(seal, *keys)


def text_mark(text: str) -> str:
    """A mark of an answer's text, whatever a spreadsheet does with its white space."""
    return _mark(" ".join(text.split()))


def cells_mark(cells: Mapping[str, str]) -> str:
    """A mark of what stands in the cells that a coder fills in."""
    filled = {name: " ".join(cell.split()) for name, cell in cells.items() if cell.strip()}
    return _mark(json.dumps(filled, sort_keys=True))


def coding_mark(coding: Coding) -> str:
    """A mark of what a coding says."""
    quotes = sorted((quote.start, quote.end, quote.code) for quote in coding.quotes)
    said = [coding.state, sorted(coding.codes), quotes, coding.uncertain, coding.comment]
    # those of sheets that were written before there were values stay as they are
    values = [sorted(coding.values.items())] if coding.values else []
    return _mark(json.dumps([*said, coding.round, coding.codebook, *values]))


def _mark(*parts: str) -> str:
    return sha256(*parts)[:_LENGTH]
