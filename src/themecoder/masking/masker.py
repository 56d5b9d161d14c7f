"""All rules over one text, and what remains of it: public things out, overlaps settled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from themecoder.masking import plausible
from themecoder.masking.doubt import doubt
from themecoder.masking.learned import with_learned
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.masking.public import known_people, named_machines, public_spans
from themecoder.masking.rules import (
    addresses,
    contact,
    dates,
    english_organisations,
    houses,
    initials,
    institutions,
    landmarks,
    lower_case,
    names,
    numbers,
    organisations,
    places,
    strict,
)
from themecoder.masking.tagger.files import load_tagger
from themecoder.masking.tokens import View, fold
from themecoder.masking.whole_names import whole_names, with_articles

#: Anything that marks stretches of a text: deduce, a spaCy pipeline. Its findings are weighed
#: (``plausible``) and stand behind those of the rules.
Detector = Callable[[str], Iterable[Mask]]

_LONGEST_PIECE = 2000
_RULES = (
    *(contact, numbers, dates, addresses),
    *(
        institutions,
        organisations,
        houses,
        english_organisations,
        names,
        initials,
        places,
        landmarks,
        lower_case,
    ),
)
_EXACT = frozenset(
    ("email", "url", "handle", "account", "citizen_number", "number", "phone", "birth_date")
)
_RANK = {
    kind: rank
    for rank, kind in enumerate((*sorted(_EXACT), "address", "institution", "name", "place"))
}
_NUMBER_RANK = {
    "email": 0,
    "url": 1,
    "account": 2,
    "citizen_number": 3,
    "birth_date": 4,
    "handle": 5,
    "phone": 6,
    "number": 7,
}
_EDGE_WORDS = re.compile(
    r"^(?:[\s,.;:!?'\"()/&-]+|(?:van|de|het|en|of|in|bij|te|uit|naar|met|voor|aan|op)\b)+|"
    r"(?:[\s,;:!?'\"(/&-]+|\b(?:van|de|het|en|of|in|bij|te|uit|naar|met|voor|aan|op))+$",
    re.I,
)
_PREFIXES = re.compile(r" (?:van|de|den|der|ter|ten|el|van de|van den|van der|van het|van 't) ")


class Masker:
    """Finds identifying details in the answers of one study.

    ``allow`` are strings that stay, ``forbid`` strings that go, mapped to the kind of their token
    (a plain sequence gives kind "other"); both are matched caseless and as whole words. ``level``
    is one of ``LEVELS``. What the tagger has learnt to see is masked too, unless ``learned`` is
    false. Build it once; a call on a text depends on nothing but the text.
    """

    def __init__(
        self,
        lexicon: NameLexicon,
        detectors: Sequence[Detector] = (),
        *,
        language: str = "nl",
        allow: Iterable[str] = (),
        forbid: Mapping[str, str] | Iterable[str] = (),
        level: str = "normal",
        learned: bool = True,
    ) -> None:
        self.lexicon = lexicon
        self._tagger = load_tagger() if learned else None
        self.detectors = tuple(detectors)
        self.language = language
        self._strict = level == "strict"
        self._allow = [_whole_word(text) for text in allow if text.strip()]
        kinds = forbid if isinstance(forbid, Mapping) else dict.fromkeys(forbid, "other")
        unknown = sorted(set(kinds.values()) - set(KINDS))
        if unknown:
            raise ValueError(f"no such kind of mask: {', '.join(unknown)}")
        self._forbid = [(_whole_word(text), kind) for text, kind in kinds.items() if text.strip()]

    def mask(self, text: str) -> MaskedText:
        """``text`` with the masks that rules, detectors and lists give it."""
        return MaskedText(text, self.find(text), self.language)

    def find(self, text: str) -> tuple[Mask, ...]:
        """The masks of ``text``: sorted, not overlapping."""
        if len(text) <= _LONGEST_PIECE:
            return self._find(text)
        return tuple(
            replace(mask, start=mask.start + start, end=mask.end + start)
            for start, end in _pieces(text)
            for mask in self._find(text[start:end])
        )

    def _find(self, text: str) -> tuple[Mask, ...]:
        forced = [
            Mask(m.start(), m.end(), kind, m.group(), "list.forbid")
            for pattern, kind in self._forbid
            for m in pattern.finditer(text)
        ]
        if not text.strip():
            return ()
        view = View(text)
        public = _PublicNames(view, self.lexicon)
        ruled = [
            m for rule in _RULES for m in rule.find(view, self.lexicon) if not public.covers(m)
        ]
        detected = [
            kept
            for detector in self.detectors
            for m in detector(text)
            if (kept := plausible.weigh(m, view, self.lexicon)) is not None
            and not public.covers(kept)
        ]
        allowed = [m.span() for pattern in self._allow for m in pattern.finditer(text)]

        def stays(mask: Mask) -> bool:
            return any(a <= mask.start and mask.end <= b for a, b in allowed)

        def touches_allowed(mask: Mask) -> bool:
            return any(a < mask.end and mask.start < b for a, b in allowed)

        layers = [
            forced,
            [m for m in ruled if m.kind in _EXACT],
            [m for m in ruled if m.kind not in _EXACT],
            detected,
            [m for m in strict.find(view, self.lexicon) if not public.covers(m)]
            if self._strict
            else [],
        ]
        taken: list[Mask] = []
        for layer in layers:
            for mask in sorted(layer, key=_precedence):
                if layer is not forced and stays(mask):
                    continue
                taken += _uncovered_parts(mask, taken, text)
        if self._tagger is not None:
            reading = self._tagger.read(view, self.lexicon)
            taken = with_learned(
                taken,
                reading,
                view,
                self.lexicon,
                self._strict,
                lambda m: public.covers(m) or touches_allowed(m),
            )
        whole = with_articles(whole_names(taken, view, self.lexicon), view)
        return _merge_neighbours(whole, text)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Spans of at most ``_LONGEST_PIECE`` characters, cut after a sentence or else at a space.

    What the rules look at grows with the square of the length; no person's answer is this long.
    """
    start = 0
    while start < len(text):
        end = min(start + _LONGEST_PIECE, len(text))
        if end < len(text):
            window = text[start:end]
            cuts = [window.rfind(stop) + len(stop) for stop in ("\n", ". ", "! ", "? ")]
            cut = max(cuts) if max(cuts) > _LONGEST_PIECE // 2 else window.rfind(" ") + 1
            end = start + cut if cut > 0 else end
        yield start, end
        start = end


