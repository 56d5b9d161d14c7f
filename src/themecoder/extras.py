"""What is no part of the light core: an extra of themecoder that is missing, and how to get it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from themecoder.errors import InputError, Problem


@contextmanager
def of_extra(extra: str) -> Iterator[None]:
    """Around an import of what comes with ``extra`` of pyproject.toml.

    Raises InputError where that is not installed, with the line to type. A package that is there
    and can't be loaded is another matter, as is a module of our own.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "themecoder") or find_spec(package) is not None:
            raise
        params = {"extra": extra, "package": package, "command": install_command(extra)}
        raise InputError(Problem("common.extra_missing", params)) from error


def installer() -> list[str]:
    """The words that install packages beside this themecoder; where this Python has no pip, as in
    uv's tools, by uv."""
    if find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]


def install_command(extra: str) -> str:
    """The line to type for an extra."""
    return " ".join([*installer(), f'"themecoder[{extra}]"'])
