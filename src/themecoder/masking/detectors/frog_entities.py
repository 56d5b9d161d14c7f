"""The entities that Frog recognises (``apt install frog``), as a second eye of the strict level.

Frog is a program of its own (GPL) that is started once and asked by a pipe; no port is opened. It
takes much for a name that is none ("AI" is a person), so that the normal level leaves it out.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from themecoder.errors import Problem, ServiceError
from themecoder.masking.model import Mask

_KINDS = {"PER": "name", "LOC": "place", "ORG": "institution"}
# a sentence of its own after each text: when it comes back, all of the text has come back
_END = "xeindevandetekstx"


def frog_program() -> str | None:
    """Where Frog is installed; None where it is not."""
    return shutil.which("frog")


class FrogDetector:
    """Marks the people, places and organisations that Frog sees; started at the first text."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, text: str) -> list[Mask]:
        rows = [line.split("\t") for line in self._lines(" ".join(text.split()))]
        return list(_masks(text, [(row[1], row[6]) for row in rows if len(row) > 6]))

    def _lines(self, text: str) -> Iterator[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [self._program, "--skip=mcpa"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                # it looks for left-overs of its own in the folder that it runs in
                cwd=tempfile.gettempdir(),
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(f"{text}\n\n{_END}\n\n")
            self._process.stdin.flush()
        except OSError:
            raise _stopped(self._program) from None
        for line in self._process.stdout:
            if _END in line:
                return
            yield line.rstrip("\n")
        raise _stopped(self._program)


def _stopped(program: str) -> ServiceError:
    return ServiceError(Problem("masking.frog_stopped", {"program": Path(program).name}))


def _masks(text: str, tokens: list[tuple[str, str]]) -> Iterator[Mask]:
    """The masks of tokens with their labels (B-PER, I-PER, O), each found again in the text."""
    position, start, end, kind = 0, 0, 0, ""
    for token, label in [*tokens, ("", "O")]:
        at = text.find(token, position)
        position = at + len(token) if at >= 0 else position
        if kind and (label != f"I-{kind}" or at < 0):
            if kind in _KINDS:
                yield Mask(start, end, _KINDS[kind], text[start:end], "frog.entity")
            kind = ""
        if label.startswith("B-") and at >= 0:
            start, kind = at, label[2:]
        if kind:
            end = position
