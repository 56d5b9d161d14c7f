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

from themecoder.survey.export import ResponseSet

_HEADER = 176  # bytes
_LAYOUT = 64  # where the header says 2 or 3, in the byte order of the file
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION = 2, 3, 4, 6, 7
_SETS, _LONG_NAMES, _SETS_LATER = 7, 13, 19
# the kind, for E where the labels come from, and for D and E the length of the counted value
_COUNTED = re.compile(rb"(?:D|E (?:1|11) )(\d+) ")
_LENGTH = re.compile(rb" ?(\d+) ")


def response_sets(file: Path, encoding: str) -> tuple[ResponseSet, ...]:
    """The sets (named without their ``$``), sorted by name, their variables in the file's order.

    ``encoding`` is that of the file's texts. A dictionary that can't be followed gives no sets.
    """
    try:
        with file.open("rb") as handle:
            records = dict(extensions(handle))
    except (struct.error, OSError):
        return ()
    names_by_short = long_names(records, encoding)
    sets: dict[str, ResponseSet] = {}
    for record in (_SETS, _SETS_LATER):
        for line in _lines(records.get(record, b"")):
            name, _, definition = line.partition(b"=")
            counted, label, rest = _parts(definition)
            shorts = rest.decode(encoding, "replace").split()
            members = tuple(names_by_short.get(short.casefold(), short) for short in shorts)
            title = name.decode(encoding, "replace").lstrip("$")
            if members:
                sets[title] = ResponseSet(
                    title,
                    members,
                    label.decode(encoding, "replace").strip(),
                    "mentions" if definition[:1] == b"C" else "options",
                    counted.decode(encoding, "replace").strip(),
                )
    return tuple(found for _, found in sorted(sets.items()))


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


def _parts(definition: bytes) -> tuple[bytes, bytes, bytes]:
    """The counted value, the label and the variables; the first two have their length before
    them."""
    counted = b""
    at = 1
    if match := _COUNTED.match(definition):
        at = match.end() + int(match.group(1))
        counted = definition[match.end() : at]
    match = _LENGTH.match(definition, at)
    if not match:
        return counted, b"", b""
    end = match.end() + int(match.group(1))
    return counted, definition[match.end() : end], definition[end:]


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
