"""The names a person may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def closest(word: str, names: Sequence[str], count: int = 3) -> list[str]:
    """Up to ``count`` of ``names`` that look like ``word``, the likest first, case set aside."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    matches = difflib.get_close_matches(word.casefold(), list(folded), n=count, cutoff=0.6)
    return [folded[name] for name in matches]


def did_you_mean(word: str, names: Sequence[str], most: int = 12) -> str:
    """Names for a message: those like ``word``, else the first ones; an ellipsis for the rest."""
    if not names:
        return "-"
    shown = closest(word, names) or list(names[:most])
    return ", ".join(shown) + (" …" if len(shown) < len(names) else "")
