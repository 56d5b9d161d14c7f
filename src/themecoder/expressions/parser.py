"""From text to an expression, and what to say where the text is not one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from lark import Lark, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from themecoder.errors import InputError, Problem
from themecoder.expressions import nodes, patterns

if TYPE_CHECKING:
    from lark import Lark, Token

LONGEST = 4000  # characters; keeps the depth of nesting below what the interpreter can walk

# Which sentence fits, by a terminal that could have stood at the spot: the first one that does.
_EXPECTED = (
    ("VALUE", "value"),
    ("NUMBER", "number"),
    ("PATTERN", "pattern"),
    ("NAME", "condition"),
    ("_EQ", "after_column"),
    ("_EMPTY", "empty"),
    ("_COMMA", "after_value"),
    ("_AND", "after_condition"),
    ("_OR", "after_condition"),
    ("_RPAR", "after_condition"),
    ("$END", "after_condition"),
    ("_IN", "in"),
)
# What people type for an operator, in Dutch or as in other programs, and what to write.
_OTHER_OPERATORS = {
    **{"en": "and", "of": "or", "niet": "not", "alle": "all", "allen": "all"},
    **{"&": "and", "&&": "and", "|": "or", "||": "or"},
}


def parse(text: str) -> nodes.Expression:
    """The expression that ``text`` holds.

    Raises InputError with the line at fault and a caret under the spot. Column names are not looked
    up here: ``check`` does that against an export.
    """
    if len(text) > LONGEST:
        raise InputError(Problem("expression.too_long", {"characters": len(text), "most": LONGEST}))
    try:
        return nodes.Expression(cast("nodes.Node", _parser().parse(text)))
    except UnexpectedToken as error:
        at_end = error.token.type == "$END"
        at = len(text.rstrip()) if at_end else (error.token.start_pos or 0)
        raise InputError(_syntax_problem(text, at, error.accepts or error.expected)) from None
    except UnexpectedCharacters as error:
        raise InputError(
            _syntax_problem(text, error.pos_in_stream or 0, error.allowed or ())
        ) from None
    except _Refused as refused:
        raise InputError(_problem(refused.key, text, refused.at, **refused.params)) from None


class _Refused(Exception):
    """A text that the grammar takes and the language does not, with the spot."""

    def __init__(self, key: str, at: int, **params: Any) -> None:
        super().__init__(key)
        self.key, self.at, self.params = key, at, params


@lru_cache(maxsize=1)
def _parser() -> Lark:
    @v_args(inline=True)
    class Build(Transformer):  # type: ignore[type-arg]
        """Makes the nodes while the parser runs; method names are the grammar's."""

        def disjunction(self, *parts: nodes.Node) -> nodes.Node:
            return nodes.joined(nodes.Or, parts)

        def conjunction(self, *parts: nodes.Node) -> nodes.Node:
            return nodes.joined(nodes.And, parts)

        def negated(self, part: nodes.Node) -> nodes.Node:
            return nodes.negation(part)

        def bracketed(self, part: nodes.Node) -> nodes.Node:
            return part

        def everybody(self) -> nodes.Node:
            return nodes.All()

        def ticked(self, column: str) -> nodes.Node:
            return nodes.Ticked(column)

        def equal(self, column: str, value: str) -> nodes.Node:
            return nodes.OneOf(column, (value,))

        def unequal(self, column: str, value: str) -> nodes.Node:
            return nodes.OneOf(column, (value,), negated=True)

        def one_of(self, column: str, values: tuple[str, ...]) -> nodes.Node:
            return nodes.OneOf(column, values)

        def none_of(self, column: str, values: tuple[str, ...]) -> nodes.Node:
            return nodes.OneOf(column, values, negated=True)

        def compared(self, column: str, operator: Token, bound: Token) -> nodes.Node:
            return nodes.Compare(
                column, operator.replace("≤", "<=").replace("≥", ">="), _unambiguous_number(bound)
            )

        def matching(self, column: str, pattern: Token) -> nodes.Node:
            text = _unquoted(pattern) if pattern.type == "STRING" else str(pattern)
            flaw = patterns.flaw(text)
            if flaw:
                params = {"reason": flaw.reason, "most": patterns.LONGEST}
                key = f"expression.pattern_{flaw.kind}"
                raise _Refused(key, pattern.start_pos or 0, **params)
            return nodes.Matches(column, text)

        def empty(self, column: str) -> nodes.Node:
            return nodes.IsEmpty(column)

        def not_empty(self, column: str) -> nodes.Node:
            return nodes.IsEmpty(column, negated=True)

        def column(self, token: Token) -> str:
            if token.type == "BACKQUOTED":
                return token[1:-1].replace("``", "`")
            return token[1:-1] if token.type == "BRACKETED" else str(token)

        def value(self, token: Token) -> str:
            return _unquoted(token) if token.type == "STRING" else str(token)

        def values(self, *values: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(values))

    grammar = resources.files(__package__) / "grammar.lark"
    return Lark(
        grammar.read_text(encoding="utf-8"), parser="lalr", lexer="contextual", transformer=Build()
    )


