"""What is wrong in a codebook, and where in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the file: ("codes", 3, "label")."""


@dataclass(frozen=True, slots=True)
class CodebookFinding:
    """One problem; ``key`` names its message, below ``codebook.`` in the message catalogue."""

    path: Path
    key: str
    params: dict[str, Any] = field(default_factory=dict)
