"""How numbers are written in a column: 1.250 is one and a quarter, or twelve hundred and fifty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_AROUND = re.compile(
    r"^\s*(?:€|\$|£|eur\b|euro\b)?\s*(?P<number>[-+−]?[\d.,’'\u00a0\u202f ]*\d)"
    r"(?:,-{1,2}|\.-)?\s*(?:€|%|eur|euro|euros)?\s*$",
    re.IGNORECASE,
)
_EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
_PLAIN = re.compile(r"[-+]?\d+")
_SPACES = re.compile(r"[\u00a0\u202f ’']")
_GROUPED = {
    ".": re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    ",": re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_DECIMAL = {
    ",": re.compile(r"[-+]?\d*,\d+"),
    ".": re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?"),
}
# three digits behind the only separator, and no nought before it: either reading is a number
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")

Decimal = Literal[",", "."]


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """``decimal`` is the decimal mark; None where the column can be read in two ways, which the
    cells in ``unclear`` show."""

    decimal: Decimal | None
    unclear: tuple[str, ...] = ()


def number_style(cells: Iterable[str], hint: Decimal | None = None) -> NumberStyle | None:
    """How the numbers among ``cells`` are written; None where they need no reading.

    ``hint`` is the decimal mark of the rest of the file. It decides between readings that are both
    possible, never against a cell that has one.
    """
    votes: set[Decimal] = set()
    either: list[str] = []
    for cell in cells:
        text = _bare(cell)
        if text is None or _PLAIN.fullmatch(text):
            continue
        if _EITHER.fullmatch(text):
            either.append(cell)
            continue
        for mark, other in ((",", "."), (".", ",")):
            if _DECIMAL[mark].fullmatch(text) or _GROUPED[other].fullmatch(text):
                votes.add(mark)  # type: ignore[arg-type]
    if len(votes) == 1:
        return NumberStyle(next(iter(votes)))
    if not either:
        return NumberStyle(None) if votes else None
    marks = {_bare(cell, "").strip("+-0123456789") for cell in either}  # type: ignore[union-attr]
    if len(marks) == 1 and not votes and hint is not None:
        return NumberStyle(hint)
    return NumberStyle(None, tuple(dict.fromkeys(either)))


def canonical_number(  # noqa: PLR0911  a return for each way of writing
    cell: str, decimal: Decimal | None
) -> str | None:
    """The number in ``cell`` with a decimal point and nothing else: "€ 1.200,-" is "1200".

    ``decimal`` None: only what can be read in one way. None where the cell holds no number.
    """
    if _EXPONENT.fullmatch(cell.strip()):
        return cell.strip()
    text = _bare(cell)
    if text is None:
        return None
    if _PLAIN.fullmatch(text):
        return text.lstrip("+")
    if _EITHER.fullmatch(text) and decimal is None:
        return None
    for mark, other in ((",", "."), (".", ",")):
        if decimal not in (mark, None):
            continue
        if _GROUPED[other].fullmatch(text):
            whole, _, part = text.partition(mark)
            return _joined(whole.replace(other, ""), part)
        if _DECIMAL[mark].fullmatch(text):
            whole, _, part = text.partition(mark)
            return _joined(whole, part)
    # one that is written in the other way than its column, and can be read in that way alone
    if decimal is not None and not _EITHER.fullmatch(text):
        return canonical_number(cell, None)
    return None


def _bare(cell: str, otherwise: str | None = None) -> str | None:
    """The digits and marks of a cell that holds a number and at most a currency or % beside it."""
    match = _AROUND.match(cell)
    if not match:
        return otherwise
    text = match["number"].replace("−", "-")
    parts = _SPACES.split(text)
    if len(parts) > 1:
        grouped = re.split(r"[.,]", _SPACES.sub(" ", text))[0].split(" ")
        if len(grouped[0].lstrip("+-")) > 3 or any(len(part) != 3 for part in grouped[1:]):
            return otherwise
    return _SPACES.sub("", text)


def _joined(whole: str, part: str) -> str:
    whole = whole.lstrip("+")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{digits or '0'}" + (f".{part}" if part else "")
