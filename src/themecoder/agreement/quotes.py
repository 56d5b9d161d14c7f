"""Agreement on quotes: where in an answer coders found a code."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.measures.unitizing import (
    Coincidences,
    Span,
    SpanDocument,
    coincidences,
    disagreements,
)
from themecoder.agreement.table import CodingTable

MARK = "marked"
Part = tuple[int, int]


def quote_values(table: CodingTable, drawn: Array | None = None) -> dict[str, Array]:
    """Coefficient -> values (resamples, codes + 1), the last over all codes.

    - quote_u_alpha: u-alpha of the code's quotes against the rest of the text, each code on its own
      since codes may overlap; over all codes 1 - sum of observed / sum of expected
    - quote_f1: of quotes with equal bounds, 2 both / (first + second), over pairs of coders
    - quote_f1_characters: the same of code points

    A coder who gave an answer a code and marked no quote did not say where: that coder is not
    counted for this code and answer. A coder who did not give the code marked nothing.
    """
    weights = np.ones((1, len(table.answers))) if drawn is None else drawn
    apart, by_chance, exact, characters = [], [], [], []
    for n, by_answer in enumerate(_marked(table)):
        marked = _quotes_of_code(table, n, by_answer)
        observed, expected = disagreements(marked.coincidences, weights)
        apart.append(observed)
        by_chance.append(expected)
        exact.append(weights @ marked.exact)
        characters.append(weights @ marked.characters)
    return {
        "quote_u_alpha": 1 - _with_total(apart, by_chance),
        "quote_f1": _f1(exact),
        "quote_f1_characters": _f1(characters),
    }


@dataclass(frozen=True, slots=True)
class _CodeQuotes:
    """What each answer adds for one code. ``exact`` and ``characters`` (answers, 2): twice what
    both of a pair marked, and what each of the two marked, summed over pairs."""

    coincidences: Coincidences
    exact: Array
    characters: Array


def _quotes_of_code(
    table: CodingTable, n: int, marked: Mapping[int, Mapping[int, list[Part]]]
) -> _CodeQuotes:
    size = len(table.answers)
    exact, characters = np.zeros((size, 2)), np.zeros((size, 2))
    silent = (table.cells[:, :, n] == 0).sum(axis=0)
    documents = []
    for answer, by_coder in marked.items():
        spans: dict[Hashable, list[Span]] = {
            coder: [(start, end, MARK) for start, end in parts] for coder, parts in by_coder.items()
        }
        documents.append(SpanDocument(table.lengths[answer], spans))
        for a, b in combinations(by_coder.values(), 2):
            exact[answer] += (2 * len(set(a) & set(b)), len(a) + len(b))
            characters[answer] += (2 * _shared_length(a, b), _total_length(a) + _total_length(b))
    lengths = coincidences(documents, [MARK])
    # an answer in which nobody marked the code is one gap, the same for all who saw it
    gaps = np.array(table.lengths, dtype=float) * silent * (silent >= 2)
    together, own, inner = np.zeros((size, 2, 2)), np.zeros((size, 2)), np.zeros((size, 2))
    together[:, 0, 0] = own[:, 0] = gaps
    marked_answers = list(marked)
    together[marked_answers], own[marked_answers], inner[marked_answers] = (
        lengths.together,
        lengths.self_pairs,
        lengths.inner,
    )
    return _CodeQuotes(Coincidences(together, own, inner, lengths.values), exact, characters)


def marked_answers(table: CodingTable) -> NDArray[np.bool_]:
    """(answers, codes): in which a coder marked the code, and two or more speak of it."""
    marked = np.zeros((len(table.answers), len(table.codes)), dtype=bool)
    for n, answers in enumerate(_marked(table)):
        marked[list(answers), n] = True
    return marked


def _marked(table: CodingTable) -> list[dict[int, dict[int, list[Part]]]]:
    """Per code, and per answer in which a coder marked it and two or more speak of it: each one's
    parts."""
    place_of = {code: n for n, code in enumerate(table.codes)}
    quotes: list[dict[int, dict[int, list[Part]]]] = [{} for _ in table.codes]
    for (coder, answer), coding in table.codings.items():
        for quote in coding.quotes:
            if quote.code in place_of:
                by_coder = quotes[place_of[quote.code]].setdefault(answer, {})
                by_coder.setdefault(coder, []).append((quote.start, quote.end))
    result: list[dict[int, dict[int, list[Part]]]] = []
    for n, of_code in enumerate(quotes):
        result.append({})
        for answer, marked in sorted(of_code.items()):
            by_coder = {coder: _union(parts) for coder, parts in sorted(marked.items())}
            for coder in np.flatnonzero(table.cells[:, answer, n] == 0):
                by_coder.setdefault(int(coder), [])
            if len(by_coder) >= 2:
                result[n][answer] = by_coder
    return result


def _union(parts: Sequence[Part]) -> list[Part]:
    """A coder's parts without overlap: what is marked twice is marked."""
    union: list[Part] = []
    for start, end in sorted(parts):
        if union and start < union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def _shared_length(a: Sequence[Part], b: Sequence[Part]) -> int:
    return sum(max(0, min(e, f) - max(s, t)) for s, e in a for t, f in b)


def _total_length(parts: Sequence[Part]) -> int:
    return sum(end - start for start, end in parts)


def _f1(sums: Sequence[Array]) -> Array:
    """From (resamples, 2) per code: shared over marked."""
    return _with_total([part[:, 0] for part in sums], [part[:, 1] for part in sums])


def _with_total(above: Sequence[Array], below: Sequence[Array]) -> Array:
    """Ratios (resamples, codes + 1), the last of the sums over codes."""
    top, bottom = np.stack(above, axis=1), np.stack(below, axis=1)
    top = np.concatenate([top, np.nansum(top, axis=1, keepdims=True)], axis=1)
    bottom = np.concatenate([bottom, np.nansum(bottom, axis=1, keepdims=True)], axis=1)
    ratio: Array = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio
