"""An export that a reader of another package reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from themecoder.plugins import find_plugin
from themecoder.survey.grid import Grid


def read_by_plugin(file: Path, name: str) -> tuple[Grid, Mapping[str, str]]:
    """What the reader ``name`` makes of ``file``: the names of its columns, and rows of cells that
    are text or None. Raises InputError where it gives something else."""
    plugin = find_plugin("readers", name)
    read = plugin.load()
    with plugin.running():
        header, rows = read(file)
        header, rows = list(header), [list(row) for row in rows]
    for number, row in enumerate((header, *rows), start=1):
        if len(row) != len(header):
            found = f"{len(row)} ({number})"
            raise plugin.refused("unfit", found=found, expected=str(len(header)))
        for cell in row:
            if not isinstance(cell, str) and (cell is not None or row is header):
                found = f"{type(cell).__name__} ({number})"
                raise plugin.refused("unfit", found=found, expected="str, None")
    cells = [[cell or None for cell in row] for row in rows]
    return Grid(header, cells, list(range(1, len(rows) + 2))), {
        "plugin": f"{plugin.package} {plugin.version}"
    }
