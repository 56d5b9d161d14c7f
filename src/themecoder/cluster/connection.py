"""A connection with a scheduler of dask's: who is there and fit, and what comes back."""

from __future__ import annotations

import contextlib
import logging
import ssl
import time
import uuid
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from themecoder.cluster.address import leaks
from themecoder.cluster.on_worker import (
    Outcome,
    Parcel,
    WorkerFacts,
    facts_here,
    run_parcel,
    worker_facts,
)
from themecoder.errors import InputError, Problem
from themecoder.extras import of_extra

EXTRA = "cluster"
_CONNECT = 5.0
"""Seconds in which a scheduler answers a call, or is not there."""
_ANSWER = 15.0
"""Seconds in which one that is there says who works for it, however busy it is."""
_FETCH = 120.0
"""Seconds in which what is finished is brought here; a network that is only slow may need many."""
_LOOK = 1.0
"""Seconds between two looks at who is there, and for which the next batch is waited for."""


class LostError(Exception):
    """The scheduler can't be reached, or no longer."""


class Connection:
    """With the scheduler at ``address``. What the network does to it is a LostError; after that it
    is of no use but to be closed."""

    def __init__(self, address: str, security: Any) -> None:
        with of_extra(EXTRA):
            import distributed

        _be_quiet()
        self._distributed: Any = distributed
        self._address = address
        self._fit: frozenset[str] = frozenset()
        self._there: frozenset[str] = frozenset()
        self._looked = 0.0
        try:
            with warnings.catch_warnings():
                # versions of what matters are looked at below, and told in the user's words
                warnings.simplefilter("ignore")
                self._client: Any = self._distributed.Client(
                    address,
                    security=security,
                    timeout=_CONNECT,
                    set_as_default=False,
                    direct_to_workers=False,
                    name="themecoder",
                )
        except OSError as error:
            reason = _tls_reason(error)
            if reason is not None:
                params = {"found": address, "reason": reason}
                raise InputError(Problem("cluster.tls_refused", params)) from error
            raise LostError(_innermost(error)) from error

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._client.close(timeout=_CONNECT)

    @contextlib.contextmanager
    def _calling(self) -> Iterator[None]:
        """Around a call: what says that the connection is gone is a LostError."""
        lost = self._distributed
        try:
            yield
        except (OSError, lost.CancelledError, lost.client.ClosedClientError) as error:
            raise LostError(type(error).__name__) from error
        except (AttributeError, RuntimeError, ValueError) as error:
            # dask's client takes itself apart while it is closed, and calls fail in many ways
            if self._client.status == "running":
                raise
            raise LostError(type(error).__name__) from error

    def workers(self) -> frozenset[str]:
        """The addresses of the workers that are there. Raises InputError where one of them may not
        get answers, or would give other results than this machine."""
        if time.monotonic() - self._looked < _LOOK:
            return self._there
        with self._calling():
            identity = self._client.sync(self._client.scheduler.identity, callback_timeout=_ANSWER)
        there = {
            worker
            for worker, about in identity["workers"].items()
            if about.get("status", "running") in ("running", "paused")
        }
        self._fit &= there
        self._fit |= self._looked_at(sorted(there - self._fit))
        self._there, self._looked = self._fit, time.monotonic()
        return self._there

    def _looked_at(self, new: Sequence[str]) -> frozenset[str]:
        """Those of ``new`` that are still there, all of them fit."""
        if not new:
            return frozenset()
        open_ones = [worker for worker in new if leaks(worker)]
        if open_ones:
            raise InputError(
                [Problem("cluster.worker_in_the_clear", {"worker": worker}) for worker in open_ones]
            )
        with self._calling():
            facts = self._client.run(
                worker_facts, workers=list(new), nanny=False, on_error="return"
            )
            if not self._fit:
                # it unpacks what is sent as far as the parcel, and has to know that
                facts[self._address] = self._scheduler_facts()
        # whoever can't be reached has gone, and is no longer there at the next look
        reached = {one: found for one, found in facts.items() if not isinstance(found, OSError)}
        problems = [
            problem for one, found in sorted(reached.items()) for problem in self._unfit(one, found)
        ]
        if problems:
            raise InputError(problems)
        return frozenset(reached) - {self._address}

    def _scheduler_facts(self) -> Any:
        try:
            return self._client.run_on_scheduler(facts_here)
        except (ImportError, AttributeError) as error:
            return error

    def _unfit(self, one: str, found: WorkerFacts | Exception) -> list[Problem]:
        """Why a worker, or the scheduler, is of no use; where it does not even know what it is
        asked it has an older themecoder, or none."""
        here = facts_here()
        if isinstance(found, Exception):
            params = {"worker": one, "here": here.version, "there": self._installed(one)}
            return [Problem("cluster.other_version", params)]
        problems = [
            Problem(
                f"cluster.other_{name}",
                {"worker": one, "here": getattr(here, name), "there": getattr(found, name)},
            )
            for name in ("version", "python")
            if getattr(here, name) != getattr(found, name)
        ]
        if found.spills:
            problems.append(Problem("cluster.spills", {"worker": one}))
        return problems

    def _installed(self, one: str) -> str:
        """The version of themecoder on a worker, or of the scheduler."""
        with self._calling():
            versions = self._client.get_versions(packages=["themecoder"])
        its = versions["workers"].get(one) or versions["scheduler"]
        return its["packages"].get("themecoder") or "-"

    def send(self, parcel: Parcel, to: frozenset[str]) -> Any:
        """A batch on its way to one of the workers ``to``: no other gets it."""
        # a name that says nothing of the batch
        name = f"themecoder-{uuid.uuid4().hex}"
        with self._calling():
            return self._client.submit(run_parcel, parcel, key=name, workers=sorted(to), pure=False)

    def back_of(self, sent: Sequence[Any]) -> list[tuple[Any, Outcome]]:
        """Those that come back within a second, in the order in which they were sent, and what
        became of them. Raises InputError where a batch ended one worker after the other."""
        with self._calling(), self._client.as_current():
            try:
                done = self._distributed.wait(
                    list(sent), timeout=_LOOK, return_when="FIRST_COMPLETED"
                ).done
            except TimeoutError:
                return []
            finished = [one for one in sent if one in done]
            try:
                gather = partial(self._client.gather, finished, asynchronous=True)
                outcomes = self._client.sync(gather, callback_timeout=_FETCH)
            except self._distributed.KilledWorker as error:
                raise InputError(Problem("cluster.kills_workers")) from error
        for one in finished:
            one.release()
        return list(zip(finished, outcomes, strict=True))

    def drop(self, futures: Sequence[Any]) -> None:
        """Nobody waits for these any more."""
        if not futures:
            return
        with contextlib.suppress(LostError), self._calling():
            self._client.cancel(list(futures))


def _be_quiet() -> None:
    """What dask would write of a lost connection, with a traceback, is told in the user's words."""
    for name in [
        name for name in logging.root.manager.loggerDict if name.startswith("distributed")
    ]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _innermost(error: BaseException) -> str:
    """What is behind an error: dask tells of each try, and of all of them."""
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return type(error).__name__


def _tls_reason(error: BaseException | None) -> str | None:
    """Why the other side is not who it should be, where that is what is wrong."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return getattr(error, "verify_message", "") or error.reason or "TLS"
        error = error.__cause__ or error.__context__
    return None
