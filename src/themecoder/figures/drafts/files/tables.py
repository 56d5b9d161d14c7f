"""A row of a table as one line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_PERCENT = re.compile(r"%|\bprocent|\bpercent", re.IGNORECASE)


def row_text(cells: Sequence[str], header: Sequence[str]) -> str:
    """The cells that hold something, parted by bars.

    A bare number below a head with a percent sign is a percentage and gets the sign.
    """
    texts = []
    for n, cell in enumerate(cells):
        below = n < len(header) and _PERCENT.search(header[n]) is not None
        bare = _BARE.fullmatch(cell.strip()) is not None
        texts.append(f"{cell.strip()}%" if below and bare else " ".join(cell.split()))
    return " | ".join(text for text in texts if text)
