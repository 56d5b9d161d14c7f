"""Agreement on the values of codes, on the agreement page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import plots
from themecoder.agreement.html.words import PageWords
from themecoder.agreement.rows import ALL, AgreementRow
from themecoder.agreement.values import OF_VALUES
from themecoder.codebook.model import Codebook


@dataclass(frozen=True, slots=True)
class ValueLine:
    """Alpha of a code's values over all questions; ``why``: in words where there is none."""

    label: str
    scale: str
    values: str
    row: AgreementRow
    plot: Markup
    why: str


def values(
    findings: AgreementFindings, book: Codebook, words: PageWords
) -> tuple[tuple[ValueLine, ...], plots.Axis]:
    """From the lowest alpha, what is undefined last."""
    rows = [
        row
        for row in findings.rows
        if (row.question, row.coder_pair) == (ALL, ALL) and row.coefficient in OF_VALUES
    ]
    axis = plots.axis_for(rows, True)
    lines = []
    for row in sorted(rows, key=lambda row: (row.value is None, row.value or 0.0)):
        code = book.find(row.code)
        if code is None:
            continue
        why = words.reason(row.undefined_because) if row.value is None else ""
        names = ", ".join(value.label or value.id for value in code.values)
        lines.append(
            ValueLine(code.label or code.id, code.scale, names, row, plots.dot(row, axis), why)
        )
    return tuple(lines), axis
