"""The message catalogue: every text that a user reads, in Dutch and English.

One TOML file per language and area (``messages/nl/survey.toml``); a key is ``area.name`` and may be
nested. A test holds the languages against each other: the same keys, the same placeholders.
Singular and plural stand behind a number's name: ``{n} {n:antwoord staat|antwoorden staan}``.
"""

from __future__ import annotations

import errno
import os
import string
import tomllib
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from themecoder.errors import Problem, say_problems_by

LANGUAGES = ("nl", "en")
_TEXT_FILES = (".yaml", ".yml", ".toml", ".jsonl", ".json", ".qdc", ".jinja", ".j2", ".html")


@lru_cache(maxsize=64)
def _read_area(language: str, area: str) -> dict[str, Any]:
    file = resources.files(__name__) / language / f"{area}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def lookup(key: str, language: str) -> str | None:
    """The raw template of a key, or None where the catalogue has none.

    In a language without a catalogue that is the English one.
    """
    area, *path = key.split(".")
    try:
        node: Any = _read_area(language if language in LANGUAGES else "en", area)
    except FileNotFoundError:
        return None
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node = node.get("text")
    return node if isinstance(node, str) else None


def section(key: str, language: str) -> dict[str, str]:
    """The texts below a key that have no placeholders, by the last part of their keys."""
    area, _, name = key.partition(".")
    return dict(_read_area(language if language in LANGUAGES else "en", area)[name])


def message(key: str, language: str = "nl", /, **params: Any) -> str:
    """The text of ``key`` in ``language`` with its placeholders filled.

    Raises KeyError for a key that is in no catalogue: a programmer's error, found by the tests.
    """
    template = lookup(key, language)
    if template is None:
        raise KeyError(f"no message {key!r} in {language!r}")
    return _WORDS.vformat(template, (), params)


class _Words(string.Formatter):
    """Fills placeholders; ``{n:one|many}`` is ``one`` where n is 1, else ``many``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if str(value).strip() == "1" else many
        return str(super().format_field(value, format_spec))


_WORDS = _Words()


def render(problem: Problem, language: str = "nl") -> str:
    """A problem as a person reads it: where, what, and on a second line what to do."""
    where = str(problem.file) if problem.file is not None else ""
    if problem.row is not None:
        where += ("," if where else "") + " " + line_of(problem.file, problem.row, language)
    if problem.column is not None:
        column = message("common.column", language, column=problem.column)
        where += ("," if where else "") + " " + column
    params = _in_words(problem.params, language)
    text = message(problem.key, language, **params)
    remedy = lookup(f"{problem.key}.remedy", language)
    lines = [f"{where.strip()}: {text}" if where else text]
    if remedy:
        lines.append("  → " + _WORDS.vformat(remedy, (), params))
    return "\n".join(lines)


def _in_words(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """``params`` with the reason that the system gave in the words of the catalogue, where it has
    them: the system speaks English, whatever the language of the study."""
    words = {
        os.strerror(getattr(errno, name)): text
        for name, text in section("common.system", language).items()
        if hasattr(errno, name)
    }
    return {
        name: words.get(value, value) if name == "reason" else value
        for name, value in params.items()
    }


def line_of(file: Path | str | None, row: int, language: str = "nl") -> str:
    """A place in ``file`` in words: texts have lines, Word files paragraphs, tables rows."""
    suffix = Path(file or "").suffix.lower()
    kind = "line" if suffix in _TEXT_FILES else "paragraph" if suffix == ".docx" else "row"
    return message(f"common.{kind}", language, row=row)


def speak(language: str) -> None:
    """Errors that nobody catches, as in a notebook, are in ``language`` from here on."""
    say_problems_by(partial(render, language=language))


speak(os.environ.get("THEMECODER_LANGUAGE", LANGUAGES[0]))
