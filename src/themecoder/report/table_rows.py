"""The rows of a report's tables: a theme on a question, and the answers to a closed question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from themecoder.counts.count_rows import Count
from themecoder.counts.formats.view import HIDDEN, percent
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.tables import ANY
from themecoder.messages import message
from themecoder.output.numbers import NO_NUMBER, number_text, span_text
from themecoder.report.data import ReportData
from themecoder.report.model import ReportClosed, ReportItem, TableRow


def table_row(data: ReportData, row: Count, label: str) -> TableRow:
    """A count as a row of a table."""
    decimals, language = data.config.counts.decimals, data.language
    if row.suppressed:
        weighted = HIDDEN if data.counts.effective_base else ""
        return TableRow(label, HIDDEN, HIDDEN, "", "", weighted)
    interval = with_coders = weighted = ""
    if row.ci_low is not None and row.ci_high is not None:
        interval = span_text(row.ci_low, row.ci_high, decimals, language) + "%"
    error = data.counts.coder_intervals(row.question).get((row.question, row.code))
    if error is not None and error.low is not None and error.high is not None:
        with_coders = span_text(error.low, error.high, decimals, language) + "%"
    if row.weighted is not None:
        weighted = number_text(row.weighted.percent, decimals, language) + "%"
    if row.n is None and row.coded_n is not None:
        # an estimate: nobody knows how many have the code
        label = data.say("coded_by_people", label=label, n=data.whole(row.coded_n))
        with_coders = number_text(row.worth_n, 0, language)
    share = percent(row, decimals, language)
    return TableRow(label, data.whole(row.n), share, interval, with_coders, weighted)


def closed_results(data: ReportData) -> Iterable[ReportClosed]:
    """Each closed question with its answers, of everyone; and the mean of one with numbers."""
    counts = data.counts
    rows: dict[str, list[Count]] = {}
    for row in counts.rows:
        if row.question not in counts.open_questions and row.subgroup == ALL_RESPONDENTS:
            rows.setdefault(row.question, []).append(row)
    means = {one.question: one for one in counts.numbers if one.subgroup == ALL_RESPONDENTS}
    for question in dict.fromkeys((*rows, *means)):
        answers = rows.get(question, [])
        mean = means.get(question)
        base = mean.base_n if mean else answers[0].base_n
        said = ""
        if mean is not None:
            shown = mean.n is not None and not mean.suppressed
            values = [mean.mean, mean.sd, mean.median] if shown else [None] * 3
            texts = [
                (NO_NUMBER if shown else HIDDEN)
                if value is None
                else number_text(value, 1, data.language)
                for value in values
            ]
            n = HIDDEN if mean.n is None else data.whole(mean.n)
            said = data.say("mean", n=n, mean=texts[0], sd=texts[1], median=texts[2])
        yield ReportClosed(
            f"{counts.question_labels[question]} (n = {data.whole(base)})",
            said,
            tuple(table_row(data, row, _answer(data, row)) for row in answers),
            tuple(_items(data, answers)) if answers and answers[0].code != ANY else (),
        )


def _items(data: ReportData, rows: Sequence[Count]) -> Iterable[ReportItem]:
    """The rows of a matrix by item: the item's own row, then one for each answer to it."""
    item, *others = rows
    label, prefix = _answer(data, item), f"{item.code}="
    answers = list(takewhile(lambda row: row.code.startswith(prefix), others))
    named = [(row, _answer(data, row).removeprefix(f"{label}: ")) for row in answers]
    told = tuple(table_row(data, row, name) for row, name in named)
    yield ReportItem(label, table_row(data, item, label), told)
    if others[len(answers) :]:
        yield from _items(data, others[len(answers) :])


def _answer(data: ReportData, row: Count) -> str:
    if row.code == ANY:
        # the counts say it in the study's language, a report may be in another
        return message("counts.label.answered", data.language)
    return data.counts.code_labels[row.question, row.code]
