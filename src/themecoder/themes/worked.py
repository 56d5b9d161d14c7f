"""The themes of a question as a person has worked on them: the last run, and the steps on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from themecoder.codebook.files.origins import read_origins
from themecoder.codebook.origins import ADOPTED, DISCARDED, Origin
from themecoder.themes.model import Assignment, Theme
from themecoder.themes.steps.apply import WorkedTheme, WorkedThemes
from themecoder.themes.steps.journal import Counting, counting, highest_number
from themecoder.themes.steps.model import AdoptTheme, DiscardTheme, ThemeStep
from themecoder.themes.steps.replay import NotReplayed, replay
from themecoder.themes.steps.study_file import kept_steps
from themecoder.themes.store import StoredThemes, required_themes
from themecoder.workspace.folder import StudyFolder

_REPRESENTATIVES = 5


@dataclass(frozen=True)
class Worked:
    """The themes of ``question`` after the steps that count. ``missed``: what of them could not be
    done on this run. ``start``: the themes as the run left them; ``next_number`` is free."""

    question: str
    stored: StoredThemes
    counting: Counting
    start: WorkedThemes
    themes: WorkedThemes
    missed: tuple[NotReplayed, ...]
    next_number: int

    @cached_property
    def mined(self) -> dict[int, Theme]:
        """The themes of the run, by number."""
        return {theme.id: theme for theme in self.stored.themes.themes}

    @cached_property
    def _parts(self) -> dict[str, list[Assignment]]:
        parts: dict[str, list[Assignment]] = {}
        for part in self.stored.themes.assignments:
            parts.setdefault(part.answer_id, []).append(part)
        return parts

    def named(self, number: int) -> bool:
        """Whether a person named the theme: a label of a run is put together from words of
        answers."""
        as_mined = self.start.themes.get(number)
        return as_mined is None or as_mined.label != self.themes.themes[number].label

    def parts(self, theme: WorkedTheme, answer: str) -> tuple[Assignment, ...]:
        """The parts of an answer that put it in the theme; none where a person moved it there."""
        return tuple(part for part in self._parts[answer] if part.theme in theme.mined)

    def firmest(self, theme: WorkedTheme) -> list[str]:
        """The theme's answers, firmest first; those that a person moved there last."""
        strength = {
            answer: max((part.strength for part in self.parts(theme, answer)), default=-1.0)
            for answer in theme.answers
        }
        return sorted(strength, key=lambda answer: (-strength[answer], answer))

    def as_theme(self, number: int) -> Theme:
        """The worked theme as one of a run: what it is called, how large it is, what it says.

        ``stability`` is that of the theme of the run that it goes back to, which alone was
        measured. What a part of a theme says is not known: it has no keywords of its own.
        """
        theme = self.themes.themes[number]
        base = self.mined[theme.mined[0]]
        as_it_was = self.start.themes.get(number)
        if as_it_was and replace(theme, decision="", codes=(), why="") == as_it_was:
            return base
        sources = [self.mined[m] for m in theme.mined if m in self.mined]
        words: dict[str, float] = {}
        if base.id == number:
            for source in sources:
                for word, weight in source.keywords:
                    words[word] = max(weight, words.get(word, 0.0))
        shown = [a for source in sources for a in source.representatives if a in theme.answers]
        shown += self.firmest(theme)[:_REPRESENTATIVES]
        return replace(
            base,
            id=number,
            label=theme.label,
            size=len(theme.answers),
            keywords=tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))),
            representatives=tuple(dict.fromkeys(shown))[:_REPRESENTATIVES],
            segments=tuple(
                part for s in sources for part in s.segments if part.answer_id in theme.answers
            ),
        )


def worked_themes(study: StudyFolder, question: str) -> Worked:
    """The themes of a question's last run, with all that a person did done on them.

    Raises InputError before the first run, and where the file of steps can't be read.
    """
    stored = required_themes(study, question)
    entries = kept_steps(study, question)
    counts = counting(entries)
    start = start_of(stored)
    decided = _with_decisions(start, _decided_before(study, question, counts.done))
    replayed = replay(decided, counts.done, stored.became)
    next_number = max(stored.next_id, highest_number(entries) + 1)
    return Worked(question, stored, counts, start, replayed.themes, replayed.missed, next_number)


def start_of(stored: StoredThemes) -> WorkedThemes:
    """The themes of a run before any step."""
    answers: dict[int, set[str]] = {theme.id: set() for theme in stored.themes.themes}
    for part in stored.themes.assignments:
        if part.theme is not None:
            answers[part.theme].add(part.answer_id)
    labels = {theme.id: theme.label for theme in stored.themes.themes}
    themes = {
        number: WorkedTheme(number, labels[number], frozenset(answers[number]), (number,))
        for number in sorted(answers)
    }
    return WorkedThemes(themes, frozenset(part.answer_id for part in stored.themes.assignments))


def _with_decisions(start: WorkedThemes, decided: Sequence[Origin]) -> WorkedThemes:
    themes = dict(start.themes)
    for origin in decided:
        if origin.theme in themes:
            theme, discarded = themes[origin.theme], origin.decision == DISCARDED
            themes[origin.theme] = replace(
                theme,
                decision=DISCARDED if discarded else ADOPTED,
                codes=() if discarded else (*theme.codes, origin.code),
                why=origin.why,
            )
    return replace(start, themes=themes)


def _decided_before(study: StudyFolder, question: str, done: Sequence[ThemeStep]) -> list[Origin]:
    """The decisions in origins.csv that no step that counts made: from before there were steps."""
    if study.config.codebook is None:
        return []
    by_step = {(s.theme, s.code) for s in done if isinstance(s, AdoptTheme)}
    by_step |= {(s.theme, "") for s in done if isinstance(s, DiscardTheme)}
    origins = read_origins(study.codebooks.folder)
    return [o for o in origins if o.question == question and (o.theme, o.code) not in by_step]
