"""Everything that can be wrong with a codebook that could be read."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.codebook.checks import one_version, versions
from themecoder.codebook.checks.given import CodebookVersions
from themecoder.codebook.findings import CodebookFinding
from themecoder.codebook.model import Codebook

_SECTIONS = ("id", "groups", "codes", "changes")  # in the order of the file


def check(
    book: Codebook,
    earlier: Sequence[Codebook] = (),
    questions: Sequence[str] | None = None,
) -> list[CodebookFinding]:
    """Every problem in ``book``, in the order of its file."""
    given = CodebookVersions(
        book, tuple(earlier), tuple(questions) if questions is not None else None
    )
    findings = [
        finding for rule in (*one_version.RULES, *versions.RULES) for finding in rule(given)
    ]
    return sorted(findings, key=_place_in_file)


def _place_in_file(finding: CodebookFinding) -> tuple[int, tuple[int, ...]]:
    positions = tuple(part for part in finding.path if isinstance(part, int))
    section = str(finding.path[0]) if finding.path else ""
    return _SECTIONS.index(section) if section in _SECTIONS else 0, positions
