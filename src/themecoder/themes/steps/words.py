"""A step in words, as a person reads it."""

from __future__ import annotations

from themecoder.messages import message
from themecoder.themes.steps.model import (
    AdoptTheme,
    DiscardTheme,
    Entry,
    KeepApart,
    MergeThemes,
    MoveAnswers,
    RenameTheme,
    SplitTheme,
)


def step_words(step: Entry, language: str) -> str:
    """What a step does, in a few words, with the numbers of its themes."""
    key: str = step.step
    params: dict[str, object] = {}
    match step:
        case RenameTheme():
            params = {"theme": step.theme, "label": step.label}
        case MergeThemes():
            params = {"themes": ", ".join(map(str, step.themes)), "into": step.into}
        case SplitTheme():
            parts = ", ".join(f"{part.new} ({len(part.answers)})" for part in step.parts)
            params = {"theme": step.theme, "parts": parts}
        case MoveAnswers():
            key = "move_out" if step.into is None else "move_in" if step.theme is None else "move"
            params = {"answers": len(step.answers), "theme": step.theme, "into": step.into}
        case KeepApart():
            params = {"first": step.themes[0], "second": step.themes[1]}
        case DiscardTheme():
            params = {"theme": step.theme}
        case AdoptTheme():
            key = "adopt_new" if step.new else "adopt"
            params = {"theme": step.theme, "code": step.code}
        case _:
            pass
    return message(f"theme_steps.step.{key}", language, **params)
