"""Keywords of themes: class-based TF-IDF over lemmas and phrases, without repetition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from themecoder.language.lemma_votes import with_one_lemma
from themecoder.language.phrases import fold
from themecoder.language.terms import NOT, Term, commonest, spelling_variants, terms
from themecoder.language.tokens import Token
from themecoder.language.words import WordLists
from themecoder.themes.model import FloatArray, IntArray
from themecoder.themes.prepare import unit_vectors

KEYWORDS = 10  # per theme
_LEAST = 5  # keywords of a theme, of which some may stand in a single text only
_LIGHT = 0.35  # weight of a general word ("denken", "goed") beside a word of the subject
_ASKED = 0.35  # weight of a word that the question itself uses
# a phrase, or a negation, that makes up this share of a word's occurrences stands for the word
_SHARE_OF_PHRASE, _SHARE_OF_NEGATION = 0.6, 0.5
_SHARE_OF_ALL = 0.3  # no keyword tells themes apart that this share of all texts holds
_SMALL, _ONCE = 3, 0.5  # a word of one text counts half in a theme of more texts than this
_BY_MEANING = 0.5  # how much a word's closeness to the theme's centre counts
_DIVERSITY = 0.3
_NEARLY = 0.5  # of the occurrences of the form written most, for the lemma to be shown
_CANDIDATES = 8  # terms looked at per keyword wanted


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of the texts of one question: which text holds which term.

    ``common``: words of the language, no names and no slips. ``holds`` is a scipy CSC matrix
    (n texts, m terms) of 0 and 1: someone who says a word three times says it once. A phrase that
    occurs once in all is no term.
    """

    keys: tuple[str, ...]
    forms: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    pos: tuple[str, ...]
    weight: FloatArray
    common: npt.NDArray[np.bool_]
    holds: Any


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword of a theme: ``form`` is what is read, ``parts`` the keys of its words."""

    form: str
    weight: float
    parts: tuple[str, ...]
    pos: str
    texts: int


def vocabulary(
    texts: Sequence[Sequence[Token]], words: WordLists, asked: Set[str] = frozenset()
) -> Vocabulary:
    """Terms of the texts, spelling variants joined. ``asked`` are keys of the question's words."""
    once: dict[Term, Term] = {}  # equal terms are one object: there may be a million
    terms_by_text = [
        [once.setdefault(term, term) for term in terms(text, words)]
        for text in with_one_lemma(texts, words)
    ]
    counts: Counter[str] = Counter()
    known: dict[str, bool] = {}
    for terms_of_text in terms_by_text:
        counts.update({term.key for term in terms_of_text if len(term.parts) == 1})
        for term in terms_of_text:
            if len(term.parts) == 1 and not term.key.startswith(NOT):
                known[term.key] = known.get(term.key, False) or term.known
    single = {key: n for key, n in counts.items() if not key.startswith(NOT)}
    same = spelling_variants(single, known)
    occurs: dict[str, list[Term]] = {}
    rows: dict[str, set[int]] = {}
    for row, terms_of_text in enumerate(terms_by_text):
        for term in terms_of_text:
            key = _key_without_variants(term, same)
            occurs.setdefault(key, []).append(term)
            rows.setdefault(key, set()).add(row)
    keys = sorted(key for key, texts in rows.items() if len(texts) > 1 or " " not in key)
    parts = tuple(tuple(same.get(p, p) for p in occurs[key][0].parts) for key in keys)
    return Vocabulary(
        tuple(keys),
        tuple(_shown_form(occurs[key], same) for key in keys),
        parts,
        tuple(commonest(term.pos for term in occurs[key]) for key in keys),
        np.array([_weight(words_of_term, words, asked) for words_of_term in parts]),
        np.array([_is_common_word(occurs[key]) for key in keys], dtype=bool),
        _incidence([sorted(rows[key]) for key in keys], len(texts)),
    )


def _incidence(rows: Sequence[Sequence[int]], n: int) -> Any:
    """(n, len(rows)) CSC matrix with a 1 in column j at each of ``rows[j]``."""
    starts = np.cumsum([0, *(len(texts) for texts in rows)])
    flat = np.array([row for texts in rows for row in texts], dtype=np.int64)
    return scipy.sparse.csc_matrix((np.ones(len(flat)), flat, starts), shape=(n, len(rows)))


