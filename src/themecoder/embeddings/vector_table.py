"""Tables of vectors, those that are larger than memory should hold in a file mapped into it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from themecoder.embeddings.space import Vectors

IN_MEMORY = 2**29
"""Bytes up to which a table is held in memory."""


def vector_table(rows: int, width: int, folder: Path | None = None) -> Vectors:
    """(rows, width) float32 to be filled: in memory, or above ``IN_MEMORY`` on disk in ``folder``.

    The file has no name, so nothing of it is left whichever way the process ends. Without a folder,
    or without room there, the table is in memory.
    """
    size = rows * width * 4
    if folder is not None and size > IN_MEMORY:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                _reserve(file.fileno(), size, folder)
                return np.memmap(file, np.float32, "w+", shape=(rows, width))
        except OSError:
            pass
    return np.empty((rows, width), dtype=np.float32)


def _reserve(file: int, size: int, folder: Path) -> None:
    """Raises OSError where there is no room: to find that while the map is written to would end
    the process without a word."""
    if sys.platform == "linux":
        os.posix_fallocate(file, 0, size)
    elif shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
