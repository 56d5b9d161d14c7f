"""Steps done again on the themes of a later run; what can't be done again is said, step by step.

Numbers stay from run to run where the themes are the same (``lineage``). A theme that the run put
into another is known by ``became``; one that is gone has None there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from themecoder.errors import InputError, Problem
from themecoder.themes.steps.apply import WorkedThemes, apply_step
from themecoder.themes.steps.model import (
    KeepApart,
    MergeThemes,
    MoveAnswers,
    SplitTheme,
    ThemeStep,
)


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """What of a step could not be done again: ``place`` counts the steps that count, from 0."""

    place: int
    step: ThemeStep
    problem: Problem


@dataclass(frozen=True, slots=True)
class Replayed:
    """The themes after the steps, and what of the steps could not be done."""

    themes: WorkedThemes
    missed: tuple[NotReplayed, ...] = ()


def replay(
    start: WorkedThemes, steps: Sequence[ThemeStep], became: Mapping[int, int | None]
) -> Replayed:
    """``steps`` done on ``start``, the themes of a run. ``became``: theme number -> the theme that
    a run put its answers into, None where they were scattered."""
    now, missed = start, []
    for place, step in enumerate(steps):
        carrying = _Carrying(now, became)
        carried = carrying.carried(step)
        try:
            now = now if carried is None else apply_step(now, carried)
        except InputError as error:
            carrying.problems += error.problems
        missed += [NotReplayed(place, step, problem) for problem in carrying.problems]
    return Replayed(now, tuple(missed))


class _Carrying:
    """One step on its way to the themes of a later run; ``problems``: what of it gets lost."""

    def __init__(self, now: WorkedThemes, became: Mapping[int, int | None]) -> None:
        self._now, self._became = now, became
        self.problems: list[Problem] = []

    def carried(self, step: ThemeStep) -> ThemeStep | None:
        """What of ``step`` there is to do on the themes as they are; None where nothing is."""
        match step:
            case MergeThemes():
                after: ThemeStep | None = self._merge(step)
            case KeepApart():
                after = self._keep_apart(step)
            case MoveAnswers():
                after = self._move(step)
            case SplitTheme():
                after = self._split(step)
            case _:
                # a name or a decision is of the theme that a person saw, not of one it went into
                found = self._place(step.theme)
                if found is not None and found != step.theme:
                    self._lost("run_merged", theme=step.theme, into=found)
                after = step if found == step.theme else None
        return after

    def _merge(self, step: MergeThemes) -> ThemeStep | None:
        into = self._place(step.into)
        parts = [self._place(number) for number in step.themes]
        # where the run itself put a part into the theme, there is nothing left to do
        left = tuple(dict.fromkeys(part for part in parts if part not in (None, into)))
        if into is None or not left:
            return None
        return MergeThemes(tuple(part for part in left if part is not None), into)

    def _keep_apart(self, step: KeepApart) -> ThemeStep | None:
        first, second = map(self._place, step.themes)
        if first is None or second is None:
            return None
        if first == second:
            self._lost("run_together", first=step.themes[0], second=step.themes[1], theme=first)
            return None
        return KeepApart((first, second))

    def _move(self, step: MoveAnswers) -> ThemeStep | None:
        theme, into = (None if n is None else self._place(n) for n in (step.theme, step.into))
        answers = self._those_in(self._now.known, step.answers, "run_answers_gone")
        if not answers or (step.into is not None and into is None) or theme == into:
            return None
        return MoveAnswers(answers, theme, into)

    def _split(self, step: SplitTheme) -> ThemeStep | None:
        number = self._place(step.theme)
        if number is None or number not in self._now.themes:
            return None if number is None else step
        inside = self._now.themes[number].answers
        parts = tuple(
            replace(
                part,
                answers=self._those_in(inside, part.answers, "run_answers_elsewhere", theme=number),
            )
            for part in step.parts
        )
        left = tuple(part for part in parts if part.answers)
        return replace(step, theme=number, parts=left) if left else None

    def _place(self, number: int) -> int | None:
        """The theme of this run that a theme's number stands for."""
        found: int | None = number
        while found is not None and found not in self._now.themes and found in self._became:
            found = self._became[found]
        if found is None:
            self._lost("run_gone", theme=number)
        return found

    def _those_in(
        self, there: frozenset[str], answers: Sequence[str], key: str, **params: object
    ) -> tuple[str, ...]:
        kept = tuple(answer for answer in answers if answer in there)
        if lost := len(answers) - len(kept):
            self._lost(key, lost=lost, of=len(answers), **params)
        return kept

    def _lost(self, key: str, **params: object) -> None:
        self.problems.append(Problem(f"theme_steps.{key}", dict(params)))
