"""Which steps count: every step, undo and redo of a question is kept, in the order it was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from themecoder.themes.steps.model import Entry, Redo, SplitTheme, ThemeStep, Undo


@dataclass(frozen=True, slots=True)
class Counting:
    """``done``: the steps that count, oldest first. ``undone``: those that a redo brings back, the
    one that it brings back first is the last."""

    done: tuple[ThemeStep, ...] = ()
    undone: tuple[ThemeStep, ...] = ()


def counting(entries: Iterable[Entry]) -> Counting:
    """What counts after ``entries``. A new step forgets what was undone; an undo or redo with
    nothing to go by changes nothing (two people's files joined by git may have one)."""
    done: list[ThemeStep] = []
    undone: list[ThemeStep] = []
    for entry in entries:
        if isinstance(entry, Undo):
            if done:
                undone.append(done.pop())
        elif isinstance(entry, Redo):
            if undone:
                done.append(undone.pop())
        else:
            done.append(entry)
            undone.clear()
    return Counting(tuple(done), tuple(undone))


def highest_number(entries: Iterable[Entry]) -> int:
    """The highest number that a split gave a theme, undone or not: no other theme may get it."""
    return max(
        (part.new for entry in entries if isinstance(entry, SplitTheme) for part in entry.parts),
        default=0,
    )
