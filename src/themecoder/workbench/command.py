"""``themecoder workbench``: the page on which a study goes from its export to its report."""

from __future__ import annotations

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import JsonOption, StudyOption, errors, language_of, print_json
from themecoder.messages import message
from themecoder.workbench.server import Workbench


def workbench(
    study: StudyOption = Path(),
    port: Annotated[int, typer.Option("--port", min=1024, max=65000)] = 8470,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
    as_json: JsonOption = False,
) -> None:
    """Open the workbench: a page on this machine for the whole way, from export to report.

    Runs until it is interrupted. Only this machine reaches it, and only by the address that it
    prints; nothing leaves the machine.
    """
    with errors(study, as_json):
        bench = Workbench(study, port)
        if as_json:
            print_json({"url": bench.url})
        else:
            typer.echo(message("workbench.runs", language_of(study), url=bench.url))
        if browser:
            webbrowser.open(bench.url)
        with suppress(KeyboardInterrupt):  # this is how the command ends
            bench.run()
        if bench.busy:
            # its thread can't be ended otherwise; what it writes, it writes whole or not at all
            typer.echo(message("workbench.broken_off", language_of(study)), err=True)
            sys.stdout.flush()
            os._exit(0)
