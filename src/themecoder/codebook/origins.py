"""Which candidate themes a code came from, and what a person decided on each theme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from themecoder.errors import InputError, Problem

ADOPTED, NEW, DISCARDED = "adopted", "new", "discarded"


@dataclass(frozen=True, slots=True)
class Origin:
    """A person's decision on one theme, with what the theme was when it was taken.

    ``size`` of ``base`` answers with content were in the theme; ``stability`` is 0-1. ``decision``:
    adopted (``code`` was there), new (``code`` was made of it) or discarded (``code`` empty).
    """

    question: str
    theme: int
    code: str
    decision: str
    label: str
    size: int
    base: int
    stability: float
    guided_by: str = ""
    why: str = ""


def decide_origin(known: Sequence[Origin], new: Origin, again: bool = False) -> tuple[Origin, ...]:
    """The decisions with ``new`` among them, sorted; the same decision twice changes nothing.

    A theme may go into several codes. Raises InputError where it was discarded and is now adopted,
    or the other way about, unless ``again`` says that this is meant.
    """
    same = [o for o in known if (o.question, o.theme) == (new.question, new.theme)]
    if any(o.code == new.code and o.decision == new.decision for o in same):
        return tuple(known)
    clash = [o for o in same if DISCARDED in (o.decision, new.decision)]
    if clash and not again:
        params = {
            "question": new.question,
            "theme": new.theme,
            "codes": ", ".join(o.code for o in clash if o.code) or "-",
        }
        key = "discarded" if new.decision != DISCARDED else "adopted"
        raise InputError(Problem(f"codebook.origin.{key}", params))
    kept = [o for o in known if o not in clash]
    return tuple(sorted([*kept, new], key=lambda o: (o.question, o.theme, o.code)))


def fresh_id(label: str, taken: Iterable[str]) -> str:
    """A code's id from its label: lower-case letters, digits and underscores, not yet ``taken``."""
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_") or "code"
    used = {code.casefold() for code in taken}
    if stem not in used:
        return stem
    number = 2
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"
