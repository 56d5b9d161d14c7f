"""What runs on a worker: a batch through a task, and what a worker says of itself.

Nothing of an answer may get into a worker's log. Dask logs the arguments of what fails, and the
text of its error; so a batch travels in a parcel that shows nothing of what is in it, and what goes
wrong is handed back instead of raised.
"""

from __future__ import annotations

import os
import pickle
import platform
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from themecoder.cluster.tasks import Task
from themecoder.errors import Problem, ThemecoderError
from themecoder.version import __version__

_one_at_a_time = threading.Lock()
"""A worker may have several threads; models and detectors are not made for that."""


class Parcel:
    """A task and a batch, unpacked on the worker only."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    @classmethod
    def of(cls, task: Task[Any], batch: Sequence[str]) -> Parcel:
        return cls(pickle.dumps((task, tuple(batch))))

    def open(self) -> tuple[Task[Any], tuple[str, ...]]:
        opened: tuple[Task[Any], tuple[str, ...]] = pickle.loads(self._packed)
        return opened

    def __repr__(self) -> str:
        return f"<parcel of {len(self._packed)} bytes>"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What became of a batch: a ``value``; or what the worker works with, where that is not what
    was asked for (``unfit``); or what is wrong there (``problems``, ``bug``). ``worker`` says which
    one it was."""

    value: Any = None
    unfit: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    bug: str = ""
    worker: str = ""


def run_parcel(parcel: Parcel) -> Outcome:
    """The outcome of a batch. Never raises."""
    return replace(_outcome(parcel), worker=f"{platform.node()} ({os.getpid()})")


def _outcome(parcel: Parcel) -> Outcome:
    try:
        task, batch = parcel.open()
        with _one_at_a_time:
            here = dict(task.made_with_here())
            if here != dict(task.made_with):
                return Outcome(unfit=here)
            return Outcome(value=task(batch))
    except ThemecoderError as error:
        return Outcome(problems=tuple(error.problems))
    except Exception as error:
        # places in the code, and no text of the error: it may hold words of an answer
        places = "".join(traceback.format_tb(error.__traceback__))
        return Outcome(bug=f"{type(error).__name__}\n{places}")


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a worker runs on. ``spills``: it puts results on its disk where memory gets short."""

    version: str
    python: str
    spills: bool


def facts_here(spills: bool = False) -> WorkerFacts:
    return WorkerFacts(__version__, f"{sys.version_info.major}.{sys.version_info.minor}", spills)


def worker_facts(dask_worker: Any) -> WorkerFacts:
    """Dask hands the worker to an argument of this name. Results are in a plain dict where they
    stay in memory."""
    return facts_here(spills=not isinstance(dask_worker.data, dict))
