"""Looking again at what people coded: soon after somebody asks for it, never all the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Refits:
    """Calls ``look`` in a thread of its own after each ``nudge``; many nudges are one look.

    After a look the next one waits as long as that took, so that at most half of the time goes into
    it, however fast people code. What ``look`` raises ends the thread, is kept in ``failure`` and
    told by ``failed``.
    """

    def __init__(self, look: Callable[[], None], failed: Callable[[], None] = lambda: None) -> None:
        self.failure: BaseException | None = None
        self._look, self._failed = look, failed
        self._change = threading.Condition()
        self._asked = self._busy = self._over = False
        self._took = 0.0
        self._thread = threading.Thread(target=self._run, name="refits", daemon=True)

    def __enter__(self) -> Refits:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._change:
            self._over = True
            self._change.notify_all()
        self._thread.join()

    def nudge(self) -> None:
        """Say that something may have been coded."""
        with self._change:
            self._asked = True
            self._change.notify_all()

    def settle(self, patience: float) -> None:
        """Wait until all that was nudged for is looked at, ``patience`` seconds at most.

        Where the last look took longer than that it is not waited for at all: a coder would wait
        each time, and in vain.
        """
        with self._change:
            if self._took <= patience:
                self._change.wait_for(self._is_settled, patience)

    def _is_settled(self) -> bool:
        return self._over or not (self._asked or self._busy)

    def _run(self) -> None:
        try:
            while self._is_due():
                began = time.monotonic()
                self._look()
                self._rest(time.monotonic() - began)
        except BaseException as error:
            self.failure = error
            self._failed()
        finally:
            with self._change:
                self._over = True
                self._change.notify_all()

    def _is_due(self) -> bool:
        """Wait for a nudge; False where it is over."""
        with self._change:
            self._change.wait_for(lambda: self._asked or self._over)
            self._asked, self._busy = False, True
            return not self._over

    def _rest(self, took: float) -> None:
        with self._change:
            self._took, self._busy = took, False
            self._change.notify_all()
            self._change.wait_for(lambda: self._over, took)
