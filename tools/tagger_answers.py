"""Made-up answers with their details, of the templates and lists in ``tools/tagger/``.

What ``benchmarks/masking_parts.toml`` keeps as unseen is in none of them. The same on every run.
"""

from __future__ import annotations

import csv
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import fold, words

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tools" / "tagger"
_SLOT = re.compile(r"<(\w+)>")
_MARK = re.compile(r"\{(\w+):([^{}]*)\}")
_WEIGHTED = re.compile(r"(\d+)\|\s?(.*)")
# lists of single words; those of other names have an entry on each line
_WORDS = words(
    "first first_words surname_plain after_van after_der after_den after_de lower_der "
    "surname_stem surname_end letter first_stem first_end place_nl place_be place_stem "
    "place_end saint street_end street_stem house_letter digit number own_the own_het "
    "own_stem own_end own_brand own_word region hospital_tail church_stem church_tail "
    "english_stem school_tail_low made_word adjective Adjective surname_words island opening "
)
#: Pieces of an answer: (text, kind of detail or "").
Pieces = list[tuple[str, str]]


@dataclass(frozen=True)
class Made:
    """An answer and its details as (start, end, kind)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def unseen_words() -> frozenset[str]:
    """The words of names that are kept for measuring, caseless."""
    with (ROOT / "benchmarks" / "masking_parts.toml").open("rb") as handle:
        parts = tomllib.load(handle)["unseen"]
    entries = [
        entry
        for name, value in parts.items()
        if name not in ("answers", "nothing", "mobile", "mail")
        for entry in (value.split() if isinstance(value, str) else value)
    ]
    return frozenset(
        fold(word)
        for entry in entries
        for word in (entry, *entry.split())
        if word[:1].isupper() or word == entry
    )


class Lists:
    """The lists of which slots are filled. Of each list of names a fifth can be held back: without
    it (``held_back`` false), it alone (true), or all (None)."""

    def __init__(self, lexicon: NameLexicon, held_back: bool | None = None) -> None:
        barred = unseen_words()
        lists: dict[str, list[str]] = {}
        for file in ("names", "institutions", "words", "lookalikes"):
            raw = tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))
            for name, value in raw.items():
                lists[name] = _entries(name, value)
        listed = {
            "listed_first": [w.title() for w in sorted(lexicon.certain_names)]
            + [w.title() for w in sorted(lexicon.first_names) if not lexicon.in_dictionary(w)],
            "listed_surname": [w.title() for w in sorted(lexicon.surnames) if " " not in w],
            "listed_place": [
                w.title()
                for w in sorted(lexicon.places - lexicon.never_places)
                if not lexicon.in_dictionary(w)
            ],
            "listed_english": [
                w.title()
                for w in sorted(lexicon.english & (lexicon.first_names | lexicon.surnames))
            ],
            "english_word": sorted(lexicon.english),
            "English_word": [w.title() for w in sorted(lexicon.english)],
            "listed_street": [w.title() for w in sorted(lexicon.streets)[::16]],
            "listed_institution": [
                w.title().replace("'S", "'s")
                for w in sorted(lexicon.listed_institutions)[::10]
                if len(w) < 45 and "(" not in w and "," not in w
            ],
        }
        lists |= listed
        names = {*listed, *(n for n in _WORDS if n not in ("letter", "digit", "number"))}
        for name in names - {
            "made_word",
            "adjective",
            "Adjective",
            "street_end",
            "church_tail",
            "hospital_tail",
        }:
            kept = [
                entry
                for entry in lists[name]
                if not any(fold(word) in barred for word in (entry, *entry.split()))
            ]
            if held_back is not None and len(kept) > 20:
                kept = [e for e in kept if (_hash(e) % 5 == 0) == held_back]
            lists[name] = kept
        self._lists = lists

    def fill(self, template: str, draw: random.Random) -> str:
        """``template`` with every slot filled, and the slots of what filled it."""
        while True:
            slot = _SLOT.search(template)
            if slot is None:
                return template
            template = template[: slot.start()] + self._one(slot[1], draw) + template[slot.end() :]

    def _one(self, name: str, draw: random.Random) -> str:
        if name == "made_place":
            return self._one("place_stem", draw) + self._one("place_end", draw)
        if name == "made_first":
            return self._one("first_stem", draw) + self._one("first_end", draw)
        if name == "made_surname":
            return self._one("surname_stem", draw) + self._one("surname_end", draw)
        return draw.choice(self._lists[name])


def _entries(name: str, value: str) -> list[str]:
    if name in _WORDS:
        return [word.replace("_", " ") for word in value.split()]
    entries = []
    for line in value.strip("\n").splitlines():
        weighted = _WEIGHTED.fullmatch(line)
        entries += [weighted[2]] * int(weighted[1]) if weighted else [line.strip()]
    return entries


def _hash(text: str) -> int:
    return random.Random(text).randrange(1_000_000)


def templates(name: str) -> list[str]:
    """The lines of a file of templates."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def shipped_answers() -> list[str]:
    """The open answers of the study that comes with the repository."""
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    texts = {v.strip() for row in rows for v in row.values() if v and v.count(" ") >= 3}
    return sorted(t for t in texts if not re.search(r"\d{4} \d\d:", t))


