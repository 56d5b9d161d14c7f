"""Everything that can be wrong with a codebook that could be read."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.codebook.checks import one_version, versions
from themecoder.codebook.checks.given import CodebookVersions
from themecoder.codebook.findings import CodebookFinding
from themecoder.codebook.model import Codebook


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
    order = {name: place for place, name in enumerate(("id", "groups", "codes", "changes"))}
    return sorted(
        findings,
        key=lambda f: (
            order.get(str(f.path[0]), 0) if f.path else 0,
            _list_positions(f),
        ),
    )


def _list_positions(finding: CodebookFinding) -> tuple[int, ...]:
    return tuple(part for part in finding.path if isinstance(part, int))
