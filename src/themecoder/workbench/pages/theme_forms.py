"""The forms of the page of themes: which step each asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from themecoder.codebook.origins import fresh_id
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.themes.steps.words import step_words
from themecoder.themes.study_steps import ThemeWork
from themecoder.workbench.forms import trimmed
from themecoder.workbench.pages.theme_view import NO_THEME
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True)
class Asked:
    """A form that asks for a step on ``theme``; ``seen`` is the version that it was shown on."""

    study: StudyFolder
    work: ThemeWork
    question: str
    theme: int
    form: FormData

    @property
    def seen(self) -> str:
        return trimmed(self.form, "seen")

    @property
    def others(self) -> list[int]:
        """The other themes that were chosen."""
        chosen = [str(one) for one in self.form.getlist("themes")]
        return [int(one) for one in chosen if one.isdecimal() and int(one) != self.theme]

    @property
    def answers(self) -> list[str]:
        return [str(one) for one in self.form.getlist("answers")]


def take_step(study: StudyFolder, question: str, form: FormData) -> tuple[int | None, str]:
    """Take the step that ``form`` asks for; the theme to show then, and what is said of it."""
    work, kind, theme = ThemeWork(study), trimmed(form, "do"), number_of(form, "theme")
    language = study.config.interface_language
    if kind == "undo":
        undone = work.undo(question, seen=trimmed(form, "seen"))
        told = message("theme_steps.undone", language, step=step_words(undone.step, language))
        if undone.stays:
            told += " " + message("theme_steps.code_stays", language, code=undone.stays)
        return getattr(undone.step, "theme", theme), told
    if kind == "redo":
        step = work.redo(question, seen=trimmed(form, "seen"))
        told = message("theme_steps.redone", language, step=step_words(step, language))
        return getattr(step, "theme", theme), told
    if theme is None or kind not in _STEPS:
        raise InputError(Problem("workbench_themes.no_choice"))
    shown = _STEPS[kind](Asked(study, work, question, theme, form))
    done = work.themes(question).counting.done
    return shown, step_words(done[-1], language) if done else ""


def _rename(asked: Asked) -> int:
    label = trimmed(asked.form, "label")
    asked.work.rename(asked.question, asked.theme, label, seen=asked.seen)
    return asked.theme


def _merge(asked: Asked) -> int:
    asked.work.merge(asked.question, asked.others, asked.theme, seen=asked.seen)
    return asked.theme


def _apart(asked: Asked) -> int:
    if len(asked.others) != 1:
        raise InputError(Problem("workbench_themes.one_other"))
    asked.work.keep_apart(asked.question, asked.theme, asked.others[0], seen=asked.seen)
    return asked.theme


def _move(asked: Asked) -> int:
    theme, into = (
        None if end == NO_THEME else end for end in (asked.theme, number_of(asked.form, "into"))
    )
    asked.work.move(asked.question, asked.answers, theme, into, seen=asked.seen)
    return asked.theme


def _split(asked: Asked) -> int:
    parts = [(trimmed(asked.form, "part_label"), asked.answers)]
    return asked.work.split(asked.question, asked.theme, parts, seen=asked.seen)[0]


def _split_like(asked: Asked) -> int:
    alike = asked.work.like(asked.question, asked.theme, asked.answers)
    parts = [(trimmed(asked.form, "part_label"), alike)]
    made = asked.work.split(asked.question, asked.theme, parts, by="example", seen=asked.seen)
    return made[0]


def _split_groups(asked: Asked) -> int:
    number = number_of(asked.form, "number") or 0
    groups = asked.work.groups(asked.question, asked.theme, number)
    parts = [("", group) for group in groups[1:]]
    asked.work.split(asked.question, asked.theme, parts, by="groups", seen=asked.seen)
    return asked.theme


def _discard(asked: Asked) -> int:
    why = trimmed(asked.form, "why")
    asked.work.discard(asked.question, asked.theme, why=why, seen=asked.seen)
    return asked.theme


def _adopt(asked: Asked) -> int:
    code, why = trimmed(asked.form, "code"), trimmed(asked.form, "why")
    asked.work.adopt(asked.question, asked.theme, code=code, why=why, seen=asked.seen)
    return asked.theme


def _make_code(asked: Asked) -> int:
    group, group_label = trimmed(asked.form, "group"), trimmed(asked.form, "group_label")
    if group_label:
        groups = asked.study.codebooks.draft()[1].book.groups
        known = {one.label.casefold(): one.id for one in groups}
        fresh = fresh_id(group_label, [one.id for one in groups])
        group = known.get(group_label.casefold(), fresh)
    asked.work.adopt(
        asked.question,
        asked.theme,
        new=trimmed(asked.form, "label"),
        group=group,
        group_label=group_label,
        definition=trimmed(asked.form, "definition"),
        why=trimmed(asked.form, "why"),
        seen=asked.seen,
    )
    return asked.theme


_STEPS: Mapping[str, Callable[[Asked], int]] = {
    "rename": _rename,
    "merge": _merge,
    "apart": _apart,
    "move": _move,
    "split": _split,
    "like": _split_like,
    "groups": _split_groups,
    "discard": _discard,
    "adopt": _adopt,
    "new": _make_code,
}


def number_of(form: FormData, name: str) -> int | None:
    text = trimmed(form, name)
    return int(text) if text.isdecimal() else None
