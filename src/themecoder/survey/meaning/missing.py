"""Words and codes that stand in a cell in the place of an answer."""

from __future__ import annotations

MISSING = (
    frozenset(("n.v.t.", "n.v.t", "nvt", "n/a", "n.a.", "na", "#n/a", "n.a", "nan", "null"))
    | {"#null!", "#n/b", "#ref!", "#value!", "#div/0!", "#name?", "none", "nil", ".", "missing"}
    | {"niet van toepassing", "not applicable", "geen antwoord", "no answer", "not asked"}
    | {"niet gevraagd", "not shown", "system missing", "sysmis", "(missing)", "(blank)"}
    | {"keine angabe", "k.a.", "k. a.", "trifft nicht zu", "nicht zutreffend"}
    | {"sans réponse", "non applicable", "sans objet", "{question_not_shown}"}
)
"""Words, in lower case, with which a survey tool or a person says that there is no answer."""

CODES = frozenset(("-66", "-77", "-88", "-99", "-999", "-9999", "-998", "-997"))
"""Numbers with which survey tools say so: below zero, where no answer can be."""

SUSPECTED = frozenset(("98", "99", "998", "999", "9998", "9999", "99999"))
"""Numbers that often stand for 'no answer', and may be one: a person has to say so."""


def is_missing(cell: str) -> bool:
    """Whether a cell holds a word or a code for 'no answer'."""
    text = cell.strip().casefold()
    return text in MISSING or text in CODES
