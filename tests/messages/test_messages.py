"""The message catalogue: languages that say the same."""

from __future__ import annotations

import string
import tomllib
from importlib import resources
from typing import Any

import pytest

from themecoder.errors import Problem
from themecoder.messages import LANGUAGES, message, render

CATALOGUE = resources.files("themecoder.messages")
AREAS = sorted({file.name for language in LANGUAGES for file in (CATALOGUE / language).iterdir()})


def texts(language: str, area: str) -> dict[str, str]:
    def walk(node: Any, path: str) -> dict[str, str]:
        if isinstance(node, dict):
            return {
                k: v for name, sub in node.items() for k, v in walk(sub, f"{path}.{name}").items()
            }
        return {path: str(node)}

    file = CATALOGUE / language / area
    return walk(tomllib.loads(file.read_text(encoding="utf-8")), area.removesuffix(".toml"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_all_languages_have_the_same_keys_and_placeholders(area: str) -> None:
    first, *others = (
        {key: placeholders(text) for key, text in texts(language, area).items()}
        for language in LANGUAGES
    )
    assert all(other == first for other in others)


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Problem("files.not_writable", {"reason": "vol"}, file="uit.csv", row=3, column="q7")
    first, second = render(problem, "nl").splitlines()
    assert first.startswith("uit.csv, rij 3, kolom q7: ")
    assert second.startswith("  → ")


def test_an_unknown_key_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        message("files.nothing_like_this")
