"""YAML that people type: read with its lines, and written anew."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from themecoder.errors import InputError, Problem
from themecoder.storage.yaml_bounds import TOO_DEEP, check_bounds

KeyPath = Sequence[str | int]
"""Keys and list positions from the top of the file: ("codes", 3, "label")."""
WIDTH = 100
_DOUBLE = re.compile(r'found duplicate key "(.*?)"')


def load_yaml(text: str, file: Path, area: str) -> Any:
    """The data of ``text``, with line numbers.

    Raises InputError, ``<area>.not_yaml`` or ``<area>.double_key``, where ``text`` is no YAML.
    """
    try:
        check_bounds(text)
        return yaml().load(text)
    except RecursionError:
        raise InputError(Problem(f"{area}.not_yaml", {"reason": TOO_DEEP}, file=file)) from None
    except (YAMLError, ValueError) as error:
        told = [getattr(error, name, None) for name in ("problem", "context")]
        marks = [getattr(error, f"{name}_mark", None) for name in ("problem", "context")]
        reason = next(filter(None, [*told, str(error), type(error).__name__])).splitlines()[0]
        mark = next(filter(None, marks), None)
    double = _DOUBLE.search(reason)
    params = {"name": double[1]} if double else {"reason": reason}
    key = f"{area}.double_key" if double else f"{area}.not_yaml"
    row, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    raise InputError(Problem(key, params, file=file, row=row, column=column))


def row_of(data: Any, path: KeyPath) -> int:
    """The line of the key or list entry at ``path``, or of the innermost that is there."""
    node, row = data, 1
    for part in path:
        try:
            if isinstance(node, CommentedMap):
                row = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq):
                row = node.lc.item(part)[0] + 1
            node = node[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return row


def dump_yaml(data: Mapping[str, Any], offset: int = 0, width: int = WIDTH) -> str:
    """``data`` as the text of a new file; ``offset`` indents the entries of lists."""
    stream = io.StringIO()
    plain = data if isinstance(data, CommentedMap) else CommentedMap(data)
    yaml(offset, width).dump(plain, stream)
    # ruamel leaves a space where a long line is folded
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def in_brackets(values: Sequence[Any] | Mapping[str, Any]) -> Any:
    """``values`` as they are written on one line: ``[a, b]`` or ``{a: b}``."""
    made = CommentedMap(values) if isinstance(values, Mapping) else CommentedSeq(values)
    made.fa.set_flow_style()
    return made


def yaml(offset: int = 0, width: int = WIDTH) -> YAML:
    """What reads and writes YAML as it stands in files that people type."""
    made = YAML()
    made.width = width
    made.preserve_quotes = True
    made.allow_duplicate_keys = False
    made.indent(mapping=2, sequence=offset + 2, offset=offset)
    made.representer.add_representer(type(None), _null)
    return made


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")