def _precedence(mask: Mask) -> tuple[int, int, int, int, tuple[int, str]]:
    return (
        _NUMBER_RANK.get(mask.kind, 9),
        mask.start - mask.end,
        _RANK.get(mask.kind, 99),
        mask.start,
        # of rules that found the same stretch, the surest is named
        (doubt(mask), mask.rule),
    )


def _whole_word(text: str) -> re.Pattern[str]:
    """``text`` as a whole word or phrase, in any case, with any white space between its words."""
    body = r"\s+".join(re.escape(part) for part in text.split())
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _uncovered_parts(mask: Mask, taken: Iterable[Mask], text: str) -> list[Mask]:
    """What of ``mask`` no mask covers yet, without the words that only tied it to the rest."""
    pieces = [(mask.start, mask.end)]
    for other in taken:
        pieces = [
            piece
            for start, end in pieces
            for piece in ((start, min(end, other.start)), (max(start, other.end), end))
            if piece[0] < piece[1]
        ]
    if pieces == [(mask.start, mask.end)]:
        return [mask]
    result = []
    for start, end in dict.fromkeys(pieces):
        piece = text[start:end]
        leading = _EDGE_WORDS.match(piece)
        core_start = start + (leading.end() if leading else 0)
        core = text[core_start:end]
        trailing = next((m for m in _EDGE_WORDS.finditer(core) if m.end() == len(core)), None)
        stop = core_start + (trailing.start() if trailing else len(core))
        core = text[core_start:stop]
        if (
            len(core) > 1
            and any(c.isalnum() for c in core)
            and (core[0].isupper() or mask.kind in _EXACT)
        ):
            result.append(Mask(core_start, stop, mask.kind, core, mask.rule))
    return result


def _merge_neighbours(masks: tuple[Mask, ...], text: str) -> tuple[Mask, ...]:
    """Neighbours that are one thing as one: "Jan" "de Vries"; a street, its postcode, its town."""
    result: list[Mask] = []
    for mask in masks:
        if result:
            last = result[-1]
            gap = text[last.end : mask.start]
            same = (
                last.kind == mask.kind
                and mask.kind in ("name", "place", "institution")
                and gap in (" ", "-")
            )
            prefixed = last.kind == mask.kind == "name" and _PREFIXES.fullmatch(gap)
            address = (
                last.kind == "address"
                and mask.kind in ("address", "place")
                and re.fullmatch(r",?\s?(?:te |in )?", gap)
            )
            if prefixed:  # "Rob" "van" "Hal"
                result[-1] = _merged(last, mask, "name", text)
                continue
            if same and not (mask.kind == "name" and mask.rule == last.rule == "names.role"):
                result[-1] = _merged(last, mask, last.kind, text)
                continue
            if address:
                result[-1] = _merged(last, mask, "address", text)
                continue
        result.append(mask)
    return tuple(result)


def _merged(a: Mask, b: Mask, kind: str, text: str) -> Mask:
    return Mask(a.start, b.end, kind, text[a.start : b.end], a.rule)


class _PublicNames:
    """Which masks hold nothing but public names."""

    def __init__(self, view: View, lexicon: NameLexicon) -> None:
        words = view.words
        self._spans = [(words[a].start, words[b - 1].end) for a, b in public_spans(view, lexicon)]
        self._spans += known_people(view.text)
        self._machines = named_machines(view)

    def covers(self, mask: Mask) -> bool:
        if mask.kind not in ("other", "name", "institution", "place", "address"):
            return False
        if mask.kind == "address" and any(c.isdigit() for c in mask.text):
            return False
        if mask.kind == "name" and fold(mask.text).strip(".") in self._machines:
            return True
        rest = mask.text
        inside = [
            (start, end) for start, end in self._spans if start < mask.end and mask.start < end
        ]
        if any(start <= mask.start and mask.end <= end for start, end in inside):
            return True
        if mask.kind == "institution" and len(inside) > 1:
            return False  # "GGZ" and "Westerschelde" are public, the GGZ of there is one of many
        for start, end in inside:
            if mask.start <= start and end <= mask.end:
                offset = start - mask.start
                rest = rest[:offset] + " " * (end - start) + rest[offset + end - start :]
        return not any(c.isalpha() for c in _EDGE_WORDS.sub("", rest))
