"""Multiple-response sets of an SPSS file, read from its dictionary.

The library that reads the rest knows one of the two records that hold them, and gives variables by
the short names that SPSS wrote in 1980. Layout: "System File Format" in the PSPP developers' guide
(variable record, extension records 7 and 19 for the sets, 13 for the long names).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

_HEADER = 176  # bytes
_LAYOUT = 64  # where the header says 2 or 3, in the byte order of the file
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION = 2, 3, 4, 6, 7
_SETS, _LONG_NAMES, _SETS_LATER = 7, 13, 19
_DICHOTOMIES = re.compile(rb"D(\d+) ")
_COUNTED_LABELS = re.compile(rb"E (?:1|11) (\d+) ")
_LENGTH = re.compile(rb" ?(\d+) ")


def response_sets(file: Path, encoding: str) -> dict[str, list[str]]:
    """Set name (without its ``$``) -> names of its variables, in the file's order.

    ``encoding`` is that of the file's texts. A dictionary that can't be followed gives no sets.
    """
    try:
        with file.open("rb") as handle:
            records = dict(extensions(handle))
    except (struct.error, OSError):
        return {}
    names_by_short = long_names(records, encoding)
    sets: dict[str, list[str]] = {}
    for record in (_SETS, _SETS_LATER):
        for line in _lines(records.get(record, b"")):
            name, _, rest = line.partition(b"=")
            names = _variables(rest).decode(encoding, "replace").split()
            members = [names_by_short.get(short.casefold(), short) for short in names]
            sets[name.decode(encoding, "replace").lstrip("$")] = members
    return {name: members for name, members in sets.items() if members}


def long_names(records: Mapping[int, bytes], encoding: str) -> dict[str, str]:
    """Short name (folded) -> name, from the extension ``records``."""
    by_short = {}
    for pair in records.get(_LONG_NAMES, b"").rstrip(b"\x00").split(b"\t"):
        short, _, name = pair.decode(encoding, "replace").partition("=")
        by_short[short.casefold()] = name
    return by_short


def _lines(data: bytes) -> Iterator[bytes]:
    # a label may hold a line end: a set starts with $name=
    for part in re.split(rb"\n(?=\$[^\n=]+=[CDE])", data.rstrip(b"\x00\n")):
        if part.startswith(b"$"):
            yield part


def _variables(definition: bytes) -> bytes:
    """What follows the counted value and the label, each of which has its length before it."""
    counted = _DICHOTOMIES.match(definition) or _COUNTED_LABELS.match(definition)
    at = counted.end() + int(counted.group(1)) if counted else 1
    label = _LENGTH.match(definition, at)
    return definition[label.end() + int(label.group(1)) :] if label else b""


def extensions(handle: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The extension records before the data: (kind, content).

    After the last one ``handle`` stands behind the first four bytes of what ends the dictionary.
    """
    header = handle.read(_HEADER)
    order = "<" if header[_LAYOUT : _LAYOUT + 4] in (b"\x02\0\0\0", b"\x03\0\0\0") else ">"

    def integers(n: int) -> tuple[int, ...]:
        return struct.unpack(f"{order}{n}i", handle.read(4 * n))

    while True:
        (kind,) = integers(1)
        if kind == _VARIABLE:
            _, has_label, n_missing, _, _ = integers(5)
            handle.seek(8, 1)
            if has_label:
                (length,) = integers(1)
                handle.seek(-(-length // 4) * 4, 1)
            handle.seek(8 * abs(n_missing), 1)
        elif kind == _LABELS:
            (count,) = integers(1)
            for _ in range(count):
                handle.seek(8, 1)
                (length,) = struct.unpack("B", handle.read(1))
                handle.seek(-(-(length + 1) // 8) * 8 - 1, 1)
        elif kind == _LABELLED:
            (count,) = integers(1)
            handle.seek(4 * count, 1)
        elif kind == _DOCUMENT:
            (count,) = integers(1)
            handle.seek(80 * count, 1)
        elif kind == _EXTENSION:
            subtype, size, count = integers(3)
            yield subtype, handle.read(size * count)
        else:
            return
