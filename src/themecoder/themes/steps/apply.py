"""Steps applied to candidate themes: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from themecoder.codebook.origins import ADOPTED, DISCARDED
from themecoder.errors import InputError, Problem
from themecoder.themes.steps.model import (
    AdoptTheme,
    DiscardTheme,
    KeepApart,
    MergeThemes,
    MoveAnswers,
    RenameTheme,
    SplitTheme,
    ThemeStep,
)


@dataclass(frozen=True, slots=True)
class WorkedTheme:
    """A theme after the steps. ``mined``: the themes of the run that its answers come from, its
    own number first where it is one of them. ``decision``: adopted (into ``codes``), discarded, or
    empty as long as it is open.
    """

    id: int
    label: str
    answers: frozenset[str]
    mined: tuple[int, ...]
    decision: str = ""
    codes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class WorkedThemes:
    """The themes of a question after the steps, by number; ``known``: its answers with content,
    ``apart``: pairs that stay two, ``merged``: the number that a theme's answers went to."""

    themes: Mapping[int, WorkedTheme]
    known: frozenset[str]
    apart: frozenset[tuple[int, int]] = frozenset()
    merged: Mapping[int, int] = field(default_factory=dict)

    @property
    def in_theme(self) -> frozenset[str]:
        """The answers in one theme or more."""
        return frozenset[str]().union(*(theme.answers for theme in self.themes.values()))

    @property
    def settled(self) -> frozenset[str]:
        """The answers of which every theme is decided on."""
        still_open = (t.answers for t in self.themes.values() if not t.decision)
        return self.in_theme.difference(*still_open)


def apply(before: WorkedThemes, steps: Iterable[ThemeStep]) -> WorkedThemes:
    """The themes after ``steps``. Raises InputError for a step that can't be done as it stands."""
    for step in steps:
        before = apply_step(before, step)
    return before


def apply_step(before: WorkedThemes, step: ThemeStep) -> WorkedThemes:
    """The themes after one step. Raises InputError where it can't be done, with why."""
    match step:
        case RenameTheme():
            after = _rename(before, step)
        case MergeThemes():
            after = _merge(before, step)
        case SplitTheme():
            after = _split(before, step)
        case MoveAnswers():
            after = _move(before, step)
        case KeepApart():
            after = _keep_apart(before, step)
        case DiscardTheme() | AdoptTheme():
            after = _decide(before, step)
    return after


def refused(key: str, **params: object) -> InputError:
    """What is said of a step that can't be done."""
    return InputError(Problem(f"theme_steps.{key}", dict(params)))


def _decide(before: WorkedThemes, step: DiscardTheme | AdoptTheme) -> WorkedThemes:
    theme = _need(before, step.theme)
    if isinstance(step, DiscardTheme):
        if theme.decision == ADOPTED and not step.replaced:
            raise refused("is_adopted", theme=theme.id, codes=", ".join(theme.codes))
        return _with(before, replace(theme, decision=DISCARDED, codes=(), why=step.why))
    if theme.decision == DISCARDED and not step.replaced:
        raise refused("is_discarded", theme=theme.id)
    codes = tuple(dict.fromkeys([*theme.codes, step.code]))
    return _with(before, replace(theme, decision=ADOPTED, codes=codes, why=step.why))


def _rename(before: WorkedThemes, step: RenameTheme) -> WorkedThemes:
    theme = _need(before, step.theme)
    if not step.label.strip():
        raise refused("no_label", theme=theme.id)
    return _with(before, replace(theme, label=step.label.strip()))


def _merge(before: WorkedThemes, step: MergeThemes) -> WorkedThemes:
    into = _need(before, step.into)
    parts = [_need(before, number) for number in step.themes]
    if not parts or into.id in step.themes or len(set(step.themes)) != len(parts):
        raise refused("merge_itself", into=into.id)
    if into.decision == DISCARDED:
        raise refused("is_discarded", theme=into.id)
    for part in parts:
        if part.decision == ADOPTED:
            raise refused("is_adopted", theme=part.id, codes=", ".join(part.codes))
        if part.decision == DISCARDED:
            raise refused("is_discarded", theme=part.id)
    together = sorted({into.id, *step.themes})
    for first, second in before.apart:
        if first in together and second in together:
            raise refused("kept_apart", first=first, second=second)
    whole = replace(
        into,
        answers=into.answers.union(*(part.answers for part in parts)),
        mined=tuple(dict.fromkeys([*into.mined, *(m for part in parts for m in part.mined)])),
    )
    gone = {part.id for part in parts}
    themes = {n: theme for n, theme in before.themes.items() if n not in gone}
    # what was to be kept apart from a part is now to be kept apart from the whole
    apart = frozenset(
        _pair(*(into.id if number in gone else number for number in pair)) for pair in before.apart
    )
    merged = {**before.merged, **dict.fromkeys(sorted(gone), into.id)}
    return _with(replace(before, themes=themes, apart=apart, merged=merged), whole)


def _split(before: WorkedThemes, step: SplitTheme) -> WorkedThemes:
    theme = _need(before, step.theme)
    taken: set[str] = set()
    for part in step.parts:
        if not part.label.strip():
            raise refused("no_label", theme=part.new)
        if part.new in before.themes or part.new in before.merged:
            raise refused("number_used", theme=part.new)
        strange = sorted(set(part.answers) - theme.answers)
        if strange:
            raise refused("not_in_theme", theme=theme.id, answers=", ".join(strange[:5]))
        if not part.answers or taken & set(part.answers):
            raise refused("split_nothing", theme=theme.id)
        taken.update(part.answers)
    if not step.parts or taken == theme.answers:
        raise refused("split_nothing", theme=theme.id)
    after = _with(before, replace(theme, answers=theme.answers - taken))
    for part in step.parts:
        new = WorkedTheme(part.new, part.label.strip(), frozenset(part.answers), theme.mined)
        after = _with(after, new)
    return after


def _move(before: WorkedThemes, step: MoveAnswers) -> WorkedThemes:
    answers = frozenset(step.answers)
    strange = sorted(answers - before.known)
    if strange:
        raise refused("no_answer", answers=", ".join(strange[:5]))
    if not answers or step.theme == step.into:
        raise refused("move_nothing")
    after = before
    if step.theme is not None:
        theme = _need(after, step.theme)
        after = _with(after, replace(theme, answers=theme.answers - answers))
    if step.into is not None:
        into = _need(after, step.into)
        after = _with(after, replace(into, answers=into.answers | answers))
    return after


def _keep_apart(before: WorkedThemes, step: KeepApart) -> WorkedThemes:
    first, second = (_need(before, number).id for number in step.themes)
    if first == second:
        raise refused("merge_itself", into=first)
    return replace(before, apart=before.apart | {_pair(first, second)})


def _pair(first: int, second: int) -> tuple[int, int]:
    return (first, second) if first < second else (second, first)


def _need(before: WorkedThemes, number: int) -> WorkedTheme:
    theme = before.themes.get(number)
    if theme is not None:
        return theme
    if number in before.merged:
        raise refused("is_merged", theme=number, into=end_of(before.merged, number))
    known: Sequence[int] = sorted(before.themes)
    raise refused("no_theme", theme=number, known=", ".join(map(str, known)))


def end_of(became: Mapping[int, int], number: int) -> int:
    """The theme in which ``number`` is now, through all that it went into."""
    while number in became:
        number = became[number]
    return number


def _with(before: WorkedThemes, theme: WorkedTheme) -> WorkedThemes:
    themes = {**before.themes, theme.id: theme}
    return replace(before, themes={number: themes[number] for number in sorted(themes)})
