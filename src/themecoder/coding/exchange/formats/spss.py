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
_RECORD_TYPE_BYTES = 4  # bytes
_MOMENT = slice(92, 109)  # the header's moment of making: 9 characters of a date, 8 of a time
_FIXED_MOMENT = b"01 Jan 0000:00:00"
_LONGEST_NAME = 64
_RESERVED = frozenset(
    ("ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH")
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A column. ``cells`` are texts, or numbers with None for a missing one; ``values``: value ->
    label."""

    name: str
    label: str
    cells: Sequence[str] | Sequence[float | None]
    values: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """Variables that are 1 where an option was chosen. ``name`` is without its ``$``."""

    name: str
    label: str
    variables: tuple[str, ...]


def spss_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted`` as a name that SPSS accepts, and that differs from those ``taken`` by more than
    upper and lower case."""
    name = re.sub(r"[^A-Za-z0-9_.]", "_", wanted).strip("._") or "v"
    if not name[0].isalpha() or name.upper() in _RESERVED:
        name = f"v_{name}"
    name = name[:_LONGEST_NAME].rstrip("._")
    folded = {name.casefold() for name in taken}
    candidate, number = name, 1
    while candidate.casefold() in folded:
        number += 1
        candidate = f"{name[: _LONGEST_NAME - 5]}_{number}"
    return candidate


def spss_bytes(variables: Sequence[Variable], sets: Sequence[ResponseSet], title: str) -> bytes:
    """The .sav file with these columns. The same input gives the same bytes: the moment at which
    the file is made is replaced by a fixed one."""
    import pandas
    import pyreadstat

    labels: dict[str, Any] = {
        variable.name: dict(variable.values) for variable in variables if variable.values
    }
    # a variable without any number is one all the same, and no text
    frame = pandas.DataFrame(
        {
            variable.name: pandas.Series(
                list(variable.cells),
                dtype=float if all(cell is None for cell in variable.cells) else None,
            )
            for variable in variables
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coding.sav"
        pyreadstat.write_sav(
            frame,
            str(file),
            file_label=title[:60],
            column_labels=[variable.label for variable in variables],
            variable_value_labels=labels,
        )
        data = bytearray(file.read_bytes())
    data[_MOMENT] = _FIXED_MOMENT
    if not sets:
        return bytes(data)
    with io.BytesIO(data) as handle:
        records = dict(extensions(handle))
        end = handle.tell() - _RECORD_TYPE_BYTES
    short = {name: short for short, name in long_names(records, "utf-8").items()}
    # label lengths count bytes; a set names its variables by their short names, in lower case
    text = "".join(
        f"${response_set.name}=D1 1 {len(response_set.label.encode())} {response_set.label} "
        + " ".join(short[name] for name in response_set.variables)
        + "\n"
        for response_set in sets
    ).encode()
    record = struct.pack("<4i", _RECORD, _SETS, 1, len(text)) + text
    return bytes(data[:end]) + record + bytes(data[end:])
