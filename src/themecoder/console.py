"""What every command shares: options, messages, progress, tables, errors and exit codes."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from themecoder.errors import InputError, Problem, ThemecoderError
from themecoder.messages import LANGUAGES, message, render
from themecoder.storage.atomic import write_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress

# The help of options is in the catalogue (messages/*/options.toml), by command and option.
Questions = Annotated[list[str] | None, typer.Option("--question", "-q")]
Url = Annotated[str | None, typer.Option("--url")]
Insecure = Annotated[bool, typer.Option("--insecure")]
StudyOption = Annotated[Path, typer.Option("--study")]
SourceOption = Annotated[str | None, typer.Option("--source")]
AcceptPartialOption = Annotated[bool, typer.Option("--accept-partial")]
ClusterOption = Annotated[str | None, typer.Option("--cluster")]
JsonOption = Annotated[bool, typer.Option("--json")]


def language_of(study: Path) -> str:
    """The language to talk in without a valid study.toml: Dutch unless told otherwise."""
    language = os.environ.get("THEMECODER_LANGUAGE", "")
    try:
        with (study / "study.toml").open(encoding="utf-8") as handle:
            settings = re.compile(r'^(interface|language)\s*=\s*"(\w+)"', re.MULTILINE)
            found = dict(settings.findall(handle.read(65536)))
            language = found.get("interface") or found.get("language") or language
    except (OSError, UnicodeDecodeError):
        pass
    if language in LANGUAGES:
        return language
    return "en" if language in ("de", "fr") else LANGUAGES[0]


def stderr() -> Console:
    """A rich console on stderr: results go to stdout, everything said on the way goes here."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def errors(study: Path, as_json: bool = False) -> Iterator[None]:
    """Turn what goes wrong in the block into messages and the contract's exit codes.

    A bug is no user's concern either: its traceback goes to a file in the study's working folder.
    """
    language = language_of(study)
    try:
        yield
    except ThemecoderError as error:
        show_problems(error.problems, language, as_json)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo(message("cli.interrupted", language), err=True)
        raise typer.Exit(130) from None
    except BrokenPipeError:
        # the reader of our output (head, less) has gone: no error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except MemoryError:
        typer.echo(message("cli.memory", language), err=True)
        raise typer.Exit(2) from None
    except (typer.Exit, typer.Abort):
        raise
    except OSError as error:
        # a full disk or a missing right below one of our libraries
        reason = error.strerror or type(error).__name__
        problem = Problem("cli.system", {"reason": reason}, file=error.filename)
        show_problems([problem], language, as_json)
        raise typer.Exit(2) from None
    except Exception as error:
        typer.echo(
            message("cli.bug", language, kind=type(error).__name__, file=keep_traceback(study)),
            err=True,
        )
        raise typer.Exit(70) from None


def keep_traceback(study: Path) -> str:
    """The file in which the error that is being handled is kept for who mends it: only where in
    our code it went wrong, no local values and no answer text."""
    text = "".join(traceback.format_exc())
    for folder in (study / ".themecoder", Path(tempfile.gettempdir())):
        try:
            folder.parent.stat()  # no folder is made for a study that is not there
            file = folder / "error.txt"
            write_text(file, text)
            return str(file)
        except (OSError, InputError):
            continue
    return "-"


def show_problems(problems: Sequence[Problem], language: str, as_json: bool = False) -> None:
    """All problems on stderr, one block each; as one JSON object where the caller is a machine."""
    if as_json:
        as_data = problems_data(problems, language)
        typer.echo(json.dumps({"problems": as_data}, ensure_ascii=False), err=True)
        return
    for problem in problems:
        typer.echo(render(problem, language), err=True)
    if len(problems) > 1:
        typer.echo(message("cli.problems", language, n=len(problems)), err=True)


def problems_data(problems: Sequence[Problem], language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": problem.key,
            "file": str(problem.file) if problem.file is not None else None,
            "row": problem.row,
            "column": problem.column,
            "message": render(problem, language),
        }
        for problem in problems
    ]


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> None:
    """A table on stdout; ``right`` are the columns aligned right (numbers), ``whole`` those whose
    words are never broken (ids, to be copied)."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(header):
        # folded: a word that is too long for its column goes on below, nothing is left out
        table.add_column(
            name,
            justify="right" if index in right else "left",
            no_wrap=index in right or index in whole,
            overflow="fold",
        )
    for row in rows:
        # Text, not str: an answer may hold what rich would read as mark-up
        table.add_row(*("" if cell is None else Text(str(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 120
    Console(highlight=False, width=width).print(table)


class StageBars:
    """Progress of a long job: bars on stderr where that is a terminal, else nothing is said.

    Either way it measures: ``seconds`` holds the time of each stage, in the order they first ran.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.seconds: dict[str, float] = {}
        self._shown = sys.stderr.isatty()
        self._bar: RichProgress | None = None
        self._stack: list[tuple[str, float]] = []

    def start(self, stage: str, detail: str = "") -> None:
        name = message(f"progress.{stage}", self.language)
        title = f"{name} {detail}".strip()
        self._stack.append((name, time.perf_counter()))
        if self._shown:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                console=stderr(),
                transient=True,
            )
            self._bar.add_task(title, total=None)
            self._bar.start()

    def advance(self, done: int, total: int) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        name, started = self._stack.pop()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def notice(self, key: str) -> None:
        typer.echo(message(key, self.language), err=True)


def print_notes(area: str, notes: Sequence[tuple[str, Mapping[str, Any]]], language: str) -> None:
    """What to know, on stderr: many of a kind are shown by the first few."""
    shown: dict[str, int] = {}
    for key, params in notes:
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= 5:
            typer.echo("  " + message(f"{area}.{key}", language, **params), err=True)
    for key, n in shown.items():
        if n > 5:
            typer.echo("  " + message("cli.push.more", language, n=n - 5, key=key), err=True)
