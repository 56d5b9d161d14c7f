"""The catalogues keep to docs/glossary.md: one word for one thing, and plurals by the number."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from themecoder.messages import LANGUAGES, message

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
CATALOGUE = resources.files("themecoder.messages")
# What is written as it stands, in every language: placeholders' names, commands, settings, values.
LITERAL = re.compile(
    r"\{\w+(?=[:}.!])|--[\w-]+|themecoder(?: [a-z]+)+|\b\w+ = \S+|\b(?:lead|coder):\S+"
    r"|\b[\w-]+[./]\w[\w./]*|\[\w+\]|\"\w+\""
)
BRACKETED_PLURAL = re.compile(r"\w\((?:en|n|s|'s|es|e|ren|t)\)")
COUNTED = {
    "nl": (
        "antwoorden|coderingen|codes|respondenten|citaten|rijen|vragen|thema's|codeurs|bestanden"
        "|groepen|cellen|taken|beslissingen|besluiten|suggesties|problemen"
    ),
    "en": (
        "answers|codings|codes|respondents|quotes|rows|questions|themes|coders|files|groups|cells"
        "|tasks|decisions|suggestions|problems"
    ),
}
ADJECTIVE = r"(?:\w+e|open|coded|more|new|other|planned|skipped)"
# Numbers that the text itself keeps above one, and who coded, by name.
MANY = {"smallest", "most", "thousand", "q", "fewest", "coders"}


def words(text: str) -> set[str]:
    """Every word and every two words of ``text``, but for what is written as it stands."""
    found = re.findall(r"[^\W\d_]+", LITERAL.sub(" ", text).lower())
    return {*found, *map(" ".join, itertools.pairwise(found))}


@cache
def avoided() -> frozenset[str]:
    rows = re.findall(r"^\|(.+)\|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    header, _, *terms = ([cell.strip() for cell in row.split("|")] for row in rows)
    assert header[-1] == "not in Dutch"
    return frozenset(word.strip() for row in terms for word in row[-1].split(","))


def uncounted(text: str, language: str) -> list[str]:
    """Numbers with a plural that is there for 1 as well."""
    outside = re.sub(r"\|[^{}|]*\{\w+\}[^{}|]*\}", "", text)
    found = re.findall(rf"\{{(\w+)\}} (?:{ADJECTIVE} )?(?:{COUNTED[language]})\b", outside)
    return [*BRACKETED_PLURAL.findall(text), *(name for name in found if name not in MANY)]


def texts(language: str) -> Iterator[tuple[str, str]]:
    def walk(node: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            for name, below in node.items():
                yield from walk(below, f"{path}.{name}")
        else:
            yield path, str(node)

    for file in sorted((CATALOGUE / language).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield from walk(tomllib.loads(file.read_text(encoding="utf-8")), file.name[:-5])


def test_dutch_texts_use_the_word_of_the_glossary() -> None:
    assert {key: bad for key, text in texts("nl") if (bad := words(text) & avoided())} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_has_its_singular(language: str) -> None:
    assert {key: bad for key, text in texts(language) if (bad := uncounted(text, language))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vraag de coders wie je bedoelt", {"coders", "je"}),
        ("Geef de code met --coder anna, of coder:anna: {coder} ({seed})", set()),
        ("alfa 0,8 en Procent gelijk 90", {"procent gelijk"}),
        ("{n:coder|coders}", {"coder", "coders"}),
    ],
)
def test_words_to_avoid_are_found(text: str, found: set[str]) -> None:
    assert words(text) & avoided() == found


def test_plurals_that_follow_no_number_are_found() -> None:
    assert uncounted("{n} gecodeerde antwoorden", "nl") == ["n"]
    assert uncounted("{n} {n:antwoord|antwoorden}", "nl") == []
    assert uncounted("3 row(s)", "en")


def test_a_text_follows_its_number() -> None:
    said = [message("survey.id_empty", "nl", count=n, rows="3") for n in (1, 2)]
    assert said == ["1 rij heeft geen id: rij 3", "2 rijen hebben geen id: rij 3"]
