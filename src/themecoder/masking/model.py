"""What masking returns: masks on the original text, and the masked text with offsets both ways."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from themecoder.messages import message

#: How much is masked: what is identifying, or every unknown word with a capital as well.
LEVELS = ("normal", "strict")

#: The kinds of identifying detail. A kind's token in a masked text is in the message catalogue
#: (``masking.token.<kind>``): ``[NAAM]`` in Dutch, ``[NAME]`` in English.
KINDS = (
    "name",
    "institution",
    "place",
    "address",
    "phone",
    "email",
    "url",
    "handle",
    "account",
    "citizen_number",
    "number",
    "birth_date",
    "other",
)


def token(kind: str, language: str = "nl") -> str:
    """What stands in the masked text for a mask of ``kind``. Raises KeyError for no such kind."""
    return "[" + message(f"masking.token.{kind}", language) + "]"


@dataclass(frozen=True, slots=True)
class Mask:
    """One identifying stretch: ``original[start:end] == text`` (code points, end exclusive).

    ``rule`` names what found it ("names.cue", "deduce.persoon", "decision.add"), so that a person
    who checks sees why.
    """

    start: int
    end: int
    kind: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text and its masks (sorted, not overlapping), with the masked text derived from them.

    Offsets map both ways. Outside masks a character maps to itself; what touches the inside
    of a mask maps to the mask's whole token, so a quote never shows half a name.
    Raises ValueError for masks that overlap, are empty, or do not fit the text.
    """

    original: str
    masks: tuple[Mask, ...] = ()
    language: str = "nl"

    def __post_init__(self) -> None:
        position = 0
        for mask in self.masks:
            if not position <= mask.start < mask.end <= len(self.original):
                raise ValueError(
                    f"mask {mask.start}:{mask.end} overlaps, is empty or out of bounds"
                )
            if self.original[mask.start : mask.end] != mask.text:
                raise ValueError(
                    f"mask {mask.start}:{mask.end} does not hold {len(mask.text)} chars"
                )
            position = mask.end

    @property
    def masked(self) -> str:
        """The text with a token in the place of each mask."""
        parts: list[str] = []
        position = 0
        for mask in self.masks:
            parts += [self.original[position : mask.start], token(mask.kind, self.language)]
            position = mask.end
        parts.append(self.original[position:])
        return "".join(parts)

    def to_masked(self, start: int, end: int) -> tuple[int, int]:
        """Where ``original[start:end]`` is in ``masked``; masks that it touches are taken whole."""
        return _convert(list(self._pairs()), start, end, len(self.original))

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Where ``masked[start:end]`` comes from in ``original``; touched masks are taken whole."""
        pairs = [((c, d), (a, b)) for (a, b), (c, d) in self._pairs()]
        return _convert(pairs, start, end, len(self.masked))

    def _pairs(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Per mask its span in the original and the span of its token in the masked text."""
        shift = 0
        for mask in self.masks:
            length = len(token(mask.kind, self.language))
            start = mask.start + shift
            yield (mask.start, mask.end), (start, start + length)
            shift += length - (mask.end - mask.start)


def _convert(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]], start: int, end: int, length: int
) -> tuple[int, int]:
    """Map a span over ``pairs`` of (span here, span there), widening to whole spans it cuts."""
    if not 0 <= start <= end <= length:
        raise ValueError(f"span {start}:{end} is not within 0:{length}")
    starts = [span[0] for span, _ in pairs]
    ends = [span[1] for span, _ in pairs]

    def edge(position: int, widen_left: bool) -> int:
        # the last span that begins strictly before the position
        i = bisect_left(starts, position) - 1
        if i >= 0 and position < ends[i]:
            other_span = pairs[i][1]
            return other_span[0] if widen_left else other_span[1]
        i = bisect_right(ends, position) - 1
        shift = pairs[i][1][1] - pairs[i][0][1] if i >= 0 else 0
        return position + shift

    return edge(start, True), edge(end, False)


def ordered(masks: Iterable[Mask]) -> tuple[Mask, ...]:
    """The masks by position."""
    return tuple(sorted(masks, key=lambda m: (m.start, m.end, m.kind, m.rule)))