def _shown_form(occurrences: Sequence[Term], same: Mapping[str, str]) -> str:
    """The form that was written most, of the rightly spelled ones where there are any.

    The lemma where people wrote that at least half as often: "praten" reads better than "praat".
    """
    right = [term for term in occurrences if not _is_variant(term, same)] or occurrences
    written = Counter(term.form for term in right)
    best = commonest(term.form for term in right)
    lemma = commonest([term.form for term in right if fold(term.form) == term.key] or [best])
    return lemma if _NEARLY * written[best] <= written[lemma] else best


def _is_variant(term: Term, same: Mapping[str, str]) -> bool:
    return any(part in same for part in term.parts)


def _key_without_variants(term: Term, same: Mapping[str, str]) -> str:
    if not _is_variant(term, same):
        return term.key
    return " ".join(same.get(part, part) for part in term.key.split(" "))


def _is_common_word(occurrences: Sequence[Term]) -> bool:
    """Whether a term is a word of the language that is not used as a name."""
    return all(term.known and term.pos != "PROPN" for term in occurrences)


def _weight(parts: tuple[str, ...], words: WordLists, asked: Set[str]) -> float:
    """A phrase weighs as its heaviest word."""
    return max(
        (_LIGHT if part in words.light else 1.0) * (_ASKED if part in asked else 1.0)
        for part in parts
    )


def class_tf_idf(counts: FloatArray) -> FloatArray:
    """Weight of each term in each class: tf(t, c) · log(1 + A / f(t)).

    ``counts`` (classes, terms): occurrences. tf is the term's share of its class, f(t) its
    occurrences in all classes, A the mean number of occurrences per class. Source: Grootendorst
    (2022), BERTopic: Neural topic modeling with a class-based TF-IDF procedure, arXiv:2203.05794,
    equation 2; the share instead of the bare count as in his implementation.
    """
    in_class = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, in_class, out=np.zeros_like(counts), where=in_class > 0)
    overall = counts.sum(axis=0)
    mean = in_class.mean() if len(counts) else 0.0
    rarity = np.log1p(np.divide(mean, overall, out=np.zeros_like(overall), where=overall > 0))
    return np.asarray(share * rarity, dtype=np.float64)


def keywords(
    vocabulary: Vocabulary,
    labels: IntArray,
    strength: FloatArray,
    vectors: npt.NDArray[np.floating],
    *,
    top: int = KEYWORDS,
) -> list[list[Keyword]]:
    """Keywords of the themes 0..k-1, best first, with weights 0..1 (1 = the theme's best).

    ``labels`` (n,) theme of each text, -1 = none; ``strength`` (n,) weighs the texts; ``vectors``
    (n, d) tell which of the words lie near the theme's centre.
    """
    k = int(labels.max()) + 1 if len(labels) else 0
    if not vocabulary.keys:
        return [[] for _ in range(k)]
    weights = np.maximum(strength, 1e-3)
    # -1 is the last row
    member = scipy.sparse.csr_matrix(
        (weights, (labels % (k + 1), np.arange(len(labels)))), (k + 1, len(labels))
    )
    counts = (vocabulary.holds.T.tocsr() @ member.T.tocsr()).T.toarray()
    scores = class_tf_idf(np.asarray(counts))[:k] * vocabulary.weight
    spread = np.asarray(vocabulary.holds.sum(axis=0)).ravel()
    scores[:, spread > max(_SHARE_OF_ALL * len(labels), 3)] *= _LIGHT
    place = {key: i for i, key in enumerate(vocabulary.keys)}
    by_text = vocabulary.holds.tocsr()
    result = []
    for theme in range(k):
        inside = np.flatnonzero(labels == theme)
        holds = by_text[inside]
        texts = np.asarray(holds.sum(axis=0)).ravel()
        score = scores[theme] * _reliability(vocabulary, texts, len(inside))
        score = _without_parts_of_phrases(vocabulary, place, score, texts)
        likely = np.argsort(-np.round(score, 12), kind="stable")[: _CANDIDATES * top]
        likely = likely[score[likely] > 0]
        centre = unit_vectors((weights[inside] @ vectors[inside])[None])[0]
        means = unit_vectors(vocabulary.holds[:, likely].T @ vectors)
        closeness = np.clip(means @ centre, 0.0, 1.0)
        final = score[likely] * ((1 - _BY_MEANING) + _BY_MEANING * closeness)
        candidates = [
            Keyword(
                vocabulary.forms[i], float(x), vocabulary.parts[i], vocabulary.pos[i], int(texts[i])
            )
            for i, x in zip(likely, final, strict=True)
        ]
        result.append(_without_single_texts(_diverse(candidates, holds[:, likely].toarray(), top)))
    return result


