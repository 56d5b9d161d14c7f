"""Asking until there is a reply that can be used, within a budget, and never twice the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from themecoder.assistant.endpoint import (
    REFUSED,
    Endpoint,
    OutOfTimeError,
    UnreachedError,
    UselessReplyError,
)
from themecoder.assistant.model import Model, Prompt, Try
from themecoder.assistant.record import Record
from themecoder.errors import Problem, ServiceError

T = TypeVar("T")

_TRIES = 3
"""Replies to one prompt that can't be used, before it is given up."""
_UNREACHED = 6
"""Attempts in a row that reach no server, before the command is given up."""
_LONGEST_PAUSE = 16.0
_WARMER = 0.3
"""The temperature after a reply that could not be used: at zero it would come again."""


class SpentError(Exception):
    """What a command may take of requests or seconds is used up."""


class UnfitError(ValueError):
    """A reply that is not what the schema asked for."""


class Budget:
    """``requests`` and ``seconds`` that a command may take; ``clock`` tells seconds."""

    def __init__(
        self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._requests, self._clock = requests, clock
        self._until = clock() + seconds

    def take(self) -> float:
        """One request; returns the seconds that it may take. Raises SpentError."""
        left = self._until - self._clock()
        if self._requests < 1 or left <= 0:
            raise SpentError
        self._requests -= 1
        return left

    def pause(self, seconds: float) -> None:
        """Wait. Raises SpentError where that would take more than there is."""
        if self._clock() + seconds > self._until:
            raise SpentError
        time.sleep(seconds)

    def over(self) -> bool:
        return self._until <= self._clock()


@dataclass(frozen=True, slots=True)
class Assistant:
    """A model that can be asked. ``pause``: seconds before a request that reached no server is
    repeated; doubled each time."""

    endpoint: Endpoint
    model: Model
    record: Record
    budget: Budget
    seed: int
    pause: float = 0.5

    def kept(self, prompt: Prompt, check: Callable[[str], T]) -> T | None:
        """What an earlier reply to this prompt says; None where there is none."""
        reply = self.record.reply(prompt.key(self.model))
        if reply is None:
            return None
        try:
            return check(reply)
        except UnfitError:
            return None

    def ask(self, prompt: Prompt, check: Callable[[str], T]) -> T | None:
        """What the model says; None where no reply could be used.

        ``check`` makes a value of a reply, or raises UnfitError. Raises SpentError, and
        ServiceError where the server can't be reached or will not serve.
        """
        tries: list[Try] = []
        try:
            while len(tries) < _TRIES:
                text = ""
                try:
                    text = self._send(prompt, len(tries))
                    value = check(text)
                except UselessReplyError as error:
                    tries.append(Try(error.text, error.fault))
                    if error.fault == REFUSED:
                        break
                except UnfitError as error:
                    tries.append(Try(text, f"unfit: {error}"))
                except OutOfTimeError:
                    if self.budget.over():
                        raise SpentError from None
                    tries.append(Try("", "too_slow"))
                else:
                    tries.append(Try(text, ""))
                    return value
        finally:
            if tries:
                self.record.add(prompt, self.model, tries)
        return None

    def _send(self, prompt: Prompt, attempt: int) -> str:
        body = request_body(prompt, self.model, self.seed, attempt)
        seen = ""
        for number in range(_UNREACHED):
            if number:
                self.budget.pause(min(self.pause * 2 ** (number - 1), _LONGEST_PAUSE))
            try:
                return self.endpoint.complete(body, self.budget.take())
            except UnreachedError as error:
                seen = str(error)
        params = {"url": self.endpoint.url, "reason": seen}
        raise ServiceError(Problem("assistant.unreachable", params))


def request_body(prompt: Prompt, model: Model, seed: int, attempt: int) -> dict[str, Any]:
    """The request as the protocol has it; the reply is bound to the prompt's schema."""
    return {
        "model": model.name,
        "messages": [
            {"role": "system", "content": prompt.instruction},
            {"role": "user", "content": prompt.data},
        ],
        "temperature": _WARMER if attempt else 0,
        "seed": seed + attempt,
        "max_tokens": prompt.most_tokens,
        "stream": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": dict(prompt.schema)},
        },
    }


@dataclass(frozen=True, slots=True)
class Round(Generic[T]):
    """What came of many prompts, by their place: ``values``, those that ``failed``, and how many
    are ``left`` because the budget was spent or the server ``stopped``."""

    values: dict[int, T]
    failed: list[int]
    left: int
    stopped: ServiceError | None


def ask_all(
    assistant: Assistant,
    prompts: Sequence[tuple[Prompt, Callable[[str], T]]],
    advance: Callable[[int, int], None],
) -> Round[T]:
    """Ask every prompt with its check; after the end of budget or server only what is kept."""
    values: dict[int, T] = {}
    failed: list[int] = []
    left, spent = 0, False
    stopped: ServiceError | None = None
    for place, (prompt, check) in enumerate(prompts):
        value = assistant.kept(prompt, check)
        if value is None and (spent or stopped):
            left += 1
        elif value is None:
            try:
                value = assistant.ask(prompt, check)
                if value is None:
                    failed.append(place)
            except SpentError:
                spent, left = True, left + 1
            except ServiceError as error:
                stopped, left = error, left + 1
        if value is not None:
            values[place] = value
        advance(place + 1, len(prompts))
    return Round(values, failed, left, stopped)
