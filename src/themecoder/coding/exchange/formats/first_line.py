"""The first line of a file of text, to know the file by."""

from __future__ import annotations

import re
from pathlib import Path

_LONGEST = 1 << 16  # bytes


def first_bytes(file: Path) -> bytes:
    """How a file begins, without a mark of its encoding and white space; empty where it can't be
    read."""
    try:
        with file.open("rb") as handle:
            return handle.read(_LONGEST).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError:
        return b""


def column_names(beginning: bytes) -> set[str]:
    """The names of the columns in the first line of a table, in lower case."""
    line = beginning.partition(b"\n")[0].decode("utf-8", "replace").casefold()
    return {name.strip(' "\r') for name in re.split("[,;\t]", line)}
