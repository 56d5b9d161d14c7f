"""SPSS files: a row per respondent, with labels and multiple-response sets."""

from __future__ import annotations

import io
import re
import struct
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themecoder.survey.readers.spss_sets import extensions, long_names

_RECORD, _SETS = 7, 7
_KIND = 4  # bytes
_DATED = slice(92, 109)  # the header's moment of making: 9 characters of a date, 8 of a time
_THEN = b"01 Jan 0000:00:00"
_LONGEST = 64
_RESERVED = frozenset(
    ("ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH")
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A column. ``cells`` are texts, or numbers with None for missing; ``values`` labels them."""

    name: str
    label: str
    cells: Sequence[str] | Sequence[float | None]
    values: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """Variables that are 1 where an option was chosen. ``name`` without its ``$``."""

    name: str
    label: str
    variables: tuple[str, ...]


def spss_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted`` as SPSS takes it as a name, told apart from those ``taken`` in either case."""
    name = re.sub(r"[^A-Za-z0-9_.]", "_", wanted).strip("._") or "v"
    if not name[0].isalpha() or name.upper() in _RESERVED:
        name = f"v_{name}"
    name = name[:_LONGEST].rstrip("._")
    folded = {one.casefold() for one in taken}
    found, number = name, 1
    while found.casefold() in folded:
        number += 1
        found = f"{name[: _LONGEST - 5]}_{number}"
    return found


def spss_bytes(variables: Sequence[Variable], sets: Sequence[ResponseSet], title: str) -> bytes:
    """The .sav with these columns. Same input, same bytes: the moment of making is left out."""
    import pandas
    import pyreadstat

    labels: dict[str, Any] = {one.name: dict(one.values) for one in variables if one.values}
    frame = pandas.DataFrame({one.name: list(one.cells) for one in variables})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coding.sav"
        pyreadstat.write_sav(
            frame,
            str(file),
            file_label=title[:60],
            column_labels=[one.label for one in variables],
            variable_value_labels=labels,
        )
        data = bytearray(file.read_bytes())
    data[_DATED] = _THEN
    if not sets:
        return bytes(data)
    with io.BytesIO(data) as handle:
        records = dict(extensions(handle))
        end = handle.tell() - _KIND
    short = {name: short for short, name in long_names(records, "utf-8").items()}
    # label lengths count bytes; a set names its variables by their short names, in lower case
    text = "".join(
        f"${one.name}=D1 1 {len(one.label.encode())} {one.label} "
        + " ".join(short[name] for name in one.variables)
        + "\n"
        for one in sets
    ).encode()
    record = struct.pack("<4i", _RECORD, _SETS, 1, len(text)) + text
    return bytes(data[:end]) + record + bytes(data[end:])
