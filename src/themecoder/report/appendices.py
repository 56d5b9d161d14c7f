"""What stands at the end of a report: how far the coders agreed, and the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from themecoder.agreement.rows import Row
from themecoder.counts.layout import ALL
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text
from themecoder.report.content import Ingredients
from themecoder.report.model import AgreementRow, CodeEntry


def agreement(made: Ingredients) -> Iterable[AgreementRow]:
    if made.findings is None:
        return
    together: Mapping[tuple[str, str], Row] = {
        (row.code, row.coefficient): row
        for row in made.findings.rows
        if row.question == ALL and row.coder_pair == ALL
    }
    wanted = [(ALL, "krippendorff_alpha_masi", made.say("all_codes"))]
    wanted += [(code.id, "krippendorff_alpha", code.label) for code in made.book.usable]
    for code, coefficient, label in wanted:
        row = together.get((code, coefficient))
        if row is None:
            continue
        interval = ""
        if row.ci_low is not None and row.ci_high is not None:
            interval = span_text(row.ci_low, row.ci_high, 2, made.language)
        share = ""
        if row.prevalence is not None:
            share = number_text(100 * row.prevalence, 1, made.language) + "%"
        value = number_text(row.value, 2, made.language)
        yield AgreementRow(label, value, interval, made.whole(row.n_answers), share)


def agreement_note(made: Ingredients) -> str:
    if not made.counts.source.confirmed:
        return made.say("no_coders")
    return made.say("agreement_note" if made.findings else "no_agreement")


def codebook(made: Ingredients) -> Iterable[tuple[str, tuple[CodeEntry, ...]]]:
    for group, members in made.book.by_group:
        entries = tuple(
            CodeEntry(c.label, c.id, c.definition, c.include.rstrip("."), c.exclude.rstrip("."))
            for c in members
            if not c.retired
        )
        if entries:
            yield group.label if group else made.say("no_group"), entries


def codebook_note(made: Ingredients) -> str:
    book = made.book
    name = f"{book.title or book.id} {book.version}"
    if not book.released:
        return made.say("codebook_draft", name=name)
    return made.say("codebook_released", name=name, date=date_text(book.released, made.language))


def date_text(date: str, language: str) -> str:
    """``24 november 2026`` of 2026-11-24."""
    year, month, day = date.split("-")
    name = message("report.months", language).split("|")[int(month) - 1]
    return f"{int(day)} {name} {year}"
