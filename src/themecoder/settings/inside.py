"""What a study names stays inside its folder: one that comes from somebody else reads nothing else.

A file that lies outside is used only where the person at this machine says so: a key in study.toml
could not be that, for it comes with the study.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from themecoder.errors import InputError, Problem

ALLOW_OUTSIDE = "THEMECODER_ALLOW_OUTSIDE"
"""Environment variable, set by ``themecoder --allow-outside``."""
_PARTS = (
    "annotations",
    "codebooks",
    "data",
    "reports",
    "suggestions",
    "templates",
    "themes",
    "masking.csv",
    "quotes.yaml",
    "study.toml",
    ".themecoder",
)
"""What is looked at for links. In ``.themecoder`` is what this machine made itself."""


def allowed_outside() -> bool:
    return os.environ.get(ALLOW_OUTSIDE, "") not in ("", "0")


def outside(path: Path, roots: Sequence[Path]) -> Path | None:
    """Where ``path`` leads, if that is outside of all ``roots`` and this is not allowed."""
    if allowed_outside():
        return None
    target = path.resolve()
    if any(target.is_relative_to(root.resolve()) for root in roots):
        return None
    return target


def check_links(root: Path) -> None:
    """Raises InputError with every link in the study's folder that leads out of it."""
    problems = [
        Problem("study.link_outside", {"target": str(target)}, file=link)
        for link in _links(root)
        if (target := outside(link, [root])) is not None
    ]
    if problems:
        raise InputError(problems)


def _links(root: Path) -> Iterator[Path]:
    for name in _PARTS:
        part = root / name
        if part.is_symlink():
            yield part
        elif part.is_dir() and name != ".themecoder":
            for folder, folders, files in os.walk(part):
                for entry in sorted([*folders, *files]):
                    path = Path(folder, entry)
                    if path.is_symlink():
                        yield path
