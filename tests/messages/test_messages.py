"""The message catalogue: languages that say the same."""

from __future__ import annotations

import errno
import os
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from themecoder.backup.formats.archive import is_encrypted
from themecoder.errors import InputError, Problem
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_system_says_is_said_in_the_study_s_language(
    language: str, tmp_path: Path
) -> None:
    missing, file = tmp_path / "nix", tmp_path / "bestand"
    file.touch()
    seen = set()
    for path in (missing, tmp_path, file / "daarin", tmp_path / ("n" * 300)):
        with pytest.raises(InputError) as caught:
            is_encrypted(path)
        (problem,) = caught.value.problems
        assert problem.params["reason"] not in render(problem, language)
        seen.add(render(problem, language).splitlines()[0].removeprefix(str(path)))
    assert len(seen) == 4
    problem = Problem("backup.not_readable", {"reason": os.strerror(errno.ENOENT)})
    assert "(bestaat niet)" in render(problem, "nl")
