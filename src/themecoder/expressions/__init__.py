"""The one small language for bases, subgroups and quoted figures: ``q3=a and not q6_d``.

``parse`` reads it, ``Expression`` evaluates it.
What each form means is in docs/expressions.md.
"""

from themecoder.expressions.nodes import Expression
from themecoder.expressions.parser import parse

__all__ = ["Expression", "parse"]