def _unquoted(token: Token) -> str:
    quote = token[0]
    return token[1:-1].replace(quote * 2, quote)


def _unambiguous_number(token: Token) -> Decimal:
    """The number of a comparison. ``1.000`` may mean one or a thousand, so it is refused."""
    whole, decimals = re.fullmatch(r"([^.,]*)(?:[.,](\d+))?", token).groups()  # type: ignore[union-attr]
    if decimals is not None and len(decimals) == 3 and whole.lstrip("+-0"):
        params = {"thousand": whole + decimals, "decimal": f"{whole}.{decimals}0"}
        raise _Refused("expression.ambiguous_number", token.start_pos or 0, **params)
    return Decimal(token.replace(",", "."))


def _syntax_problem(text: str, at: int, expected: Iterable[str]) -> Problem:
    """The problem for a text that stops being an expression at ``at``."""
    possible = set(expected)
    word = re.match(r"\w+|\W", text[at:])
    stray = word.group().casefold() if word else ""
    if stray in _OTHER_OPERATORS and not possible & {"VALUE", "NUMBER", "PATTERN"}:
        params = {"found": stray, "write": _OTHER_OPERATORS[stray]}
        return _problem("expression.syntax_operator", text, at, **params)
    if stray and stray in nodes.CURLY:
        return _problem("expression.syntax_curly_quote", text, at)
    if (stray in ('"', "'") and "STRING" in possible) or (
        stray in ("`", "[") and "NAME" in possible
    ):
        return _problem("expression.syntax_unclosed_quote", text, at, quote=stray)
    kind = next((kind for terminal, kind in _EXPECTED if terminal in possible), "condition")
    if not text.strip():
        kind = "blank"
    elif kind == "after_condition" and stray in (",", ")"):
        kind = "comma" if stray == "," else "extra_bracket"
    elif kind == "after_condition" and not stray:
        kind = "unclosed_bracket"  # at the end nothing else can be amiss after a whole condition
    return _problem(f"expression.syntax_{kind}", text, at)


def _problem(key: str, text: str, at: int, **params: Any) -> Problem:
    line, caret = pointed(text, at)
    return Problem(key, {"line": line, "caret": caret, **params})


def pointed(text: str, at: int) -> tuple[str, str]:
    """The line of ``text`` that holds position ``at``, and a line with a caret under it.

    Widths are those of a terminal: East Asian wide characters and emoji take two cells, combining
    marks none; a control character is shown as one space.
    """
    start = max(text.rfind(end, 0, at) for end in "\r\n") + 1
    stops = (text.find(end, at) for end in "\r\n")
    stop = min((place for place in stops if place >= 0), default=len(text))
    line = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text[start:stop])
    return line, " " * sum(_width(character) for character in line[: at - start]) + "^"


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
