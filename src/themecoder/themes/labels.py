"""Labels: what a theme is called until a person names it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from themecoder.themes.keywords import Keyword, Vocabulary

MOST_WORDS = 3  # keywords in a label
WEAK = 0.1
"""Share of a theme's texts that its label's keywords must at least hold, else a quote says more."""
_ENOUGH = 0.3  # weight, to the best keyword's, below which a keyword does not belong in a label
_SPECIFIC = 0.5  # how much it counts that a keyword's weight lies in this theme and not in others
_KIND = {"NOUN": 1.0, "PROPN": 1.0, "ADJ": 0.85, "VERB": 0.8}
_OTHER_KIND = 0.85
QUOTED = 8  # words of a quote


def labels(
    keywords: Sequence[Sequence[Keyword]],
    taken: Iterable[str] = (),
    *,
    quotes: Sequence[str] = (),
) -> list[str]:
    """One label per theme: its telling keywords, or a few words of an answer.

    ``keywords``: best first, weights 0..1, themes in order of importance. A keyword that several
    themes have counts most where its weight lies. ``quotes``: per theme the words of an answer to
    use instead, "" for none. Labels differ from each other and from those ``taken``, whatever
    the case.
    """
    total: dict[tuple[str, ...], float] = {}
    for own_keywords in keywords:
        for keyword in own_keywords:
            total[keyword.parts] = total.get(keyword.parts, 0.0) + keyword.weight
    used = {label.casefold() for label in taken}
    result = []
    for theme, own_keywords in enumerate(keywords):
        telling = sorted(own_keywords, key=lambda word: -round(_telling(word, total), 9))
        quote = _quote(quotes[theme]) if quotes else ""
        label = _numbered(quote, used) if quote else _distinct(telling, total, used)
        used.add(label.casefold())
        result.append(label)
    return result


def coverage(
    keywords: Sequence[Keyword], vocabulary: Vocabulary, inside: npt.NDArray[np.bool_]
) -> float:
    """Share of the theme's texts that hold one of the words of its best keywords."""
    parts = {part for word in keywords[:MOST_WORDS] for part in word.parts}
    columns = [i for i, key in enumerate(vocabulary.keys) if key in parts]
    if not columns or not inside.any():
        return 0.0
    texts = vocabulary.holds[np.flatnonzero(inside)][:, columns].sum(axis=1)
    return float((np.asarray(texts).ravel() > 0).mean())


def _telling(word: Keyword, total: dict[tuple[str, ...], float]) -> float:
    kind = 1.0 if len(word.form.split()) > 1 else _KIND.get(word.pos, _OTHER_KIND)
    return float(word.weight * kind * (word.weight / total[word.parts]) ** _SPECIFIC)


def _distinct(
    telling: Sequence[Keyword], total: dict[tuple[str, ...], float], used: set[str]
) -> str:
    """The first keywords that weigh enough; more of them where the label is taken."""
    if not telling:
        return _numbered("?", used)
    best = _telling(telling[0], total)
    enough = [word for word in telling[:MOST_WORDS] if _telling(word, total) >= _ENOUGH * best]
    for more in range(len(enough), len(telling) + 1):
        label = _join(telling[:more])
        if label.casefold() not in used:
            return label
    return _numbered(_join(enough), used)


def _numbered(label: str, used: set[str]) -> str:
    candidate, number = label, 2
    while candidate.casefold() in used:
        candidate = f"{label} ({number})"
        number += 1
    return candidate


def _join(words: Sequence[Keyword]) -> str:
    text = ", ".join(word.form for word in words)
    return text[0].upper() + text[1:]


def _quote(text: str) -> str:
    """The text's first words in quotation marks, without the marks at its end."""
    bare = text.split()
    cut = " ".join(bare[:QUOTED]).rstrip(".,;:!?…- ")
    return f"“{cut}{'…' if len(bare) > QUOTED else ''}”" if cut else ""
