"""A codebook file as a person wrote it: read with its lines, changed with its comments kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from themecoder.codebook.files.typed_text import NotLineByLineError, changed_text, loaded
from themecoder.codebook.findings import CodebookFinding
from themecoder.codebook.findings import Path as KeyPath
from themecoder.codebook.model import Codebook
from themecoder.codebook.parse import parse
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import read_text

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_DOUBLE = re.compile(r'found duplicate key "(.*?)"')


class CodebookDocument:
    """The text of a codebook file and what is in it."""

    def __init__(self, text: str, file: Path) -> None:
        """Raises InputError where ``text`` is no YAML; other problems are in ``findings``."""
        self.text = text
        self.file = file
        conflict = _CONFLICT.search(text)
        if conflict:
            row = text[: conflict.start()].count("\n") + 1
            raise InputError(Problem("codebook.git_conflict", file=file, row=row))
        try:
            self._data: Any = loaded(text)
        except DuplicateKeyError as error:
            name = _DOUBLE.search(error.problem or "")
            raise InputError(
                Problem(
                    "codebook.double_key",
                    {"name": name[1] if name else "?"},
                    file=file,
                    row=error.problem_mark.line + 1,
                )
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or ""
            raise InputError(
                Problem(
                    "codebook.not_yaml",
                    {"reason": reason},
                    file=file,
                    row=mark.line + 1 if mark else None,
                    column=mark.column + 1 if mark else None,
                )
            ) from error
        except YAMLError as error:
            reason = str(error).splitlines()[0]
            raise InputError(Problem("codebook.not_yaml", {"reason": reason}, file=file)) from error
        self.codebook, self.findings = parse(self._data)

    def problems(self, findings: Sequence[CodebookFinding]) -> list[Problem]:
        """The findings with the lines that they stand on, in the order of the file."""
        found = []
        for finding in findings:
            code = self._code_at(finding.path)
            params = {"code": f"{code}: " if code else "", **finding.params}
            row = self.row(finding.path)
            found.append(Problem(f"codebook.{finding.key}", params, file=self.file, row=row))
        return sorted(found, key=lambda problem: problem.row or 0)

    def row(self, path: KeyPath) -> int:
        """The line of the key or list entry at ``path``, or of the innermost that is there."""
        node, row = self._data, 1
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

    def changed(self, book: Codebook) -> str:
        """The file's text after it was changed into ``book``; what is the same stays as typed.

        Raises InputError where the file is written in a way that can't be changed line by line.
        """
        try:
            text = changed_text(self.text, self._data, self.codebook, book)
            if parse(loaded(text)) == (book, []):
                return text
        except (YAMLError, NotLineByLineError):
            pass
        raise InputError(Problem("codebook.not_editable", file=self.file))

    def _code_at(self, path: KeyPath) -> str:
        if len(path) < 2 or path[0] not in ("codes", "groups") or not isinstance(path[1], int):
            return ""
        entries = self.codebook.codes if path[0] == "codes" else self.codebook.groups
        return entries[path[1]].id if path[1] < len(entries) else ""


def read_document(file: Path) -> CodebookDocument:
    """The codebook file ``file``. Raises InputError where it can't be read or is no YAML."""
    return CodebookDocument(read_text(file, "codebook").replace("\r\n", "\n"), file)
