"""What was typed wrongly on the command line, in the study's language: click speaks English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from themecoder.cli.help import SpokenGroup, asked_for
from themecoder.messages import message


def usage_error(error: Any, language: str) -> str:
    """All that is shown for a usage error of click: usage, where help is, what is wrong."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    lines = []
    if error.ctx is not None:
        command = error.ctx.command_path
        lines = [error.ctx.get_usage(), message("usage.try", language, command=command), ""]
    tell = TELLING.get(type(error).__name__, _other)
    lines.append(message("usage.error", language, text=tell(error, language)))
    return "\n".join(lines)


def _no_option(error: Any, language: str) -> str:
    text = message("usage.no_option", language, name=error.option_name)
    options = [name for one in error.ctx.command.get_params(error.ctx) for name in one.opts]
    alike = " / ".join(get_close_matches(error.option_name, options))
    return text + (" " + message("usage.meant", language, names=alike) if alike else "")


def _missing(error: Any, language: str) -> str:
    kind = error.param.param_type_name
    return message(f"usage.missing_{kind}", language, name=_shown(error.param))


def _option_without_value(error: Any, language: str) -> str:
    options = {name: one for one in error.ctx.command.params for name in one.opts}
    option = options.get(error.option_name)
    if option is None or getattr(option, "is_flag", False):
        return message("usage.takes_no_value", language, name=error.option_name)
    return message("usage.needs_value", language, name=error.option_name, n=option.nargs)


def _wrong_value(error: Any, language: str) -> str:
    if error.param is None:
        return str(error.format_message())
    wanted = asked_for(error.ctx.command, error.param).in_words(language)
    params = {"name": _shown(error.param), "found": _found(error), "wanted": wanted}
    return message("usage.wrong_value", language, **params)


def _other(error: Any, language: str) -> str:
    """More than a command takes, which click tells in brackets; else what our own groups say."""
    told = str(error.format_message())
    extra = re.search(r" \((.*)\)$", told)
    if extra is None or isinstance(getattr(error.ctx, "command", None), SpokenGroup):
        return told
    return message("usage.too_many", language, found=extra[1])


TELLING: Mapping[str, Callable[[Any, str], str]] = {
    "NoSuchOption": _no_option,
    "MissingParameter": _missing,
    "BadOptionUsage": _option_without_value,
    "BadParameter": _wrong_value,
}
"""By the names of click's errors: typer carries its own click or takes another, by version, and
their classes are not the same."""


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    return str(max(parameter.opts, key=len))


def _found(error: Any) -> str:
    """What was typed: as the reader of values that typer uses tells it, or as click quotes it."""
    told = getattr(error.__cause__, "errors", None)
    if told is not None:
        return str(told()[0]["input"])
    quoted = re.search(r"'([^']*)'", error.message)
    return quoted[1] if quoted else ""
