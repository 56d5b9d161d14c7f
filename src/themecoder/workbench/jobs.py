"""One long job at a time, in a thread of its own, that says where it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock, Thread

from themecoder.errors import InputError, Problem, ThemecoderError
from themecoder.progress import Progress

Work = Callable[[Progress], str]
"""Does the job and gives what is said of it at its end."""
Told = Callable[[Exception], Sequence[Problem]]
"""What a person is told of an error, as problems."""


@dataclass(slots=True)
class Job:
    """Where a job is. It is its own listener of progress."""

    name: str
    back: str
    stages: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0
    total: int = 0
    notices: list[str] = field(default_factory=list)
    said: str = ""
    problems: Sequence[Problem] = ()
    over: bool = False

    def start(self, stage: str, detail: str = "") -> None:
        self.stages.append((stage, detail))
        self.done = self.total = 0

    def advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def finish(self) -> None:
        self.stages.pop()
        self.done = self.total = 0

    def notice(self, key: str) -> None:
        if key not in self.notices:
            self.notices.append(key)


class Jobs:
    """The job that runs, or the last one."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._lock = Lock()
        self.last: Job | None = None

    @property
    def running(self) -> bool:
        return self.last is not None and not self.last.over

    def failed(self, name: str) -> bool:
        """Whether the last job was ``name`` and did not come to its end."""
        job = self.last
        return job is not None and job.name == name and job.over and bool(job.problems)

    def start(self, name: str, work: Work, back: str) -> Job:
        """Begin ``work``; ``name`` is a key of the catalogue, ``back`` the page to return to.

        Raises InputError where another job still runs.
        """
        with self._lock:
            if self.running:
                raise InputError(Problem("workbench.busy"))
            job = self.last = Job(name, back)
        Thread(target=self._run, args=(job, work), name="job", daemon=True).start()
        return job

    def _run(self, job: Job, work: Work) -> None:
        try:
            job.said = work(job)
        except ThemecoderError as error:
            job.problems = error.problems
        except Exception as error:
            # the thread has nobody above it: the page tells what went wrong
            job.problems = self._told(error)
        finally:
            job.over = True
