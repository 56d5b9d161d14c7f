"""YAML that would take hours and all memory is refused before it is read.

Only its events are looked at, one after the other, and no further than the bounds.
"""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    ScalarEvent,
)

TOO_DEEP = "nested too deeply"
_MOST_VALUES = 100_000
_DEEPEST = 100


def check_bounds(text: str) -> None:
    """Raises MarkedYAMLError where ``text`` is nested too deeply, and where its references
    (``*name``) stand for more than a person can mean: nine lines of lists of them are a billion
    values."""
    if "*" not in text and not _may_be_deep(text):
        return
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = [(None, 0)]  # anchor, values so far
    for event in YAML().parse(text):
        if isinstance(event, CollectionStartEvent):
            opened.append((event.anchor, 1))
            if len(opened) > _DEEPEST:
                raise MarkedYAMLError(problem=TOO_DEEP, problem_mark=event.start_mark)
            continue
        if isinstance(event, AliasEvent):
            # one to what it stands in itself has no end; of one to nothing the reader tells
            endless = any(anchor == event.anchor for anchor, _ in opened)
            anchor, size = None, _MOST_VALUES + 1 if endless else sizes.get(event.anchor, 1)
        elif isinstance(event, CollectionEndEvent):
            anchor, size = opened.pop()
        elif isinstance(event, ScalarEvent):
            anchor, size = event.anchor, 1
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        above, total = opened[-1]
        opened[-1] = above, total + size
        if total + size > _MOST_VALUES:
            problem = f"references stand for more than {_MOST_VALUES} values"
            raise MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _may_be_deep(text: str) -> bool:
    """Whether brackets or dashes could stand for deep nesting, which takes the reader long."""
    depth = deepest = 0
    for bracket in re.findall(r"[][{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    dashes = max((len(re.findall(r"[-?:]\s", line)) for line in text.splitlines()), default=0)
    return max(deepest, dashes) > _DEEPEST
