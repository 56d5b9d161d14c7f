"""A codebook's pieces of text, each with what it says of which code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themecoder.classifier.model import EXAMPLE, EXCLUDES, SAYS
from themecoder.codebook.model import Codebook

_LINES = re.compile(r"\s*(?:;|\n)\s*")


@dataclass(frozen=True, slots=True)
class CodeText:
    """A piece of text of ``code``. ``kind``: ``SAYS``, ``EXAMPLE`` or ``EXCLUDES``; ``instead``:
    the code that an excluding piece sends a coder to, empty where it names none."""

    code: str
    text: str
    kind: int = SAYS
    instead: str = ""


def code_texts(codebook: Codebook) -> list[CodeText]:
    """What the codes that content can be likened to say of themselves, in the codebook's order."""
    found: list[CodeText] = []
    for code in codebook.active:
        found += [CodeText(code.id, text) for text in code.texts]
        found += [CodeText(code.id, example.text, EXAMPLE) for example in code.examples]
        found += _excluding(code.id, code.exclude, codebook)
    return found


def _excluding(code: str, exclude: str, codebook: Codebook) -> Iterator[CodeText]:
    """``What doesn't belong: the_right_code``, one or more, apart by semicolons or lines."""
    names = {}
    for other in codebook.active:
        names[other.label.casefold()] = other.id
        names[other.id.casefold()] = other.id
    for line in filter(None, _LINES.split(exclude.strip())):
        text, _, name = line.rpartition(":")
        instead = names.get(name.strip().casefold(), "")
        yield CodeText(code, text.strip() if instead else line, EXCLUDES, instead)
