"""What is done to batches of texts, and who does it: this process unless somebody is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Task(Protocol[Result_co]):
    """Work on a batch of texts whose result depends on nothing but them and ``made_with``.

    It can be pickled, and loads what is heavy where it is called. ``made_with`` is what the results
    depend on, of the machine that asks; ``made_with_here`` the same of the one that is asked in.
    Where they differ so would the results.
    """

    @property
    def made_with(self) -> Mapping[str, str]: ...

    def made_with_here(self) -> Mapping[str, str]: ...

    def __call__(self, batch: Sequence[str]) -> Result_co: ...


class Workers(Protocol):
    """Who does the work."""

    def map(
        self, task: Task[Result], batches: Sequence[Sequence[str]]
    ) -> Iterator[tuple[int, Result]]:
        """The place of each batch and its result, as they are finished: each batch once, in any
        order."""


class InProcess:
    """This process, a batch after the other."""

    def map(
        self, task: Task[Result], batches: Sequence[Sequence[str]]
    ) -> Iterator[tuple[int, Result]]:
        for place, batch in enumerate(batches):
            yield place, task(batch)
