"""A coder's code as the person who decides is shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook


@dataclass(frozen=True, slots=True)
class ShownCode:
    """``words``: the masked words that were marked for it; ``value``: the id of its value, empty
    where none is said."""

    words: Sequence[str] = ()
    value: str = ""

    def label(self, code: str, book: Codebook) -> str:
        """What the code is called, with its value."""
        entry = book.find(code)
        label = entry.label if entry else code
        if not self.value:
            return label
        values = {one.id: one.label for one in entry.values} if entry else {}
        return f"{label}: {values.get(self.value) or self.value}"
