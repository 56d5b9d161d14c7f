"""The command line: it only wires commands to functions that a notebook can call too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from themecoder.console import errors, language_of
from themecoder.extras import of_extra
from themecoder.messages import lookup, message
from themecoder.settings.inside import ALLOW_OUTSIDE
from themecoder.version import __version__


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command is, as ``module:name``; ``summary`` is the first line of its own help, and
    ``extra`` what brings the packages that its module imports, where the light core does not."""

    place: str
    summary: str
    extra: str = ""

    def load(self, name: str) -> Any:
        """The command as typer makes it; typer carries its own click, so no type is named."""
        if self.extra:
            with errors(Path()), of_extra(self.extra):
                import_module(self.place.partition(":")[0])
        command = _named(self.place)
        if not isinstance(command, typer.Typer):
            function, command = command, typer.Typer(add_completion=False, rich_markup_mode=None)
            command.command(name)(function)
        loaded = typer.main.get_command(command)
        for changing, one in _with_subcommands(name, loaded):
            if changing in CHANGE_THE_STUDY:
                one.callback = _then_next(one.callback)
        return loaded


def _named(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def _with_subcommands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for below, one in getattr(command, "commands", {}).items():
        yield f"{name} {below}", one


def _then_next(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command, and when it has ended well the line that says what comes next."""

    @wraps(command)
    def with_next(**options: Any) -> Any:
        result = command(**options)
        if not options.get("as_json"):
            _named(NEXT_LINE)(Path(options["study"]))
        return result

    return with_next


COMMANDS: Mapping[str, LazyCommand] = {
    "demo": LazyCommand(
        "themecoder.cli.demo:demo",
        "Copy the shipped study into a folder and take it from its export to the report.",
    ),
    "workbench": LazyCommand(
        "themecoder.workbench.command:workbench",
        "Open the workbench: a page on this machine for the whole way, from export to report.",
        extra="workbench",
    ),
    "init": LazyCommand(
        "themecoder.cli.survey:init",
        "Look at a survey export and write a commented study.toml for a person to correct.",
    ),
    "correct": LazyCommand(
        "themecoder.cli.correct:correct",
        "Say what each column is taken for, or correct study.toml; all else in it stays as it is.",
    ),
    "import": LazyCommand(
        "themecoder.cli.survey:import_survey",
        "Read the whole export and say per question: asked, answered, empty, without content.",
    ),
    "mask": LazyCommand(
        "themecoder.cli.mask:mask",
        "Mask names, places, institutions and numbers; check the masks and keep the decisions.",
    ),
    "mine": LazyCommand(
        "themecoder.themes.command:mine",
        "Find candidate themes in the open answers and write reports/themes.html.",
    ),
    "themes": LazyCommand(
        "themecoder.themes.work_command:themes",
        "The themes as you have worked on them: which are open, and the steps; undo and redo.",
    ),
    "codebook": LazyCommand(
        "themecoder.cli.codebook:codebook",
        "The codebook: check, show, change, release and exchange it.",
    ),
    "migrate": LazyCommand(
        "themecoder.coding.migrate_command:migrate",
        "Carry all coding to the newest version of the codebook, without losing any.",
    ),
    "serve": LazyCommand(
        "themecoder.coding.serve_command:serve",
        "Start Label Studio for this study, on this machine only, with accounts for its coders.",
        extra="server",
    ),
    "plan": LazyCommand(
        "themecoder.priorities.command:plan",
        "Plan who codes which answers, and keep it in annotations/plan.csv.",
    ),
    "claims": LazyCommand(
        "themecoder.priorities.command:claims",
        "Say which of the report's claims on codes are settled, and what settles the others.",
    ),
    "suggestions": LazyCommand(
        "themecoder.suggestion_quality.command:suggestions",
        "Work out which codes an answer may have, from the codebook and from what is coded.",
    ),
    "assistant": LazyCommand(
        "themecoder.assistant.command:assistant",
        "Ask a language model that you run yourself: second opinions, labels for themes.",
    ),
    "autocode": LazyCommand(
        "themecoder.autocoding.command:autocode",
        "Code answers by machine where it agrees with people; a dry run unless --apply.",
    ),
    "push": LazyCommand(
        "themecoder.coding.command:push",
        "Send what is planned to Label Studio; only what is not there yet.",
    ),
    "pull": LazyCommand(
        "themecoder.coding.command:pull",
        "Take what coders made in Label Studio into annotations/; nothing here is lost by it.",
    ),
    "assist": LazyCommand(
        "themecoder.assist.command:assist",
        "Let Label Studio ask for suggestions that learn from each answer as it is coded.",
    ),
    "coding": LazyCommand(
        "themecoder.coding.exchange.command:coding",
        "Coding from elsewhere, for elsewhere, and in workbooks for coders.",
    ),
    "status": LazyCommand(
        "themecoder.coding.command:status",
        "Say how far the coding is: per question and coder, here and on the server.",
    ),
    "backup": LazyCommand(
        "themecoder.backup.command:backup",
        "Write the whole study to one file: "
        "answers, coding, codebooks, reports and the server's data.",
    ),
    "restore": LazyCommand(
        "themecoder.backup.command:restore",
        "Make the study what it is in an archive; "
        "what is there now and differs is put aside first.",
    ),
    "encoders": LazyCommand(
        "themecoder.cli.encoders:encoders",
        "What turns texts into vectors: what is on this machine; add a model or a wheel by hand.",
    ),
    "schema": LazyCommand(
        "themecoder.contracts.command:schema_command",
        "Print the JSON Schema of a file of a study that other tools rely on.",
    ),
    "doctor": LazyCommand(
        "themecoder.cli.doctor:doctor",
        "Say what is installed, what is missing, and the command that gets it.",
    ),
    "agreement": LazyCommand(
        "themecoder.agreement.command:agreement",
        "Measure how far the coders agree; writes reports/agreement.html, .csv and .xlsx.",
    ),
    "disagreements": LazyCommand(
        "themecoder.adjudication.command:disagreements",
        "List where coders differ, most telling first, and keep what is decided.",
    ),
    "counts": LazyCommand(
        "themecoder.counts.command:counts",
        "Count respondents per code, with bases, intervals and subgroups; writes reports/counts.*.",
    ),
    "check": LazyCommand(
        "themecoder.figures.command:check",
        "Rebuild every figure and claim of a report; exits 1 where one does not hold.",
    ),
    "quotes": LazyCommand(
        "themecoder.quotes.command:quotes",
        "Choose quotes per code; writes reports/quotes.csv, .xlsx, .docx and .md.",
    ),
    "report": LazyCommand(
        "themecoder.report.command:report",
        "Write the report: reports/report.html and .docx, "
        "with a manifest of what it was made from.",
    ),
    "run": LazyCommand(
        "themecoder.run.command:run",
        "Everything from the export to the report: only what is not up to date is made.",
    ),
    "next": LazyCommand(
        "themecoder.next_step.command:next_command",
        "Say what comes next on the way from the export to the report, why, and the command.",
    ),
    "diff": LazyCommand(
        "themecoder.compare.command:diff",
        "Say which counts moved between two states in git, which answers moved them, and why.",
    ),
}

CHANGE_THE_STUDY = frozenset(
    (
        *("init", "correct", "import", "mask", "mine", "migrate", "serve", "plan", "push", "pull"),
        *("agreement", "disagreements", "counts", "check", "report", "run"),
        *("coding import", "coding sheet"),
        *(
            f"codebook {name}"
            for name in (
                *("add", "adopt", "discard", "import", "memo", "merge", "move", "redefine"),
                *("release", "rename", "retire", "split"),
            )
        ),
    )
)
"""The commands on the way from the export to the report: they end with what comes next."""
NEXT_LINE = "themecoder.next_step.command:print_next_step"


STAGES: Mapping[str, tuple[str, ...]] = {
    "start": ("demo", "workbench", "next", "init", "correct", "import", "mask", "mine", "themes"),
    "codebook": ("codebook",),
    "coding": (
        *("plan", "serve", "push", "status", "pull", "coding", "migrate"),
        *("suggestions", "assist", "assistant", "autocode"),
    ),
    "agreement": ("agreement", "disagreements"),
    "results": ("counts", "quotes", "check", "claims", "report", "run", "diff"),
    "upkeep": (),
}
"""The commands in the order of work; ``upkeep`` has those that no other stage names."""


def by_stage() -> dict[str, list[str]]:
    named = [name for names in STAGES.values() for name in names]
    found = {stage: [name for name in names if name in COMMANDS] for stage, names in STAGES.items()}
    found["upkeep"] = [name for name in COMMANDS if name not in named]
    return found


class LazyGroup(TyperGroup):
    """Loads a command's module when the command is called, so that ``--help`` loads none. The help
    is in the language of the study that one stands in."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for names in by_stage().values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = COMMANDS.get(cmd_name)
        return command.load(cmd_name) if command else None

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(message("help.about", language_of(Path())))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        language = language_of(Path())
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        for stage, names in by_stage().items():
            with formatter.section(message(f"help.stage.{stage}", language)):
                rows = [(name, short_help(summary_of(name, language), limit)) for name in names]
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        formatter.write_paragraph()
        formatter.write_text(message("help.more", language_of(Path())))


def summary_of(name: str, language: str) -> str:
    return lookup(f"help.command.{name}", language) or COMMANDS[name].summary


def short_help(summary: str, limit: int) -> str:
    """``summary`` as click shortens the help of a command that is loaded."""
    return TyperCommand(None, help=summary).get_short_help_str(limit)


app = typer.Typer(
    name="themecoder",
    cls=LazyGroup,
    help="From the open answers of a survey to themes, coding and counts that hold.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"themecoder {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
    outside: Annotated[
        bool,
        typer.Option("--allow-outside", help="Use files of a study that lie outside its folder."),
    ] = False,
) -> None:
    if outside:
        os.environ[ALLOW_OUTSIDE] = "1"
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def main() -> None:
    """The entry point of the ``themecoder`` command."""
    app()
