"""What an annotation of Label Studio holds, whatever the project's page looks like.

A part of a result is known by what its value has: choices, labels, paths of a taxonomy or typed
text. Places in the text are code points, as Label Studio's page gives them today; older pages
counted the halves of emoji, and those of HTML name a place in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.coding.exchange.model import ForeignQuote

PATH = " > "
"""Between the levels of a taxonomy, in the name of a code."""


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a result. ``kind``: ``codes``, ``words`` (typed) or ``other``; ``names``: of codes,
    or what was typed; ``span``: where it is marked in the text, its words empty where unknown."""

    control: str
    kind: str
    names: tuple[str, ...] = ()
    span: tuple[int, int, str] | None = None


def item_of(control: str, value: Mapping[str, Any]) -> Item:
    """The part of a result that ``value`` is."""
    span = _span(value)
    for name, found in value.items():
        if name == "taxonomy":
            return Item(control, "codes", tuple(path_name(path) for path in _listed(found)), span)
        if name == "choices" or name.endswith("labels"):
            return Item(control, "codes", tuple(str(one) for one in _listed(found)), span)
    if span is None and "text" in value:
        return Item(control, "words", tuple(str(one) for one in _listed(value["text"])))
    return Item(control, "other")


def items_of(control: str, value: Any) -> list[Item]:
    """The parts in a value of a short export: a name, a value or several."""
    if isinstance(value, str):
        return [Item(control, "codes", (value,))] if value.strip() else []
    if isinstance(value, Mapping):
        return [item_of(control, value)]
    if isinstance(value, (list, tuple)):
        return [item for one in value for item in items_of(control, one)]
    return []


def path_name(path: Any) -> str:
    """The name of a code of a taxonomy: all levels above it, and itself."""
    return PATH.join(str(level) for level in path) if isinstance(path, list) else str(path)


def place_of(span: tuple[int, int, str], text: str, code: str) -> ForeignQuote:
    """A marked part as a quote of ``text``: by code points, else by halves of emoji, else where its
    words stand once. One that is nowhere keeps its numbers, to be told."""
    start, end, words = span
    if words and not _says(text[start:end], words):
        halves = _from_halves(text, start, end)
        if halves and _says(text[slice(*halves)], words):
            start, end = halves
        elif text.count(words) == 1:
            start = text.index(words)
            end = start + len(words)
        else:
            return ForeignQuote(start, end, code, words)
    return ForeignQuote(start, end, code, text[start:end] if end <= len(text) else words)


def fits(span: tuple[int, int, str], text: str) -> bool:
    """Whether a marked part is one of ``text``."""
    quote = place_of(span, text, "")
    return 0 <= quote.start < quote.end <= len(text) and (
        not span[2] or _says(text[quote.start : quote.end], span[2])
    )


def _span(value: Mapping[str, Any]) -> tuple[int, int, str] | None:
    places: Any = value.get("globalOffsets") or value
    start, end = (places.get(name) for name in ("start", "end"))
    words = value.get("text")
    words = words if isinstance(words, str) else ""
    if type(start) is int and type(end) is int:
        return start, end, words
    # a page of HTML: the words alone tell
    return (0, 0, words) if words and ("start" in value or "startOffset" in value) else None


def _says(part: str, words: str) -> bool:
    return part.split() == words.replace("\\n", "\n").split()


def _from_halves(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Places that count UTF-16 units, as code points; None where one is within a character."""
    units = text.encode("utf-16-le")
    try:
        return tuple(len(units[: 2 * n].decode("utf-16-le")) for n in (start, end))  # type: ignore[return-value]
    except UnicodeDecodeError:
        return None


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def quotes_and_codes(
    items: Iterable[Item], text: str
) -> tuple[tuple[ForeignQuote, ...], tuple[str, ...]]:
    """The quotes of ``text`` and the codes that the ``items`` give, each once."""
    quotes: set[ForeignQuote] = set()
    codes: dict[str, None] = {}
    for item in items:
        if item.kind != "codes":
            continue
        codes |= dict.fromkeys(item.names)
        if item.span is not None:
            quotes |= {place_of(item.span, text, name) for name in item.names}
    return tuple(sorted(quotes)), tuple(codes)