def answers(
    lists: Lists, number: int, seed: str, lexicon: NameLexicon, held_back: bool | None = None
) -> Iterator[Made]:
    """``number`` answers: with details, without, and both together."""
    draw = random.Random(seed)
    swaps = _Swaps(lexicon)
    details, ordinary = (
        [t for t in lines if held_back is None or (_hash(t) % 5 == 0) == held_back]
        for lines in (templates("details"), templates("ordinary") + templates("lookalikes"))
    )
    for _ in range(number):
        template = draw.choice(details if draw.random() < 0.52 else ordinary)
        pieces = _pieces(lists.fill(template, draw))
        if draw.random() < 0.3:
            more = draw.choice(details if draw.random() < 0.4 else ordinary)
            link = draw.choice([". ", ". ", " ", "\n", ", ", " en ", "! ", " maar ", "; "])
            other = _pieces(lists.fill(more, draw))
            first, second = (pieces, other) if draw.random() < 0.5 else (other, pieces)
            pieces = [*first, (link, ""), *second]
        pieces = swaps.disturb(pieces, draw)
        yield _assembled(_styled(pieces, draw))


def _pieces(marked: str) -> Pieces:
    marked = re.sub(r" +([,.?])", r"\1", marked.replace("\\n", "\n")).strip(" ")
    marked = re.sub(r" {2,}", " ", marked)
    pieces: Pieces = []
    position = 0
    for mark in _MARK.finditer(marked):
        pieces += [(marked[position : mark.start()], ""), (mark[2], mark[1])]
        position = mark.end()
    return [*pieces, (marked[position:], "")]


class _Swaps:
    """Puts other words of the dictionary, and typing errors, in the place of some ordinary ones:
    people have more words than templates have."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self._words = lexicon.words
        self._kept = lexicon.not_names
        listed = lexicon.first_names | lexicon.places
        self._by_reading: dict[str, list[str]] = {}
        for word, reading in sorted(lexicon.words.items()):
            if reading in ("n", "v", "a", "nv") and word.isalpha() and word not in listed:
                self._by_reading.setdefault(reading, []).append(word)

    def disturb(self, pieces: Pieces, draw: random.Random) -> Pieces:
        share = draw.choice([0.0, 0.0, 0.05, 0.15])
        errors = draw.choice([0.0, 0.0, 0.03])

        def other(match: re.Match[str]) -> str:
            word = match[0]
            if len(word) > 3 and draw.random() < errors:
                return _mistyped(word, draw)
            choices = self._by_reading.get(self._words.get(word, ""))
            if choices and word not in self._kept and draw.random() < share:
                return draw.choice(choices)
            return word

        return [
            (text if kind else re.sub(r"[^\W\d_]+", other, text), kind) for text, kind in pieces
        ]


def _mistyped(word: str, draw: random.Random) -> str:
    i = draw.randrange(len(word) - 1)
    way = draw.randrange(3)
    if way == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if way == 1:
        return word[:i] + word[i + 1 :]
    return word[: i + 1] + word[i:]


def _styled(pieces: Pieces, draw: random.Random) -> Pieces:
    """The pieces as one of several hands types them."""
    style = draw.random()
    if style < 0.38:
        pieces = [(text.lower(), kind) for text, kind in pieces]
        if draw.random() < 0.5:
            pieces = [(text if kind else re.sub("[.,!]", "", text), kind) for text, kind in pieces]
    elif style < 0.42:
        pieces = [(text.upper(), kind) for text, kind in pieces]
    elif style < 0.45:
        pieces = [(text.title(), kind) for text, kind in pieces]
    elif style < 0.52:
        pieces = [(text if kind else text.lower(), kind) for text, kind in pieces]
    elif style < 0.56:
        pieces = [(text.lower() if kind else text, kind) for text, kind in pieces]
        pieces = _opened(pieces) if draw.random() < 0.5 else pieces
    elif style < 0.85:
        pieces = _opened(pieces)
        if draw.random() < 0.5:
            pieces = [*pieces, (".", "")]
    return pieces


def _opened(pieces: Pieces) -> Pieces:
    """The first letter of the answer as a capital."""
    for i, (text, kind) in enumerate(pieces):
        if text.strip():
            start = len(text) - len(text.lstrip())
            opened = text[:start] + text[start : start + 1].upper() + text[start + 1 :]
            return [*pieces[:i], (opened, kind), *pieces[i + 1 :]]
    return pieces


def _assembled(pieces: Pieces) -> Made:
    text, spans = "", []
    for piece, kind in pieces:
        if kind and piece:
            spans.append((len(text), len(text) + len(piece), kind))
        text += piece
    return Made(text, tuple(spans))
