"""The ``.gitignore`` of a study: lines are added below a person's own, once; none is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from themecoder.storage.atomic import atomic


def ignore_in_git(folder: Path, patterns: Sequence[str], why: str) -> bool:
    """Add the ``patterns`` that ``folder/.gitignore`` does not have, below the comment ``why``;
    whether there were any."""
    file = folder / ".gitignore"
    there = file.read_bytes() if file.is_file() else b""
    known = {_bare(line) for line in there.decode("utf-8", "replace").splitlines()}
    missing = [pattern for pattern in patterns if _bare(pattern) not in known]
    if not missing:
        return False
    line_end = b"\r\n" if b"\r\n" in there else b"\n"
    lines = [f"# {why}", *missing]
    if there:
        there += b"" if there.endswith(b"\n") else line_end
        lines.insert(0, "")
    with atomic(file, "wb") as handle:
        handle.write(there + b"".join(line.encode("utf-8") + line_end for line in lines))
    return True


def pattern_of(path: str) -> str:
    """The pattern of exactly this file, a path below the folder of the .gitignore."""
    return "/" + re.sub(r"([\\*?\[\]# !])", r"\\\1", path)


def _bare(pattern: str) -> str:
    """``/data/``, ``data/`` and ``data`` mean the same folder here."""
    return pattern.strip().strip("/")
