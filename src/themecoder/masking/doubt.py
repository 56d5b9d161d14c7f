"""How likely a mask is a mistake, by the rule that found it."""

from __future__ import annotations

from themecoder.masking.model import Mask

# What is looked up or has a form of its own is seldom wrong, what
# goes by a capital or by its neighbours sometimes is.
_DOUBT = {
    **dict.fromkeys(("contact", "numbers", "dates", "list", "decision"), 0),
    **dict.fromkeys(("names.title", "names.role", "names.signed", "names.initials"), 1),
    **dict.fromkeys(("names.capital", "names.lower", "places.listed", "names.again"), 2),
    **dict.fromkeys(("names.opening", "names.context", "places.residence"), 3),
    **dict.fromkeys(
        ("organisations", "houses", "english_organisations", "landmarks", "lower_case"), 3
    ),
    **dict.fromkeys(("deduce", "spacy"), 3),
    "frog": 4,
    "tagger.sure": 2,
    "tagger.likely": 3,
    "tagger.doubtful": 4,
    "strict": 4,
}

MISSED = 3
"""How likely a word that no mask covers should have one, where the strict level would mask it."""


def doubt(mask: Mask) -> int:
    """How likely a mask is a mistake, from 0 (it has the form of a telephone number) to 4."""
    if mask.rule in _DOUBT:
        return _DOUBT[mask.rule]
    room = mask.rule.partition(".")[0]
    return _DOUBT.get(room, 1)
