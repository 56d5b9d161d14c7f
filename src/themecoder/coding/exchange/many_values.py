"""What spares time where hundreds of thousands of small values are made, all of which stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (100_000, 50, 50)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Python looks for values that only hold each other after every few hundred new ones, and goes
    over all of them to do so: a third of the time of a large import, for nothing."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
