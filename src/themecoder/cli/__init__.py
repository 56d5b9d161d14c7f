"""The command line: it only wires commands to functions that a notebook can call too."""

from __future__ import annotations

from typing import Annotated

import typer

from themecoder import __version__

app = typer.Typer(
    name="themecoder",
    help="From the open answers of a survey to themes, coding and counts that hold.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"themecoder {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """The entry point of the ``themecoder`` command."""
    app()


from themecoder.cli.agreement import agreement  # noqa: E402
from themecoder.cli.check import check  # noqa: E402
from themecoder.cli.codebook import codebook  # noqa: E402
from themecoder.cli.coding import plan, pull, push, status  # noqa: E402
from themecoder.cli.counts import counts  # noqa: E402
from themecoder.cli.diff import diff  # noqa: E402
from themecoder.cli.disagreements import disagreements  # noqa: E402
from themecoder.cli.doctor import doctor  # noqa: E402
from themecoder.cli.mask import mask  # noqa: E402
from themecoder.cli.migrate import migrate  # noqa: E402
from themecoder.cli.mine import mine  # noqa: E402
from themecoder.cli.quotes import quotes  # noqa: E402
from themecoder.cli.report import report  # noqa: E402
from themecoder.cli.run import run  # noqa: E402
from themecoder.cli.serve import serve  # noqa: E402
from themecoder.cli.survey import import_survey, init  # noqa: E402

app.command("init")(init)
app.command("import")(import_survey)
app.command("mask")(mask)
app.command("mine")(mine)
app.add_typer(codebook, name="codebook")
app.command("migrate")(migrate)
app.command("serve")(serve)
app.command("plan")(plan)
app.command("push")(push)
app.command("pull")(pull)
app.command("status")(status)
app.command("doctor")(doctor)
app.command("agreement")(agreement)
app.command("disagreements")(disagreements)
app.command("counts")(counts)
app.command("check")(check)
app.command("quotes")(quotes)
app.command("report")(report)
app.command("run")(run)
app.command("diff")(diff)
