"""Version numbers of a codebook: what the next one is, and which versions lie between two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from themecoder.codebook.changes import Add, Merge, Redefine, Retire, Split
from themecoder.codebook.model import Codebook

FIRST = "1.0.0"
_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def number(version: str) -> tuple[int, int, int] | None:
    """``"1.2.3"`` -> (1, 2, 3); None for what is no version number."""
    match = _NUMBER.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def ordered(versions: Sequence[str]) -> list[str]:
    """The version numbers among ``versions``, oldest first."""
    known = {version: number(version) for version in versions}
    return sorted((v for v, n in known.items() if n), key=lambda v: known[v] or (0, 0, 0))


def next_version(base: Codebook | None, draft: Codebook) -> str:
    """The number of ``draft`` when it is released after ``base``.

    Major where a coding made before may not hold as it is (redefine, split, merge, retire), minor
    where codes were added, patch for everything else. A first release keeps the draft's own number.
    """
    if base is None:
        return draft.version if number(draft.version) else FIRST
    major, minor, patch = number(base.version) or (0, 0, 0)
    if any(
        isinstance(change, Split | Merge | Retire)
        or (isinstance(change, Redefine) and change.recode)
        for change in draft.changes
    ):
        return f"{major + 1}.0.0"
    if any(isinstance(change, Add) for change in draft.changes):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"
