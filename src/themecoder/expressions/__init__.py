"""The one small language for bases, subgroups and quoted figures: ``q3=a and not q6_d``.

``parse`` reads it, ``Expression`` evaluates it, ``check`` holds it against an export.
What each form means is in docs/expressions.md.
"""

from themecoder.expressions.nodes import Expression
from themecoder.expressions.parser import parse
from themecoder.survey.expression_check import check

__all__ = ["Expression", "check", "parse"]
