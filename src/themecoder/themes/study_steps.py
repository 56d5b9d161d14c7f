"""Working on the candidate themes of a study: each step is kept, and can be undone and redone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from themecoder.codebook.origins import Origin
from themecoder.themes.adoption import adopt, decide_again, discard, take_back
from themecoder.themes.dividing import groups_of, like_examples
from themecoder.themes.steps.apply import apply_step, refused
from themecoder.themes.steps.files.steps_file import NAME, KeptEntry, steps_text
from themecoder.themes.steps.model import (
    AdoptTheme,
    DiscardTheme,
    Entry,
    KeepApart,
    MergeThemes,
    MoveAnswers,
    Redo,
    RenameTheme,
    SplitPart,
    SplitTheme,
    ThemeStep,
    Undo,
)
from themecoder.themes.steps.study_file import all_steps
from themecoder.themes.work_version import check_seen, work_version
from themecoder.themes.worked import Worked, worked_themes
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class Undone:
    """The step that counts no more; ``stays``: the code that it made and that is still there, as
    somebody has worked on it since."""

    step: ThemeStep
    stays: str = ""


class ThemeWork:
    """What a person does with the candidate themes of a study.

    ``seen`` is the version (``version``) of what the person saw when they decided on a step: on
    any other the step is refused with what was done since. Without it a step is done on what is.

    >>> study.theme_work.merge("q18", [5, 9], into=3)
    >>> study.theme_work.undo("q18")
    """

    def __init__(self, study: StudyFolder) -> None:
        self._study = study

    def themes(self, question: str) -> Worked:
        """The themes of the last run with all steps done on them, and what of them could not be."""
        return worked_themes(self._study, self._study.question(question))

    def version(self, question: str) -> str:
        """The version of the themes and of the steps on them."""
        return work_version(self._study, self._study.question(question))

    def rename(self, question: str, theme: int, label: str, *, seen: str = "") -> None:
        """Call a theme ``label``."""
        self._do(question, RenameTheme(theme, label.strip()), seen)

    def merge(self, question: str, themes: Sequence[int], into: int, *, seen: str = "") -> None:
        """Put the answers of ``themes`` into the theme ``into``."""
        self._do(question, MergeThemes(tuple(themes), into), seen)

    def keep_apart(self, question: str, first: int, second: int, *, seen: str = "") -> None:
        """Two themes stay two: neither a person nor a later run puts them together unseen."""
        self._do(question, KeepApart((first, second)), seen)

    def move(
        self,
        question: str,
        answers: Sequence[str],
        theme: int | None,
        into: int | None,
        *,
        seen: str = "",
    ) -> None:
        """Move answers from one theme to another; None for no theme."""
        self._do(question, MoveAnswers(tuple(sorted(set(answers))), theme, into), seen)

    def split(
        self,
        question: str,
        theme: int,
        parts: Sequence[tuple[str, Sequence[str]]],
        *,
        by: Literal["answers", "groups", "example"] = "answers",
        seen: str = "",
    ) -> tuple[int, ...]:
        """Take parts, (label, answers) each, out of a theme; their numbers, never used before.

        An empty label is that of the theme with the number of the part.
        """
        with self._study.locked():
            check_seen(self._study, self._study.question(question), seen)
            worked = worked_themes(self._study, question)
            known = worked.themes.themes.get(theme)
            made = tuple(
                SplitPart(
                    number,
                    label.strip() or f"{known.label if known else ''} ({number})",
                    tuple(sorted(set(answers))),
                )
                for number, (label, answers) in enumerate(parts, worked.next_number)
            )
            self._keep(worked, SplitTheme(theme, made, by))
        return tuple(part.new for part in made)

    def groups(self, question: str, theme: int, number: int) -> tuple[tuple[str, ...], ...]:
        """The answers of a theme in ``number`` groups of those that are alike, largest first."""
        return groups_of(self._study, self.themes(question), theme, number)

    def like(self, question: str, theme: int, examples: Sequence[str]) -> tuple[str, ...]:
        """The answers of a theme that are more like the ``examples`` than like the others."""
        return like_examples(self._study, self.themes(question), theme, examples)

    def adopt(
        self,
        question: str,
        theme: int,
        *,
        code: str | None = None,
        new: str | None = None,
        group: str = "",
        group_label: str = "",
        definition: str = "",
        why: str = "",
        again: bool = False,
        seen: str = "",
    ) -> Origin:
        """Make a code of a theme, or take it into one: see ``themes.adoption.adopt``."""
        return adopt(
            self._study,
            self._study.question(question),
            theme,
            code=code,
            new=new,
            group=group,
            group_label=group_label,
            definition=definition,
            why=why,
            again=again,
            seen=seen,
        )

    def discard(
        self, question: str, theme: int, *, why: str = "", again: bool = False, seen: str = ""
    ) -> Origin:
        """Put down that a theme becomes no code, and why."""
        question = self._study.question(question)
        return discard(self._study, question, theme, why=why, again=again, seen=seen)

    def undo(self, question: str, *, seen: str = "") -> Undone:
        """Undo the last step on the themes of a question. Raises InputError where there is none."""
        with self._study.locked():
            check_seen(self._study, self._study.question(question), seen)
            worked = worked_themes(self._study, question)
            if not worked.counting.done:
                raise refused("nothing_to_undo", question=question)
            step = worked.counting.done[-1]
            if isinstance(step, AdoptTheme | DiscardTheme):
                return Undone(step, take_back(self._study, question, step))
            self._write(question, Undo())
            return Undone(step)

    def redo(self, question: str, *, seen: str = "") -> ThemeStep:
        """Do again what was undone last. Raises InputError where there is nothing."""
        with self._study.locked():
            check_seen(self._study, self._study.question(question), seen)
            worked = worked_themes(self._study, question)
            if not worked.counting.undone:
                raise refused("nothing_to_redo", question=question)
            step = worked.counting.undone[-1]
            if isinstance(step, AdoptTheme | DiscardTheme):
                decide_again(self._study, worked, step)
            else:
                self._write(question, Redo())
            return step

    def _do(self, question: str, step: ThemeStep, seen: str) -> None:
        with self._study.locked():
            check_seen(self._study, self._study.question(question), seen)
            self._keep(worked_themes(self._study, question), step)

    def _keep(self, worked: Worked, step: ThemeStep) -> None:
        apply_step(worked.themes, step)
        self._write(worked.question, step)

    def _write(self, question: str, entry: Entry) -> None:
        steps = (*all_steps(self._study), KeptEntry(question, entry))
        self._study.codebooks.write_beside({NAME: steps_text(steps)})
