"""Tokens with their lemmas, as keyword extraction needs them, and their compact stored form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from themecoder.language.phrases import fold

MASK = re.compile(r"\[[^\W\d_a-z]+(?:[ -][^\W\d_a-z]+)*\]")
MASKED = "\ufffc"  # stands for a mask while a pipeline works: one token, no word in any language

_WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*(?:['’./-][^\W_]+)*|\d+/\d+")
_FIELD, _TOKEN = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text: as typed, its lemma (small letters), its coarse part of speech.

    ``pos`` is a Universal POS tag (NOUN, VERB, ADJ, PROPN, PUNCT …) or "" where it is not known.
    ``known``: the form or its lemma stands in the language's word lists, so it is no typing slip.
    """

    text: str
    lemma: str
    pos: str = ""
    known: bool = True

    @property
    def lower(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def is_word(self) -> bool:
        """A word, or what is said as one ("24/7"); no mark, number or mask."""
        return _WORD.fullmatch(self.text) is not None

    @property
    def key(self) -> str:
        """Spelling that counts as the same word: lemma in small letters without accents."""
        return fold(self.lemma)


class Lemmatiser(Protocol):
    """Texts to tokens with lemmas. ``name`` and ``version`` say what the lemmas depend on."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def __call__(self, texts: Sequence[str]) -> list[tuple[Token, ...]]: ...


def dump(tokens: Iterable[Token]) -> str:
    """One string of tokens: fields and tokens parted by control characters no text holds."""
    return _TOKEN.join(
        _FIELD.join((t.text, "" if t.lemma == t.lower else t.lemma, t.pos, "1" if t.known else ""))
        for t in tokens
    )


def parse(stored: str) -> tuple[Token, ...]:
    """The tokens that ``dump`` wrote. Raises ValueError for anything else."""
    if not stored:
        return ()
    tokens = []
    for entry in stored.split(_TOKEN):
        text, lemma, pos, known = entry.split(_FIELD)
        tokens.append(Token(text, lemma or text.lower().replace("’", "'"), pos, known == "1"))
    return tuple(tokens)
