"""Answers cut into segments, pieces that say one thing each.

An answer to an open question often says several things ("handig, maar ik mis het menselijke"). It
is cut at line breaks, at the ends of sentences, at semicolons and before words that open a contrast
or an addition (``connectives.toml``, per language). A piece too short to stand for a thought stays
with its neighbour, across the weaker of its two boundaries.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

MIN_WORDS = 3
"""A piece with fewer words is joined to a neighbour."""

# Boundaries from weak to strong: a short piece is joined across the weaker of its two.
_CONNECTIVE, _SENTENCE, _LINE = 1, 2, 3

_LINE_BREAK = re.compile(r"[^\S\n\r]*[\r\n]+\s*")
_STOP = re.compile(r"(?P<mark>[.!?…]+|;)(?P<close>[\"'”’»)\]]*)(?P<space>\s+)(?=\S)")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_MASK = re.compile(r"\[[^\W\d_]+(?:[ -][^\W\d_]+)*\]")
_ALPHANUMERIC = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an answer: ``text`` is the answer's ``[start:end]``, in code points."""

    answer_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Rules:
    connective: re.Pattern[str] | None
    abbreviations: frozenset[str]


def cut(answer_id: str, text: str, language: str = "nl") -> list[Segment]:
    """Cut a (masked) answer into segments.

    Segments are in order and do not overlap, ``text[start:end]`` is the segment's text without
    white space around it, every letter and digit of the answer is in a segment, and a mask such as
    ``[NAAM]`` is never cut. An answer without letters or digits has no segments. A language
    without rules of its own is cut at line breaks, sentence ends and semicolons only.
    """
    if not _ALPHANUMERIC.search(text):
        return []
    bounds = _boundaries(text, _rules(language))
    starts = [0, *(position for position, _ in bounds)]
    ends = [*(position for position, _ in bounds), len(text)]
    rank = [rank for _, rank in bounds]
    words = [len(_WORD.findall(text[s:e])) for s, e in zip(starts, ends, strict=True)]
    _join_short(starts, ends, rank, words)
    segments = []
    for start, end in zip(starts, ends, strict=True):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        segments.append(Segment(answer_id, left, right, text[left:right]))
    return segments


def _boundaries(text: str, rules: _Rules) -> list[tuple[int, int]]:
    """Positions where a piece may begin, with the strength of the boundary, in order."""
    rank_at: dict[int, int] = {}
    for match in _LINE_BREAK.finditer(text):
        rank_at[match.end()] = _LINE
    for match in _STOP.finditer(text):
        if match["mark"] != "." or not _abbreviated(text, match.start(), rules):
            rank_at.setdefault(match.end(), _SENTENCE)
    if rules.connective:
        for match in rules.connective.finditer(text):
            rank_at.setdefault(match.start(), _CONNECTIVE)
    masked = [match.span() for match in _MASK.finditer(text)]
    return sorted(
        (position, rank)
        for position, rank in rank_at.items()
        if 0 < position < len(text) and not any(s < position < e for s, e in masked)
    )


def _abbreviated(text: str, stop: int, rules: _Rules) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation or an initial."""
    before = re.search(r"[^\s(\[\"'“‘]*$", text[:stop])
    word = before.group() if before else ""
    return word.lower() in rules.abbreviations or bool(re.fullmatch(r"(?:\w\.)*\w", word))


def _join_short(starts: list[int], ends: list[int], rank: list[int], words: list[int]) -> None:
    """Join pieces of fewer than MIN_WORDS words to a neighbour, in place, shortest first."""
    while len(words) > 1 and min(words) < MIN_WORDS:
        i = words.index(min(words))
        # boundary i-1 lies before piece i, boundary i after it; on a tie join the next piece:
        # an opening "Nee." or "Tja." belongs to what follows
        before = rank[i - 1] if i > 0 else _LINE + 1
        after = rank[i] if i < len(rank) else _LINE + 1
        left = i - 1 if before < after else i
        ends[left] = ends[left + 1]
        words[left] += words[left + 1]
        del starts[left + 1], ends[left + 1], words[left + 1], rank[left]


@cache
def _rules(language: str) -> _Rules:
    source = resources.files("themecoder.themes").joinpath("connectives.toml")
    table = tomllib.loads(source.read_text(encoding="utf-8")).get(language, {})
    patterns = []
    if table.get("conjunctions"):
        # a look-behind has a fixed width: one for every word that the conjunction may follow
        barred = "".join(rf"(?<!\b{re.escape(w)}\s)" for w in table.get("not_after", ()))
        patterns.append(rf"(?<=[^\w'’-]){barred}(?:{_any(table['conjunctions'])})")
    if table.get("adverbs"):
        patterns.append(rf"(?<=[,:–—-]\s)(?:{_any(table['adverbs'])})")
    connective = re.compile(rf"(?:{'|'.join(patterns)})(?![\w'’-])", re.IGNORECASE)
    return _Rules(connective if patterns else None, frozenset(table.get("abbreviations", ())))


def _any(phrases: list[str]) -> str:
    """A pattern for any of the phrases, longest first."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
