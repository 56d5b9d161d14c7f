"""Help in the words of the catalogue: of commands, options and arguments, in the study's language.

``speak`` gives a command that typer made its texts: ``help.command`` has what it does, ``options``
what each option means, ``usage`` the words around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from typer.core import TyperCommand, TyperGroup

from themecoder.messages import LANGUAGES, lookup, message

# typer carries its own click: what is click's has no type here.


class SpokenCommand(TyperCommand):
    language = LANGUAGES[0]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with errors_know(ctx):
            return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return usage_pieces(self, ctx)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        write_options(self, ctx, formatter)


class SpokenGroup(TyperGroup):
    language = LANGUAGES[0]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with errors_know(ctx):
            return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*usage_pieces(self, ctx), message("usage.subcommand", self.language)]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        helps = {name: str(command.help) for name, command in self.commands.items()}
        write_commands(formatter, message("usage.commands", self.language), helps)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(
                message("usage.no_command", self.language, name=name) + self.meant(name, known)
            )
        return super().resolve_command(ctx, args)

    def meant(self, name: str, known: list[str]) -> str:
        alike = " / ".join(get_close_matches(name, known))
        return " " + message("usage.meant", self.language, names=alike) if alike else ""


@contextmanager
def errors_know(ctx: Any) -> Iterator[None]:
    """Some errors of click don't say which command they are of."""
    try:
        yield
    except Exception as error:
        if getattr(error, "ctx", ctx) is None:
            error.ctx = ctx  # type: ignore[attr-defined]
        raise


def speak(command: Any, path: str, language: str) -> None:
    """Give ``command`` and all below it their texts; ``path`` is what is typed, without options."""
    command.language = language
    command.help = lookup(f"help.command.{path}", language)
    command.options_metavar = message("usage.options_metavar", language)
    for parameter in command.params:
        parameter.help = parameter_help(path, parameter, language)
        parameter.metavar = _metavar(parameter, asked_for(command, parameter), language)
    for name, below in getattr(command, "commands", {}).items():
        speak(below, f"{path} {name}", language)


def parameter_help(path: str, parameter: Any, language: str) -> str | None:
    """What an option or argument means: as told for the command, for what the command stands
    below, or for all commands that have it."""
    name = name_of(parameter)
    places = [path, *(path.rsplit(" ", n)[0] for n in range(1, path.count(" ") + 1)), "shared"]
    texts = (lookup(f"options.{place}.{name}", language) for place in places)
    return next((text for text in texts if text), None)


def name_of(parameter: Any) -> str:
    """An option's long name without dashes, an argument's own: its key in the catalogue."""
    if parameter.param_type_name == "argument":
        return str(parameter.name)
    return str(max(parameter.opts, key=len)).lstrip("-").lower()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a value must be: ``kind`` is the name of a Python type."""

    kind: str
    least: float | None
    most: float | None

    def in_words(self, language: str) -> str:
        text = lookup(f"usage.kind.{self.kind}", language) or self.kind
        if self.least is None or self.most is None:
            return text
        return message("usage.between", language, kind=text, least=self.least, most=self.most)


def asked_for(command: Any, parameter: Any) -> Asked:
    """What ``command`` says in its signature that a value of ``parameter`` is."""
    hint = get_type_hints(command.callback, include_extras=True).get(parameter.name, str)
    stated: Any = None
    while parts := [part for part in get_args(hint) if part is not NoneType]:
        hint, stated = parts[0], next((p for p in parts[1:] if hasattr(p, "min")), stated)
    kind = str(getattr(hint, "__name__", "str")).lower()
    return Asked(kind, getattr(stated, "min", None), getattr(stated, "max", None))


def _metavar(parameter: Any, asked: Asked, language: str) -> str | None:
    """What stands for the value in the help, its words in ``language``."""
    if getattr(parameter, "is_flag", False):
        return None
    given = parameter.metavar
    if not given and parameter.param_type_name == "argument":
        given = parameter.name.upper() + ("..." if parameter.nargs == -1 else "")
    if not given:
        return f"<{lookup(f'usage.metavar.{asked.kind}', language) or asked.kind}>"

    def word(found: re.Match[str]) -> str:
        return lookup(f"usage.metavar.{found[0]}", language) or found[0]

    return re.sub(r"[A-Z_]+", word, given)


def usage_pieces(command: Any, ctx: Any) -> list[str]:
    pieces = [command.options_metavar]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            shown = parameter.metavar
            optional = not parameter.required and not shown.startswith("[")
            pieces.append(f"[{shown}]" if optional else shown)
    return pieces


def write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    prefix = message("usage.usage", command.language) + " "
    formatter.write_usage(ctx.command_path, pieces, prefix=prefix)


def write_options(command: Any, ctx: Any, formatter: Any) -> None:
    rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            text = parameter.help
            if parameter not in command.params:  # --help, which click adds
                text = lookup("options.shared.help", command.language)
            notes = "; ".join(_notes(command, parameter, ctx))
            line = f"{text}  [{notes}]" if notes else text
            shown = parameter.metavar if parameter.param_type_name == "argument" else record[0]
            rows[parameter.param_type_name].append((shown, line))
    for kind, lines in rows.items():
        if lines:
            with formatter.section(message(f"usage.{kind}s", command.language)):
                formatter.write_dl(lines)


def _notes(command: Any, parameter: Any, ctx: Any) -> Iterator[str]:
    """What is told behind an option's help: its default where that is a value, its range."""
    default = parameter.get_default(ctx, call=False)
    if isinstance(default, int | float | str) and not isinstance(default, bool) and default != "":
        yield message("usage.default", command.language, value=default)
    if parameter in command.params:
        asked = asked_for(command, parameter)
        if asked.least is not None and asked.most is not None:
            yield f"{asked.least:g}-{asked.most:g}"
    if parameter.param_type_name == "option" and parameter.required:
        yield message("usage.required", command.language)


def write_commands(formatter: Any, heading: str, helps: dict[str, str]) -> None:
    """Commands with the first line of their help."""
    with formatter.section(heading):
        formatter.write_dl([(name, text.strip().split("\n")[0]) for name, text in helps.items()])


def study_of(args: list[str]) -> Path:
    """The folder that ``--study`` names in what was typed, read before the rest is understood."""
    for place, word in enumerate(args):
        name, sign, value = word.partition("=")
        if name == "--study":
            return Path(value if sign else next(iter(args[place + 1 :]), ""))
    return Path()
