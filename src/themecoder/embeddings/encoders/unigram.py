"""Texts cut into the pieces of a unigram vocabulary, as SentencePiece and its like do it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

SPACE = "\u2581"
"""What stands for a space in the vocabulary: pieces begin with it and have none further on."""
_WORDS_KEPT = 100_000
_UNKNOWN_COSTS = 10.0
"""How much less than the rarest piece a character counts that is no piece, as in SentencePiece."""


class Unigram:
    """The most probable cut of a text: of all ways to lay pieces end to end the one whose scores
    add up to most. Characters that are no piece are the unknown token, several in a row one.

    No piece goes on over a space, so each word is cut by itself, and once."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._pieces = {
            piece: (index, score)
            for index, (piece, score) in enumerate(zip(pieces, scores, strict=True))
        }
        self._longest = max(map(len, pieces))
        self._unknown = (unknown, min(scores) - _UNKNOWN_COSTS)
        self._cut = lru_cache(_WORDS_KEPT)(self._cut_word)

    def tokens(self, text: str) -> list[int]:
        tokens: list[int] = []
        for place, word in enumerate(text.split(SPACE)):
            for token in self._cut(SPACE + word if place else word):
                if token != self._unknown[0] or tokens[-1:] != [token]:
                    tokens.append(token)
        return tokens

    def _cut_word(self, text: str) -> list[int]:
        size = len(text)
        found = self._pieces.get
        best = [0.0] + [-float("inf")] * size
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            here = best[start]
            stops = range(start + 1, min(start + self._longest, size) + 1)
            for stop in stops:
                piece = found(text[start:stop]) or (self._unknown if stop == start + 1 else None)
                if piece is not None and here + piece[1] > best[stop]:
                    best[stop] = here + piece[1]
                    came[stop] = (start, piece[0])
        tokens: list[int] = []
        while size:
            size, token = came[size]
            tokens.append(token)
        return tokens[::-1]
