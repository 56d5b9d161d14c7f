"""The parts of a condition: the answers of a net, the options of an ``or``."""

from __future__ import annotations

from themecoder.expressions import Expression
from themecoder.expressions.nodes import And, Node, OneOf, Or


def options(condition: Expression) -> list[Expression]:
    """The parts of a condition that is an ``or``; else the condition itself."""
    root = condition.root
    return [Expression(part) for part in root.parts] if isinstance(root, Or) else [condition]


def answers(condition: Expression) -> list[Expression]:
    """The parts that hold one answer each: of ``q9 in a,c``, of an ``or``, also inside an ``and``.

    The condition alone where it has no parts.
    """
    return [Expression(part) for part in _answers(condition.root)]


def _answers(node: Node) -> list[Node]:
    if isinstance(node, OneOf) and not node.negated:
        return [OneOf(node.column, (value,)) for value in node.values]
    if isinstance(node, Or):
        return [answer for part in node.parts for answer in _answers(part)]
    if isinstance(node, And):
        for place, part in enumerate(node.parts):
            inside = _answers(part)
            if len(inside) > 1:
                before, after = node.parts[:place], node.parts[place + 1 :]
                return [And((*before, answer, *after)) for answer in inside]
    return [node]
