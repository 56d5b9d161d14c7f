"""A study's counts in which the shares of codes are estimates, for what prints counts."""

from __future__ import annotations

from dataclasses import replace

from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import Count
from themecoder.counts.estimates import RESPONDENTS, PpiBasis, PpiRow
from themecoder.counts.ppi.study_ppi import study_ppi
from themecoder.counts.result import Counts, Coverage
from themecoder.counts.study_counts import study_counts
from themecoder.workspace.folder import StudyFolder


def estimated_counts(study: StudyFolder, source: CodingSource) -> Counts:
    """The counts of closed questions, and estimates of the open ones that people coded in part.

    By all attributes. An estimate has no n, and of differences between groups there are no tests.
    Raises InputError where what people coded is no random part.
    """
    estimate = study_ppi(study, by=None, people=source.people)
    counted = study_counts(study, source=source.people)
    rows = {
        (row.question, row.code, row.subgroup): row
        for row in estimate.rows
        if row.unit == RESPONDENTS
    }
    bases = {basis.question: basis for basis in estimate.bases}
    open_ones = {*counted.open_questions}
    return replace(
        counted,
        source=source,
        bases=tuple(
            _coverage(basis, bases[basis.question]) if basis.question in open_ones else basis
            for basis in counted.bases
        ),
        rows=tuple(
            _count(row, rows[row.question, row.code, row.subgroup])
            if row.question in open_ones
            else row
            for row in counted.rows
        ),
        differences=tuple(one for one in counted.differences if one.question not in open_ones),
        pairs=(),
        coder_errors=(),
        estimate=estimate,
    )


def _coverage(counted: Coverage, basis: PpiBasis) -> Coverage:
    """Coded is what people coded of the random part."""
    left = basis.machine_n - basis.human_n
    return Coverage(counted.question, counted.asked, counted.content, basis.human_n, left)


def _count(counted: Count, row: PpiRow) -> Count:
    """Of what is not shown nobody knows whether it is much or little."""
    return Count(
        row.question,
        row.code,
        row.subgroup,
        None,
        counted.base_n,
        row.percent,
        row.ci_low,
        row.ci_high,
        suppressed="guard" if row.suppressed else None,
        coded_n=row.human_n,
        uncoded_n=row.machine_n - row.human_n,
        worth_n=row.worth_n,
    )
