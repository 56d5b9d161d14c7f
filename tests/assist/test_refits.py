"""When it is looked again at what people coded."""

from __future__ import annotations

import threading
import time

from themecoder.assist.refits import Refits


class Looks:
    """Looks that wait until they are let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.ended = 0

    def look(self) -> None:
        self.begun.release()
        assert self.go.acquire(timeout=10)
        self.ended += 1


def test_many_nudges_are_one_look_and_one_that_comes_meanwhile_another() -> None:
    looks = Looks()
    with Refits(looks.look) as refits:
        for _ in range(5):
            refits.nudge()
        assert looks.begun.acquire(timeout=10)
        refits.nudge()
        refits.nudge()
        looks.go.release()
        assert looks.begun.acquire(timeout=10)
        looks.go.release()
        refits.settle(10)
        assert looks.ended == 2
    assert refits.failure is None


def test_who_asks_waits_for_the_look_and_not_longer_than_patience() -> None:
    looks = Looks()
    with Refits(looks.look) as refits:
        refits.settle(10)  # nothing was nudged for
        refits.nudge()
        began = time.monotonic()
        refits.settle(0.1)
        assert 0.1 <= time.monotonic() - began < 5
        assert looks.ended == 0
        looks.go.release()
        refits.settle(10)
        assert looks.ended == 1


def test_after_a_look_that_took_longer_than_patience_nobody_waits() -> None:
    looks = Looks()
    with Refits(looks.look) as refits:
        refits.nudge()
        assert looks.begun.acquire(timeout=10)
        time.sleep(0.3)
        looks.go.release()
        refits.settle(10)
        refits.nudge()
        began = time.monotonic()
        refits.settle(0.2)
        assert time.monotonic() - began < 0.2
        looks.go.release()


def test_what_a_look_raises_is_kept_and_told() -> None:
    told = threading.Event()

    def look() -> None:
        raise ZeroDivisionError

    with Refits(look, told.set) as refits:
        refits.nudge()
        assert told.wait(10)
        refits.nudge()
        refits.settle(10)  # nobody waits for what has ended
    assert isinstance(refits.failure, ZeroDivisionError)
