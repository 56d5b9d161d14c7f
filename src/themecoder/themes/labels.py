"""Labels: what a theme is called until a person names it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from themecoder.themes.keywords import Keyword

MOST_WORDS = 3  # keywords in a label
_ENOUGH = 0.3  # weight below which a keyword no longer belongs in a label
_SPECIFIC = 0.5  # share of a keyword's weight that must lie in this theme
_JOINED = ", "


def labels(
    keywords: Sequence[Sequence[Keyword]], taken: Iterable[str] = (), *, most: int = MOST_WORDS
) -> list[str]:
    """One label per theme: its two or three telling keywords, "Privacy, gegevens, geen vertrouwen".

    Themes are in order of importance; a keyword that leads more than one theme goes to the one it
    weighs most in. Labels differ from each other and from those ``taken``, whatever the case; a
    theme without keywords gets "" (the caller knows what to show then).
    """
    weight_of: dict[tuple[str, ...], float] = {}
    for each in keywords:
        for keyword in each:
            weight_of[keyword.parts] = weight_of.get(keyword.parts, 0.0) + keyword.weight
    used = {label.casefold() for label in taken}
    found = []
    for each in keywords:
        ranked = sorted(
            each,
            key=lambda word: (
                -round(word.weight * (word.weight / weight_of[word.parts]) ** _SPECIFIC, 9),
                each.index(word),
            ),
        )
        label = _distinct([word for word in ranked if _readable(word)], used, most)
        used.add(label.casefold())
        found.append(label)
    return found


def _readable(word: Keyword) -> bool:
    return bool(word.form.strip())


def _distinct(ranked: Sequence[Keyword], used: set[str], most: int) -> str:
    """The first keywords that weigh enough; more of them, or others, where the label is taken."""
    if not ranked:
        return ""
    best = ranked[0].weight
    telling = [word for word in ranked[:most] if word.weight >= _ENOUGH * best] or [ranked[0]]
    label = _join(telling)
    for extra in [word for word in ranked if word not in telling]:
        if label.casefold() not in used:
            return label
        telling = [*telling, extra]
        label = _join(telling)
    number = 2
    unnumbered = label
    while label.casefold() in used:
        label = f"{unnumbered} ({number})"
        number += 1
    return label


def _join(words: Sequence[Keyword]) -> str:
    text = _JOINED.join(word.form for word in words)
    return text[0].upper() + text[1:]
