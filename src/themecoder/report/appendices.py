"""What stands behind a report's results: agreement of the coders, and the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from themecoder.agreement.rows import AgreementRow
from themecoder.agreement.values import OF_SCALE
from themecoder.counts.formats.view import HIDDEN
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import INDENT
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text
from themecoder.report.data import ReportData
from themecoder.report.model import CodeEntry, ReportAgreement


def agreement(data: ReportData) -> Iterable[ReportAgreement]:
    if data.findings is None:
        return
    row_of: Mapping[tuple[str, str], AgreementRow] = {
        (row.code, row.coefficient): row
        for row in data.findings.rows
        if row.question == ALL_RESPONDENTS and row.coder_pair == ALL_RESPONDENTS
    }
    listed = [(ALL_RESPONDENTS, "krippendorff_alpha_masi", data.say("all_codes"))]
    for one in data.book.usable:
        listed.append((one.id, "krippendorff_alpha", one.label))
        if one.values:
            listed.append((one.id, OF_SCALE[one.scale], data.say("values_of", code=one.label)))
    for code, coefficient, label in listed:
        row = row_of.get((code, coefficient))
        if row is None:
            continue
        interval = ""
        if row.ci_low is not None and row.ci_high is not None:
            interval = span_text(row.ci_low, row.ci_high, 2, data.language)
        share = HIDDEN if row.hidden else ""
        if row.prevalence is not None:
            share = number_text(100 * row.prevalence, 1, data.language) + "%"
        value = number_text(row.value, 2, data.language)
        answers = HIDDEN if row.n_answers is None else data.whole(row.n_answers)
        yield ReportAgreement(label, value, interval, answers, share)


def agreement_note(data: ReportData) -> str:
    if not data.counts.source.confirmed:
        return data.say("no_coders")
    return data.say("agreement_note" if data.findings else "no_agreement")


def codebook(data: ReportData) -> Iterable[tuple[str, tuple[CodeEntry, ...]]]:
    tree = data.book.tree
    for group, members in data.book.by_group:
        entries = tuple(
            CodeEntry(
                INDENT * tree.depth(c.id) + c.label,
                c.id,
                c.definition,
                c.include.rstrip("."),
                c.exclude.rstrip("."),
            )
            for c in members
            if not c.retired
        )
        if entries:
            yield group.label if group else data.say("no_group"), entries


def codebook_note(data: ReportData) -> str:
    book = data.book
    name = f"{book.title or book.id} {book.version}"
    if not book.released:
        return data.say("codebook_draft", name=name)
    return data.say("codebook_released", name=name, date=date_text(book.released, data.language))


def date_text(date: str, language: str) -> str:
    """``24 november 2026`` of 2026-11-24."""
    year, month, day = date.split("-")
    name = message("report.months", language).split("|")[int(month) - 1]
    return f"{int(day)} {name} {year}"
