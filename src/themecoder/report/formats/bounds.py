"""Templates that end: what one may loop, call, print and hold is bounded.

A template may come from somebody else, and ten lines of one can ask for more than a machine has. No
clock is looked at, so that a template that is refused is refused everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

MOST_STEPS = 5_000_000
"""Rounds of loops and calls. A call counts for ``_CALL`` rounds: it may draw a plot."""
MOST_PRINTED = 100_000_000
MOST_HELD = 1_000_000
"""Characters of a text, or entries of a list, that a template makes."""
_CALL = 100
_LARGEST = 10**18
_TOO_MUCH = "the template loops or prints without a sensible end"
_WIDE = frozenset(
    {"center", "expandtabs", "format", "format_map", "ljust", "replace", "rjust", "translate"}
    | {"zfill", "join"}
)
"""Methods of texts that make much of little; the filters that do are bounded or gone."""
_GONE = ("center", "format", "indent", "batch", "slice", "lipsum", "urlize", "xmlattr", "pprint")


class BoundedEnvironment(SandboxedEnvironment):
    """A sandbox in which a template can use up neither time nor memory."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._steps = self._printed = 0
        for name in _GONE:
            self.filters.pop(name, None)
        self.globals.pop("lipsum", None)
        self.filters["join"] = _join
        self.filters["replace"] = _replace
        self.filters["bounded_loop"] = self._loop
        self.filters["bounded"] = _held

    def prints(self, characters: int) -> None:
        """Raises SecurityError where more is printed than a report can be."""
        self._printed += characters
        if self._printed > MOST_PRINTED:
            raise SecurityError(_TOO_MUCH)

    def call(self, context: Any, function: Any, /, *given: Any, **named: Any) -> Any:
        self._step(_CALL)
        return super().call(context, function, *given, **named)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        wide = isinstance(obj, str) and attr in _WIDE
        return not wide and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No safe ``format``, which jinja has ready: it can make a text of any width."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        texts = isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)
        if texts and operator != "+":
            raise SecurityError(_TOO_MUCH)
        if operator == "**" and (abs(right) > 64 or abs(left) > _LARGEST):
            raise SecurityError(_TOO_MUCH)
        return _held(super().call_binop(context, operator, left, right))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with a bound put on each loop, and on each text that is put together."""
        tree = super()._parse(source, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            fixed = sum(len(text.data) for text in loop.find_all(nodes.TemplateData))
            loop.iter = _filtered(loop.iter, "bounded_loop", fixed)
        macros: Iterator[Any] = tree.find_all((nodes.Macro, nodes.CallBlock))
        for macro in macros:
            # what a macro prints each time that it is called
            fixed = sum(len(text.data) for text in macro.find_all(nodes.TemplateData))
            once = _filtered(
                nodes.List([nodes.Const(0)], lineno=macro.lineno), "bounded_loop", fixed
            )
            first = nodes.Name("_", "store", lineno=macro.lineno)
            macro.body.insert(0, nodes.For(first, once, [], [], None, False, lineno=macro.lineno))
        _bound_texts(tree)
        return tree

    def _step(self, steps: int = 1) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise SecurityError(_TOO_MUCH)

    def _loop(self, entries: Iterable[Any], fixed: int) -> Iterator[Any]:
        """The entries of a loop, each a step that prints ``fixed`` characters of the template."""
        for entry in entries:
            self._step()
            self.prints(fixed)
            yield entry


def _bound_texts(node: nodes.Node) -> None:
    """Put a bound on what ``~`` and filters give, wherever they stand in ``node``."""
    for name, value in list(node.iter_fields()):
        if isinstance(value, nodes.Node):
            _bound_texts(value)
            if _makes(value):
                setattr(node, name, _filtered(value, "bounded"))
        elif isinstance(value, list):
            for place, entry in enumerate(value):
                if isinstance(entry, nodes.Node):
                    _bound_texts(entry)
                    if _makes(entry):
                        value[place] = _filtered(entry, "bounded")


def _makes(node: nodes.Node) -> bool:
    ours = isinstance(node, nodes.Filter) and node.name in ("bounded", "bounded_loop")
    # the filter of a block has no node before it, and prints what it makes
    return isinstance(node, nodes.Concat) or (
        isinstance(node, nodes.Filter) and node.node is not None and not ours
    )


def _filtered(node: Any, name: str, *given: Any) -> nodes.Filter:
    constants = [nodes.Const(value, lineno=node.lineno) for value in given]
    return nodes.Filter(node, name, constants, [], None, None, lineno=node.lineno)


def _held(value: Any) -> Any:
    """``value``, if it is no larger than a template may hold."""
    size = len(value) if isinstance(value, str | list | tuple | dict) else 0
    if size > MOST_HELD or (isinstance(value, int) and abs(value) > _LARGEST):
        raise SecurityError(_TOO_MUCH)
    return value


@jinja2.pass_eval_context
def _join(context: Any, value: Iterable[Any], d: str = "", attribute: Any = None) -> Any:
    entries = list(value)
    if len(entries) * len(str(d)) > MOST_HELD:
        raise SecurityError(_TOO_MUCH)
    if attribute is None and sum(len(str(entry)) for entry in entries) > MOST_HELD:
        raise SecurityError(_TOO_MUCH)
    return jinja2.filters.sync_do_join(context, entries, d, attribute)


@jinja2.pass_eval_context
def _replace(context: Any, s: str, old: str, new: str, count: int | None = None) -> Any:
    if str(s).count(str(old)) * len(str(new)) > MOST_HELD:
        raise SecurityError(_TOO_MUCH)
    return jinja2.filters.do_replace(context, s, old, new, count)
