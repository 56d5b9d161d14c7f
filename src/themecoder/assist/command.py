"""``themecoder assist``: suggestions in Label Studio that learn while coders code."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from themecoder.assist.study_assist import assisting, disconnect
from themecoder.console import (
    JsonOption,
    StageBars,
    StudyOption,
    Url,
    errors,
    language_of,
    print_json,
    show_problems,
)
from themecoder.errors import Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder

_AT_ONCE = 1.0


def assist(
    study: StudyOption = Path(),
    url: Url = None,
    port: Annotated[int, typer.Option("--port", min=1024, max=65000)] = 9090,
    remove: Annotated[bool, typer.Option("--disconnect")] = False,
    as_json: JsonOption = False,
) -> None:
    """Let Label Studio ask for suggestions that learn from each answer as it is coded.

    Runs until it is interrupted, on this machine only. What is coded blind gets none.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        if remove:
            removed = disconnect(opened, url)
            if as_json:
                print_json({"disconnected": removed})
            else:
                key = "disconnected" if removed else "nothing_to_disconnect"
                typer.echo(message(f"assist.said.{key}", language, titles=", ".join(removed)))
            return

        def told(problems: Sequence[Problem]) -> None:
            show_problems(problems, language, as_json)

        over = Event()
        with _ended_alike(), assisting(opened, url, port, told, over.set) as found:
            if as_json:
                print_json({"url": found.url, "projects": found.titles})
            else:
                titles = ", ".join(found.titles)
                typer.echo(message("assist.said.runs", language, url=found.url, titles=titles))
            _wait(over)
        if found.failure is not None:
            raise found.failure
        if not as_json:
            typer.echo(message("assist.said.over", language))


@contextmanager
def _ended_alike() -> Iterator[None]:
    """Be interrupted by a request to end too, which would else leave the connection behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait(over: Event) -> None:
    """Until it is over, or somebody interrupts, which is how this command ends."""
    with suppress(KeyboardInterrupt):
        # on Windows nothing interrupts a wait without an end
        while not over.wait(_AT_ONCE):
            pass
