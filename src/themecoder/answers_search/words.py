"""Answers by their words: typed as they are, or in any of their forms.

A text is kept as one string of its words without capitals and accents, each between spaces, so that
looking for a word is looking for a string: fifty thousand answers take milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.errors import InputError, Problem
from themecoder.language.phrases import fold
from themecoder.language.tokens import Token

BoolArray = npt.NDArray[np.bool_]

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is looked for: words that follow one another, or that must not be there."""

    words: tuple[str, ...]
    whole: bool
    without: bool = False


@dataclass(frozen=True, slots=True)
class WordIndex:
    """``typed``: per answer its words as typed; ``lemmas``: per answer the base form of each word;
    ``of_form``: form -> its base forms in these answers. All folded."""

    typed: Sequence[str]
    lemmas: Sequence[str] = ()
    of_form: Mapping[str, frozenset[str]] | None = None

    def holds(self, parts: Iterable[Part], any_form: bool = True) -> BoolArray:
        """(n,) bool: the answers that have all ``parts``; a word stands for all that begin with it
        unless it is ``whole``, and with ``any_form`` for its other forms."""
        found = np.ones(len(self.typed), dtype=np.bool_)
        for part in parts:
            here = self._has(part, any_form)
            found &= ~here if part.without else here
        return found

    def _has(self, part: Part, any_form: bool) -> BoolArray:
        text = " " + " ".join(part.words) + (" " if part.whole else "")
        found = np.fromiter((text in one for one in self.typed), np.bool_, len(self.typed))
        if any_form and self.of_form is not None and not part.whole and len(part.words) == 1:
            for lemma in sorted(self.of_form.get(part.words[0], ())):
                wanted = f" {lemma} "
                found |= np.fromiter((wanted in one for one in self.lemmas), np.bool_, len(found))
        return found


def word_index(texts: Iterable[str], tokens: Iterable[Sequence[Token]] | None = None) -> WordIndex:
    """The index of ``texts``; with their ``tokens`` also by the base forms of their words."""
    typed = [spelled(words_of(text)) for text in texts]
    if tokens is None:
        return WordIndex(typed)
    lemmas: list[str] = []
    of_form: dict[str, set[str]] = {}
    for text in tokens:
        own = [token for token in text if token.is_word]
        lemmas.append(spelled(fold(token.lemma) for token in own))
        for token in own:
            of_form.setdefault(fold(token.lower), set()).add(fold(token.lemma))
    # a base form that is looked for is there in its other forms too, also where it never stands
    for lemma in {lemma for own in of_form.values() for lemma in own}:
        of_form.setdefault(lemma, set()).add(lemma)
    return WordIndex(typed, lemmas, {form: frozenset(own) for form, own in of_form.items()})


def parts_of(text: str) -> tuple[Part, ...]:
    """What a person looks for: words, "words that follow one another", and -words that must not be
    there. Raises InputError where a quotation mark is open, or nothing is a word."""
    if text.count('"') % 2:
        raise InputError(Problem("search.open_quote", {"found": text[:60]}))
    parts = []
    for match in _PART.finditer(text):
        words = tuple(words_of(match[2] if match[2] is not None else match[3]))
        if words:
            parts.append(Part(words, match[2] is not None, bool(match[1])))
    if text.strip() and not parts:
        raise InputError(Problem("search.no_words", {"found": text[:60]}))
    return tuple(parts)


def words_of(text: str) -> list[str]:
    """The words of a text, without capitals and accents."""
    return _WORD.findall(fold(text))


def spelled(words: Iterable[str]) -> str:
    """Words as they are looked for: each between spaces."""
    return " " + " ".join(words) + " "
