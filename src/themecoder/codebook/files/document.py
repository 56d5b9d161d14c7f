"""A codebook file as a person wrote it: read with its lines, changed with its comments kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from themecoder.codebook.files.typed_text import changed_text
from themecoder.codebook.findings import CodebookFinding
from themecoder.codebook.findings import Path as KeyPath
from themecoder.codebook.model import Codebook
from themecoder.codebook.parse import parse
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import read_text
from themecoder.storage.yaml_editor import YamlEditor
from themecoder.storage.yaml_text import row_of

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


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
        self._editor = YamlEditor(text, file, "codebook")
        self.codebook, self.findings = parse(self._editor.data)

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
        return row_of(self._editor.data, path)

    def changed(self, book: Codebook) -> str:
        """The file's text after it was changed into ``book``; what is the same stays as typed.

        Raises InputError where the file is written in a way that can't be changed line by line.
        """
        made = changed_text(self._editor, self.codebook, book)
        if parse(made.data) != (book, []):
            raise InputError(Problem("codebook.not_editable", file=self.file))
        return made.text

    def _code_at(self, path: KeyPath) -> str:
        if len(path) < 2 or path[0] not in ("codes", "groups") or not isinstance(path[1], int):
            return ""
        entries = self.codebook.codes if path[0] == "codes" else self.codebook.groups
        return entries[path[1]].id if path[1] < len(entries) else ""


def read_document(file: Path) -> CodebookDocument:
    """The codebook file ``file``. Raises InputError where it can't be read or is no YAML."""
    return _parsed(read_text(file, "codebook").replace("\r\n", "\n"), file)


@lru_cache(maxsize=16)
def _parsed(text: str, file: Path) -> CodebookDocument:
    """Parsing takes a third of a second, and a check of figures reads the codebook for each of
    them. A document is never changed, so the same text of the same file may be the same one."""
    return CodebookDocument(text, file)
