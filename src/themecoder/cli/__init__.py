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


from themecoder.adjudication.command import disagreements  # noqa: E402
from themecoder.agreement.command import agreement  # noqa: E402
from themecoder.cli.codebook import codebook  # noqa: E402
from themecoder.cli.doctor import doctor  # noqa: E402
from themecoder.cli.mask import mask  # noqa: E402
from themecoder.cli.survey import import_survey, init  # noqa: E402
from themecoder.coding.command import plan, pull, push, status  # noqa: E402
from themecoder.coding.migrate_command import migrate  # noqa: E402
from themecoder.coding.serve_command import serve  # noqa: E402
from themecoder.compare.command import diff  # noqa: E402
from themecoder.counts.command import counts  # noqa: E402
from themecoder.figures.command import check  # noqa: E402
from themecoder.quotes.command import quotes  # noqa: E402
from themecoder.report.command import report  # noqa: E402
from themecoder.run.command import run  # noqa: E402
from themecoder.themes.command import mine  # noqa: E402

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
