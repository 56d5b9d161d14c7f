"""People by one letter: "als J. belt", "ik praat met M. over vroeger"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

# A letter that goes on with a small letter or a comma does not end its sentence. A, B and C number
# things as often as they name people.
_INITIAL = re.compile(
    r"\b(?:[Aa]ls|[Mm]et|[Dd]oor|[Ss]inds|omdat|dat|[Tt]oen|aan|[Zz]onder|dankzij|want|[Ww]ith|"
    r"[Ww]hen|[Ss]ince)\s([D-Z]\.)(?=,?\s[a-zà-ÿ])"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """The letter with its point. ``lexicon`` is not asked: a letter is in no list."""
    for match in _INITIAL.finditer(view.text):
        yield Mask(match.start(1), match.end(1), "name", match.group(1), "names.initial")
