"""How a long job says where it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """One listener. ``stage`` keys are ``progress.<stage>`` in the message catalogue."""

    def start(self, stage: str, detail: str = "") -> None:
        """A stage begins; ``detail`` says of what (a question, a file, an encoder)."""

    def advance(self, done: int, total: int) -> None:
        """``done`` of ``total`` units of the stage that runs are done."""

    def finish(self) -> None:
        """The stage that runs is over."""

    def notice(self, key: str) -> None:
        """Something to know that stops nothing; ``key`` is one of the message catalogue."""


class Silent:
    """Listens to nothing: the default in Python."""

    def start(self, stage: str, detail: str = "") -> None:
        pass

    def advance(self, done: int, total: int) -> None:
        pass

    def finish(self) -> None:
        pass

    def notice(self, key: str) -> None:
        pass


@contextmanager
def running(progress: Progress, stage: str, detail: str = "") -> Iterator[None]:
    """A stage that is over when the block is, also where the block fails."""
    progress.start(stage, detail)
    try:
        yield
    finally:
        progress.finish()