def _reliability(vocabulary: Vocabulary, texts: FloatArray, size: int) -> FloatArray:
    """How far a word of the theme can be trusted to be more than an accident.

    What a single text says counts half, unless the theme has hardly more texts; a word of a single
    text that stands in no list is no keyword: a slip, a nickname, a village.
    """
    once = 1.0 if size <= _SMALL else _ONCE
    return np.where(texts >= 2, 1.0, np.where(vocabulary.common, once, 0.0))


def _without_single_texts(words: list[Keyword]) -> list[Keyword]:
    """The keywords without those of a single text, as long as enough of them remain."""
    twice = [word for word in words if word.texts >= 2]
    once = [word for word in words if word.texts < 2]
    kept = twice + once[: max(0, _LEAST - len(twice))]
    return [word for word in words if word in kept]


def _without_parts_of_phrases(
    vocabulary: Vocabulary, place: Mapping[str, int], score: FloatArray, texts: FloatArray
) -> FloatArray:
    """A word that mostly occurs in one phrase of the theme gives way to it: "oordeel" to
    "geen oordeel", "gebrek" to "gebrek aan empathie". The phrase takes the word's weight.
    """
    result = score.copy()
    for i in np.flatnonzero(texts >= 2):
        key, parts = vocabulary.keys[i], vocabulary.parts[i]
        denied = key.startswith(NOT)
        if len(parts) == 1 and not denied:
            continue
        share = _SHARE_OF_NEGATION if denied else _SHARE_OF_PHRASE
        for part in parts:
            j = place.get(part)
            if j is not None and texts[i] >= share * texts[j]:
                result[i] = max(result[i], score[j])
                result[j] = 0.0
    return result


def _diverse(candidates: list[Keyword], holds: FloatArray, top: int) -> list[Keyword]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998): the next keyword is the one that
    weighs most after what it shares with those already taken (words, and texts that hold it).

    ``holds`` (texts of the theme, candidates). Weights of the result are relative to the best.
    """
    if not candidates:
        return []
    weight = np.array([candidate.weight for candidate in candidates])
    weight /= weight.max()
    overlap = _overlap(candidates, holds)
    shared = np.zeros(len(candidates))
    free = np.ones(len(candidates), dtype=bool)
    taken: list[int] = []
    while free.any() and len(taken) < top:
        gain = np.where(free, (1 - _DIVERSITY) * weight - _DIVERSITY * shared, -np.inf)
        choice = int(np.argmax(gain.round(12)))
        taken.append(choice)
        shared = np.maximum(shared, overlap[choice])
        # a word of a phrase already taken, or the phrase of a word, says nothing new
        free &= shared < 1.0
        free[choice] = False
    taken.sort(key=lambda i: (-round(float(weight[i]), 12), i))
    return [replace(candidates[i], weight=float(weight[i])) for i in taken]


def _overlap(candidates: list[Keyword], holds: FloatArray) -> FloatArray:
    """(m, m) what two terms share, 0..1: words, or texts of the theme that hold both (Jaccard)."""
    both = holds.T @ holds
    alone = holds.sum(axis=0)
    either = alone[:, None] + alone[None, :] - both
    texts = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    parts = [set(candidate.parts) for candidate in candidates]
    words = np.array([[len(a & b) / min(len(a), len(b)) for b in parts] for a in parts])
    # two words that always occur together still are two words
    return np.asarray(np.maximum(words, 0.99 * texts), dtype=np.float64)
