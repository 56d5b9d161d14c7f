"""Frog as a second eye: with a program that answers as Frog does, and with Frog where it is."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from themecoder.errors import ServiceError
from themecoder.masking.detectors.frog_entities import FrogDetector, frog_program

# Frog's columns; what has a capital is a person, but for the first word
_PROGRAM = """#!{python}
import sys
if "dies" in sys.argv[0]:
    sys.exit(1)
for line in sys.stdin:
    before = "O"
    for number, token in enumerate(line.split(), 1):
        named = number > 1 and token[0].isupper()
        label = ("I-PER" if before != "O" else "B-PER") if named else "O"
        print(number, token, token.lower(), "", "N()", "1.0", label, "", sep="\\t")
        before = label
    print(flush=True)
"""


def program(folder: Path, name: str = "frog") -> str:
    file = folder / name
    file.write_text(_PROGRAM.format(python=sys.executable), "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Frog is a program of Linux and macOS")
def test_entities_are_found_again_in_the_text(tmp_path: Path) -> None:
    """One process reads one text after the other; line breaks and double spaces stay."""
    detector = FrogDetector(program(tmp_path))
    text = "ik  sprak Wubbo\nde Jong en Ank Vos"
    found = [(m.text, m.kind, text[m.start : m.end]) for m in detector(text)]
    assert found == [
        ("Wubbo", "name", "Wubbo"),
        ("Jong", "name", "Jong"),
        ("Ank Vos", "name", "Ank Vos"),
    ]
    assert detector("") == []
    assert [m.text for m in detector("Nu Bea")] == ["Bea"]


@pytest.mark.skipif(sys.platform == "win32", reason="Frog is a program of Linux and macOS")
def test_a_frog_that_stops_is_told(tmp_path: Path) -> None:
    detector = FrogDetector(program(tmp_path, "frog_that_dies"))
    with pytest.raises(ServiceError):
        detector("Nu Bea")


@pytest.mark.slow
@pytest.mark.skipif(frog_program() is None, reason="Frog is not installed")
def test_frog_itself() -> None:
    installed = frog_program()
    assert installed is not None
    detector = FrogDetector(installed)
    text = "Mijn zus Marieke de Vries woont in Ter Apel."
    assert [(m.text, m.kind) for m in detector(text)] == [
        ("Marieke de Vries", "name"),
        ("Ter Apel", "place"),
    ]
    assert detector("Ik niet.") == []
