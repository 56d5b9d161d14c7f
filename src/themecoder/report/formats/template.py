"""Templates that a researcher edits: what they may use, and where they name what does not exist.

A template may come from somebody else: it can use what it is given, and nothing around it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import jinja2

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.report.formats.bounds import BoundedEnvironment
from themecoder.report.template_errors import TemplateErrors

# what an archive of XML can't hold, and what docxtpl takes for breaks; new lines and tabs stay
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOW_QUOTES = str.maketrans("„‚«»", '"\'""')


def environment(errors: TemplateErrors, names: Callable[[], list[str]]) -> BoundedEnvironment:
    """Templates that put every name that does not exist into ``errors``; ``names`` gives those that
    do, for a suggestion."""

    class Missing(jinja2.Undefined):
        """A name that does not exist. It prints as nothing, and is a problem where it is used."""

        def _tell(self, *_: object, **__: object) -> Missing:
            given = self._undefined_obj
            known = names()
            if given is not jinja2.utils.missing:
                known = [f.name for f in fields(given)] if is_dataclass(given) else []
            missing = str(self._undefined_name)
            errors.tell("report.name", found=missing, near=did_you_mean(missing, known))
            return self

        def __getattr__(self, name: str) -> Missing:
            if name.startswith("__"):
                raise AttributeError(name)
            return self._tell()

        def __str__(self) -> str:
            self._tell()
            return ""

        def __iter__(self) -> Iterator[Any]:
            self._tell()
            return iter(())

        def __bool__(self) -> bool:
            self._tell()
            return False

        def __len__(self) -> int:
            self._tell()
            return 0

        def __eq__(self, other: object) -> bool:
            self._tell()
            return False

        __hash__ = jinja2.Undefined.__hash__
        __call__ = __getitem__ = _tell  # type: ignore[assignment]
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _tell  # type: ignore[assignment]
        __truediv__ = __rtruediv__ = __mod__ = __rmod__ = _tell  # type: ignore[assignment]

    return BoundedEnvironment(
        autoescape=True,
        undefined=Missing,
        finalize=_printable,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@jinja2.pass_context
def _printable(context: Any, value: object) -> object:
    """Text without the characters that no page and no Word file can hold; its length is counted.

    It takes the context so that jinja does not print constants while it compiles a template, when
    the line of a problem is not known yet.
    """
    context.environment.prints(len(str(value)))
    if isinstance(value, str) and _UNPRINTABLE.search(value):
        return type(value)(_UNPRINTABLE.sub("", value))
    return value


def straight_quotes(source: str) -> str:
    """Low and pointed quotes in what is asked for, as Word may type them, made plain."""
    return re.sub(r"{[{%].*?[%}]}", lambda tag: tag[0].translate(_LOW_QUOTES), source)


def rendered(make: Callable[[], Any], errors: TemplateErrors, own: bool, first: int = 0) -> Any:
    """What ``make`` renders. ``own``: the researcher's template, in which anything may be wrong;
    ``first`` is taken off the lines of what jinja reports.

    Raises InputError with everything that is wrong with it.
    """
    try:
        result = make()
    except (MemoryError, InputError):
        raise
    except Exception as error:
        if not own:
            raise
        line = (
            error.lineno
            if isinstance(error, jinja2.TemplateSyntaxError)
            else _last_template_line(error)
        )
        reason = str(error) or type(error).__name__
        place = line and line - first
        errors.keep(Problem("report.template", {"reason": reason}, errors.template, place))
    if errors.problems:
        raise InputError(sorted(errors.problems, key=lambda problem: problem.row or 0))
    return result


def line_finder(first: int = 0) -> Callable[[], int | None]:
    """Which line of the template is asking: jinja compiles it to code whose lines it knows."""

    def line() -> int | None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            template = frame.f_globals.get("__jinja_template__")
            if template is not None:
                return int(template.get_corresponding_lineno(frame.f_lineno)) - first
            frame = frame.f_back
        return None

    return line


def _last_template_line(error: BaseException) -> int | None:
    """The last line of a template in an error's traceback, which jinja rewrites to its lines."""
    line, step = None, error.__traceback__
    while step is not None:
        if "__jinja_template__" in step.tb_frame.f_globals or step.tb_frame.f_code.co_filename in (
            "<template>",
            "<unknown>",
        ):
            line = step.tb_lineno
        step = step.tb_next
    return line


def template_bytes(template: Path) -> bytes:
    """Raises InputError where it can't be read."""
    try:
        return template.read_bytes()
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("study.not_readable", params, file=template)) from None
