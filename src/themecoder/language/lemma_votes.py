"""One lemma for the forms of a word in the answers to a question, whatever each sentence says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from themecoder.language.phrases import fold
from themecoder.language.tokens import Token
from themecoder.language.words import WordLists

Reading = tuple[str, str]
"""A lemma and a part of speech."""

_Value = TypeVar("_Value", str, Reading)


def with_one_lemma(texts: Sequence[Sequence[Token]], words: WordLists) -> list[list[Token]]:
    """The tokens, with the same lemma for all that are forms of one word.

    A lemmatiser reads "slapen" as a verb here and as the plural of a noun there: taken apart they
    would be two keywords that read alike. So a form (capitals and accents make no other one) has
    the reading that most of its tokens have, and a form that is the lemma of another ("slapen" of
    "slaapt") goes together with it. Stop words and light words stay as they are.
    """
    counted: dict[str, Counter[Reading]] = {}
    for text in texts:
        for token in text:
            counted.setdefault(fold(token.lower), Counter())[token.lemma, token.pos] += 1
    readings = {form: _commonest(of_form) for form, of_form in counted.items()}
    groups = _groups(readings, words)
    weights: dict[str, Counter[str]] = {}
    for form, (lemma, _) in readings.items():
        if form in groups:
            weights.setdefault(groups[form], Counter())[lemma] += counted[form].total()
    lemmas = {group: _commonest(of_group) for group, of_group in weights.items()}
    settled = {
        form: (lemmas[groups[form]] if form in groups else lemma, pos)
        for form, (lemma, pos) in readings.items()
    }
    return [[_settled(token, settled) for token in text] for text in texts]


def _groups(readings: dict[str, Reading], words: WordLists) -> dict[str, str]:
    """Which forms go together: form -> one form of its group (union-find)."""
    above: dict[str, str] = {}

    def top(form: str) -> str:
        while above.setdefault(form, form) != form:
            form = above[form]
        return form

    fixed = words.stop | words.light | words.negation
    for form, (lemma, _) in sorted(readings.items()):
        if form not in fixed and lemma not in fixed:
            first, second = sorted((top(form), top(fold(lemma))))
            above[second] = first
    return {form: top(form) for form in readings if form in above}


def _commonest(counted: Counter[_Value]) -> _Value:
    return min(counted, key=lambda value: (-counted[value], value))


def _settled(token: Token, settled: dict[str, Reading]) -> Token:
    lemma, pos = settled[fold(token.lower)]
    return (
        token if (lemma, pos) == (token.lemma, token.pos) else replace(token, lemma=lemma, pos=pos)
    )
