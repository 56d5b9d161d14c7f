"""Commands as a user gives them: in the process of the tests, or in a process of their own.

A process of its own spends most of its time on loading libraries and models. Every command is run
so at least once (the first command of each document in test_docs.py, and where two results must
not depend on the process that made them); the other calls are made in the process of the tests.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from themecoder.cli import app

THEMECODER = str(Path(sys.executable).with_name("themecoder"))
Finished = subprocess.CompletedProcess[str]


def called(*words: str) -> Finished:
    """The command in this process. What it does not catch itself fails the test."""
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, prog_name="themecoder")
    return Finished([THEMECODER, *words], result.exit_code, result.stdout, result.stderr)


def themecoder(study: Path, *words: str) -> Finished:
    """The command on a study, in this process."""
    return called(*words, "--study", str(study))


def in_own_process(
    study: Path, *words: str, preexec_fn: Callable[[], None] | None = None
) -> Finished:
    """The command on a study, as the shell of a user starts it."""
    command = [THEMECODER, *words, "--study", str(study)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=preexec_fn
    )


def done(study: Path, *words: str) -> str:
    """What a command that must succeed prints."""
    found = themecoder(study, *words)
    assert found.returncode == 0, found.stderr
    return found.stdout


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, to see what a command changed."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
