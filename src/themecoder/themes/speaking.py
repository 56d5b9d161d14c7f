"""Which answers are read for the words of themes, where there are more than are read."""

from __future__ import annotations

import numpy as np

from themecoder.themes.model import IntArray

_OF_EACH = 500


def speaking(labels: IntArray, owners: IntArray, most: int) -> IntArray | None:
    """The segments of about ``most`` answers that speak for all; None where there are not more.

    ``labels`` (n,) and ``owners`` (n,) of the segments. Of each theme an evenly spread part of its
    answers, 500 at least where it has so many, each with all its segments; of what is in no theme
    as well, for a word that all answers hold tells no theme apart.
    """
    answers = len(np.unique(owners))
    if answers <= most:
        return None
    chosen = []
    for theme in range(-1, int(labels.max(initial=-1)) + 1):
        own = np.unique(owners[labels == theme])
        if len(own):
            wanted = max(_OF_EACH, len(own) * most // answers)
            chosen.append(own[:: max(1, len(own) // wanted)])
    return np.flatnonzero(np.isin(owners, np.concatenate(chosen)))
