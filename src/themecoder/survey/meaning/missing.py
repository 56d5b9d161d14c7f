"""Words and codes that stand in a cell in the place of an answer."""

from __future__ import annotations

TECHNICAL = (
    frozenset(("na", "n/a", "#n/a", "#n/b", "nan", "null", "#null!", "nil", ".", "sysmis"))
    | {"#ref!", "#value!", "#div/0!", "#name?", "#num!", "<na>", "(blank)", "(missing)"}
    | {"missing", "system missing", "not shown", "{question_not_shown}"}
)
"""What programs write where there is no answer, in lower case. Nobody chooses that."""

WORDS = (
    frozenset(("n.v.t.", "n.v.t", "nvt", "n.a.", "n.a", "none", "niet gevraagd", "not asked"))
    | {"niet van toepassing", "not applicable", "geen antwoord", "no answer"}
    | {"keine angabe", "k.a.", "k. a.", "trifft nicht zu", "nicht zutreffend"}
    | {"sans réponse", "non applicable", "sans objet"}
)
"""Words for it, in lower case: no number and no tick, but at a question with answers to choose from
they may be one of these, and are counted as that."""

CODES = frozenset(("-66", "-77", "-88", "-99", "-999", "-9999", "-998", "-997"))
"""Numbers with which survey tools say so: below zero, where no answer can be."""

SUSPECTED = frozenset(("98", "99", "998", "999", "9998", "9999", "99999"))
"""Numbers that often stand for 'no answer', and may be one: a person has to say so."""


def is_missing(cell: str) -> bool:
    """Whether a cell holds a word or a code for 'no answer'."""
    return is_technical(cell) or cell.strip().casefold() in WORDS


def is_technical(cell: str) -> bool:
    """Whether a cell holds what a program writes where there is no answer."""
    text = cell.strip().casefold()
    return text in TECHNICAL or text in CODES
