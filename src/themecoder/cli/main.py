"""The command line: it only wires commands to functions that a notebook can call too."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.cli.help import SpokenCommand, SpokenGroup, speak, study_of, write_commands
from themecoder.cli.usage import usage_error
from themecoder.console import errors, language_of
from themecoder.extras import of_extra
from themecoder.messages import message
from themecoder.settings.inside import ALLOW_OUTSIDE
from themecoder.version import __version__


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


COMMANDS: Mapping[str, str] = {
    "demo": "themecoder.cli.demo:demo",
    "workbench": "themecoder.workbench.command:workbench",
    "init": "themecoder.cli.survey:init",
    "correct": "themecoder.cli.correct:correct",
    "import": "themecoder.cli.survey:import_survey",
    "mask": "themecoder.cli.mask:mask",
    "mine": "themecoder.themes.command:mine",
    "themes": "themecoder.themes.work_command:themes",
    "codebook": "themecoder.cli.codebook:codebook",
    "migrate": "themecoder.coding.migrate_command:migrate",
    "serve": "themecoder.coding.serve_command:serve",
    "plan": "themecoder.priorities.command:plan",
    "claims": "themecoder.priorities.command:claims",
    "suggestions": "themecoder.suggestion_quality.command:suggestions",
    "drift": "themecoder.drift.command:drift",
    "assistant": "themecoder.assistant.command:assistant",
    "autocode": "themecoder.autocoding.command:autocode",
    "push": "themecoder.coding.command:push",
    "pull": "themecoder.coding.command:pull",
    "assist": "themecoder.assist.command:assist",
    "coding": "themecoder.coding.exchange.command:coding",
    "status": "themecoder.coding.command:status",
    "backup": "themecoder.backup.command:backup",
    "restore": "themecoder.backup.command:restore",
    "encoders": "themecoder.cli.encoders:encoders",
    "schema": "themecoder.contracts.command:schema_command",
    "doctor": "themecoder.cli.doctor:doctor",
    "agreement": "themecoder.agreement.command:agreement",
    "disagreements": "themecoder.adjudication.command:disagreements",
    "counts": "themecoder.counts.command:counts",
    "check": "themecoder.figures.command:check",
    "quotes": "themecoder.quotes.command:quotes",
    "report": "themecoder.report.command:report",
    "run": "themecoder.run.command:run",
    "next": "themecoder.next_step.command:next_command",
    "diff": "themecoder.compare.command:diff",
}
"""Where each command is, as ``module:name``; what it does is told in messages/*/help.toml."""
EXTRAS = {"workbench": "workbench", "serve": "server"}
"""What brings the packages that a command's module imports, where the light core does not."""

CHANGE_THE_STUDY = frozenset(
    (
        *("init", "correct", "import", "mask", "mine", "migrate", "serve", "plan", "push", "pull"),
        *("agreement", "disagreements", "counts", "check", "report", "run"),
        *("coding import", "coding sheet"),
        *(
            f"codebook {name}"
            for name in (
                *("add", "adopt", "discard", "import", "memo", "merge", "move", "redefine"),
                *("release", "rename", "retire", "split", "take-back"),
            )
        ),
    )
)
"""The commands on the way from the export to the report: they end with what comes next."""
NEXT_LINE = "themecoder.next_step.command:print_next_step"


def load(name: str, language: str) -> Any:
    """The command as typer makes it, in the words of ``language``."""
    if name in EXTRAS:
        with errors(Path()), of_extra(EXTRAS[name]):
            import_module(COMMANDS[name].partition(":")[0])
    command = _named(COMMANDS[name])
    if not isinstance(command, typer.Typer):
        function, command = command, typer.Typer(add_completion=False, rich_markup_mode=None)
        command.command(name)(function)
    _make_spoken(command)
    loaded = typer.main.get_command(command)
    speak(loaded, name, language)
    for changing, one in _with_subcommands(name, loaded):
        if changing in CHANGE_THE_STUDY:
            one.callback = _then_next(one.callback)
    return loaded


def _make_spoken(command: typer.Typer) -> None:
    command.info.cls = SpokenGroup
    for one in command.registered_commands:
        one.cls = SpokenCommand
    for group in command.registered_groups:
        group.cls = SpokenGroup
        if group.typer_instance is not None:
            _make_spoken(group.typer_instance)


STAGES: Mapping[str, tuple[str, ...]] = {
    "start": ("demo", "workbench", "next", "init", "correct", "import", "mask", "mine", "themes"),
    "codebook": ("codebook",),
    "coding": (
        *("plan", "serve", "push", "status", "pull", "coding", "migrate"),
        *("suggestions", "assist", "assistant", "autocode"),
    ),
    "agreement": ("agreement", "disagreements"),
    "results": ("counts", "drift", "quotes", "check", "claims", "report", "run", "diff"),
    "upkeep": (),
}
"""The commands in the order of work; ``upkeep`` has those that no other stage names."""


def by_stage() -> dict[str, list[str]]:
    named = [name for names in STAGES.values() for name in names]
    found = {stage: [name for name in names if name in COMMANDS] for stage, names in STAGES.items()}
    found["upkeep"] = [name for name in COMMANDS if name not in named]
    return found


class LazyGroup(SpokenGroup):
    """Loads a command's module when the command is called, so that ``--help`` loads none. All that
    it says is in the language of the study that is asked for, by default the one that one stands
    in."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for names in by_stage().values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return load(cmd_name, self.language) if cmd_name in COMMANDS else None

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(message("help.about", self.language))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for stage, names in by_stage().items():
            helps = {name: message(f"help.command.{name}", self.language) for name in names}
            write_commands(formatter, message(f"help.stage.{stage}", self.language), helps)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        formatter.write_paragraph()
        formatter.write_text(message("help.more", self.language))

    def main(self, args: Sequence[str] | None = None, *given: Any, **options: Any) -> Any:
        """As typer's, which shows errors in English: these are in the study's language."""
        typed = sys.argv[1:] if args is None else list(args)
        speak(self, "themecoder", language_of(study_of(typed)))
        standalone = options.get("standalone_mode", True)
        options["standalone_mode"] = False
        try:
            done = super().main(args, *given, **options)
        except typer.Abort:
            if standalone:
                typer.echo(message("cli.interrupted", self.language), err=True)
                sys.exit(1)
            raise
        except Exception as error:
            # what typer means by an error of who typed has this; its class is private
            if not (standalone and hasattr(error, "format_message")):
                raise
            typer.echo(usage_error(error, self.language), err=True)
            sys.exit(getattr(error, "exit_code", 2))
        if standalone:
            sys.exit(done if isinstance(done, int) else 0)
        return done


app = typer.Typer(
    name="themecoder",
    cls=LazyGroup,
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
        bool, typer.Option("--version", callback=_show_version, is_eager=True)
    ] = False,
    outside: Annotated[bool, typer.Option("--allow-outside")] = False,
) -> None:
    if outside:
        os.environ[ALLOW_OUTSIDE] = "1"
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def main() -> None:
    """The entry point of the ``themecoder`` command."""
    app()
