"""What a study's report says, put together from counts, quotes, agreement and codebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html.methods import methods
from themecoder.agreement.rows import AgreementRow
from themecoder.codebook.model import Code, Codebook
from themecoder.counts.count_rows import Count
from themecoder.counts.formats.view import HIDDEN, percent, source_notes
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import ALL_QUESTIONS, Counts
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text
from themecoder.quotes.formats.files import attribution
from themecoder.quotes.model import Quotes
from themecoder.report.manifest import Manifest
from themecoder.report.model import (
    CodeEntry,
    Report,
    ReportAgreement,
    ReportBase,
    ReportPart,
    ReportSection,
    ReportTheme,
    Said,
    TableRow,
)
from themecoder.report.plots import PlotFigure, bars, dots, unconfirmed
from themecoder.settings.model import StudyConfig
from themecoder.version import __version__

_WORDS = (
    "contents", "method", "overview", "agreement", "codebook", "manifest", "question", "asked",
    "content", "coded", "interval", "weighted", "theme", "alpha", "answers", "prevalence",
    "definition", "include", "exclude", "manifest_lead", "page", "kicker", "made_from", "value",
    "figure",
)  # fmt: skip
_BRACKETS = re.compile(r"(\[[^\]]+\])")


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report is put together from. ``target`` and ``screened``: respondents inside and
    outside the target group. ``findings``: None where no two coders coded."""

    config: StudyConfig
    language: str
    target: int
    screened: int
    book: Codebook
    counts: Counts
    quotes: Quotes
    findings: AgreementFindings | None

    def say(self, key: str, **params: object) -> str:
        return message(f"report.{key}", self.language, **params)

    def whole(self, number: int) -> str:
        return number_text(number, 0, self.language)

    @property
    def questions(self) -> tuple[str, ...]:
        """The open questions that are coded, and after several of them all together."""
        return self.counts.open_questions

    @property
    def hidden_note(self) -> str:
        """What the sign for counts that are not shown means."""
        smallest = self.counts.smallest
        return message("counts.note.hidden", self.language, mark=HIDDEN, smallest=smallest)


def content(made: ReportData, facts: Manifest) -> Report:
    """The report, without anything that depends on when it is made."""
    say, config = made.say, made.config
    words = {key: say(f"words.{key}") for key in _WORDS}
    sections = tuple(_sections(made))
    first, last = ("method", "overview"), ("agreement", "codebook", "manifest")
    return Report(
        title=config.title,
        language=made.language,
        synthetic=config.synthetic or "",
        unconfirmed=unconfirmed(made.counts, made.language),
        weighted=made.counts.effective_base is not None,
        contents=(
            *(words[key] for key in first),
            *(section.label for section in sections),
            *(words[key] for key in last),
        ),
        method=tuple(_method(made)),
        bases=tuple(_bases(made)),
        overview=_overview(made),
        sections=sections,
        agreement=tuple(agreement(made)),
        agreement_note=agreement_note(made),
        codebook=tuple(codebook(made)),
        codebook_note=codebook_note(made),
        notes=tuple(_notes(made)),
        manifest=tuple((say(f"fact.{key}", **params), value) for key, params, value in facts.told),
        words=words,
    )


def _method(made: ReportData) -> Iterable[tuple[ReportPart, ...]]:
    language, counts = made.language, made.counts
    everybody = made.whole(made.target + made.screened)
    who = "screened" if made.screened else "respondents"
    many = "one" if len(made.config.questions) == 1 else "many"
    asked = made.say(f"questions_{many}", questions=len(made.config.questions))
    yield _parts(f"{made.say(who, n=made.whole(made.target), all=everybody)} {asked}")
    if made.findings:
        yield _parts(methods(made.findings, language, f"themecoder {__version__}"))
    else:
        kind = "coded" if counts.source.confirmed else "suggested"
        yield _parts(made.say(f"{kind}_with", version=made.book.version))
    level = number_text(100 * counts.level, 0, language)
    lines = [message(f"counts.note.base_{counts.base}", language)]
    lines.append(made.say("interval_text", level=level))
    if counts.effective_base is not None:
        size = number_text(counts.effective_base, 0, language)
        lines.append(made.say("weighted_text", n=size))
    yield _parts(" ".join(lines))
    if made.quotes.shown:
        yield _parts(made.say("consent" if made.quotes.consent else "no_consent"))


def _notes(made: ReportData) -> Iterable[str]:
    """What a reader must know of all counts and quotes."""
    yield from source_notes(made.counts, made.language)
    uncoded = next(b.uncoded for b in made.counts.bases if b.question == made.questions[-1])
    if uncoded:
        yield message("counts.note.uncoded", made.language, n=made.whole(uncoded))
    if any(row.suppressed for row in made.counts.rows):
        yield made.hidden_note
    if made.quotes.shown:
        if made.quotes.confirmed:
            yield message("quotes.note.bold", made.language)
        yield made.say("masked")


def _parts(text: str) -> tuple[ReportPart, ...]:
    """What stands between square brackets is for the researcher to fill in."""
    found = _BRACKETS.split(text)
    return tuple(ReportPart(piece, place % 2 == 1) for place, piece in enumerate(found) if piece)


def _bases(made: ReportData) -> Iterable[ReportBase]:
    for one in made.counts.bases:
        if one.question in made.questions:
            numbers = (made.whole(n) for n in (one.asked, one.content, one.coded))
            yield ReportBase(_question(made, one.question), *numbers)


def _question(made: ReportData, question: str) -> str:
    if question == ALL_QUESTIONS:
        return message("counts.label.pooled", made.language)
    return made.counts.question_labels[question]


def _by_size(made: ReportData, codes: Iterable[Code]) -> list[Code]:
    """The most mentioned first, those that are not shown last, in the codebook's order."""

    def size(code: Code) -> int:
        row = made.counts.find(code.id, made.questions[-1])
        return -(row.n or 0) if row else 0

    return sorted(codes, key=size)


def _bars(made: ReportData, codes: Sequence[Code], caption: str) -> PlotFigure:
    named = [(code.id, code.label) for code in codes]
    decimals = made.config.counts.decimals
    return bars(
        made.counts, named, made.questions[-1], ALL_RESPONDENTS, caption, made.language, decimals
    )


def _overview(made: ReportData) -> PlotFigure:
    codes = [code for code in made.book.usable if not code.exclusive]
    return _bars(made, _by_size(made, codes), made.say("overview_text"))


def _sections(made: ReportData) -> Iterable[ReportSection]:
    usable = {code.id for code in made.book.usable if not code.exclusive}
    for group, members in made.book.by_group:
        codes = _by_size(made, [code for code in members if code.id in usable])
        if not codes:
            continue
        label = group.label if group else made.say("no_group")
        figures = [_bars(made, codes, made.say("bars_text", group=label))]
        if made.config.attributes:
            first = made.config.attributes[0]
            by = dots(
                made.counts,
                [(code.id, code.label) for code in codes],
                made.questions[-1],
                first.id,
                made.say("groups_text", group=label, attribute=first.label),
                made.language,
                made.config.counts.decimals,
            )
            figures += [by] if by else []
        themes = tuple(_theme(made, code) for code in codes)
        gaps = any(row.n == HIDDEN for theme in themes for row in theme.rows)
        yield ReportSection(label, tuple(figures), themes, made.hidden_note if gaps else "")


def _theme(made: ReportData, code: Code) -> ReportTheme:
    nobody = message("quotes.respondent", made.language)
    said = []
    for one in made.quotes.of(code.id):
        who = attribution(made.quotes, one, made.language) or nobody
        bold = one.marked and bool(one.before or one.after)
        said.append(Said(one.before, one.quote, one.after, who, bold))
    rows = tuple(_row(made, question, code.id) for question in made.questions)
    return ReportTheme(code.id, code.label, code.definition, rows, tuple(said))


def _row(made: ReportData, question: str, code: str) -> TableRow:
    row: Count | None = made.counts.find(code, question, ALL_RESPONDENTS)
    assert row is not None  # the tables have every usable code
    decimals, language = made.config.counts.decimals, made.language
    label = f"{_question(made, question)} (n = {made.whole(row.base_n)})"
    if row.n is None:
        return TableRow(label, HIDDEN, HIDDEN, "", HIDDEN if made.counts.effective_base else "")
    interval = weighted = ""
    if row.ci_low is not None and row.ci_high is not None:
        interval = span_text(row.ci_low, row.ci_high, decimals, language) + "%"
    if row.weighted is not None:
        weighted = number_text(row.weighted.percent, decimals, language) + "%"
    share = percent(row, decimals, language)
    return TableRow(label, made.whole(row.n), share, interval, weighted)


def agreement(made: ReportData) -> Iterable[ReportAgreement]:
    if made.findings is None:
        return
    together: Mapping[tuple[str, str], AgreementRow] = {
        (row.code, row.coefficient): row
        for row in made.findings.rows
        if row.question == ALL_RESPONDENTS and row.coder_pair == ALL_RESPONDENTS
    }
    wanted = [(ALL_RESPONDENTS, "krippendorff_alpha_masi", made.say("all_codes"))]
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
        yield ReportAgreement(label, value, interval, made.whole(row.n_answers), share)


def agreement_note(made: ReportData) -> str:
    if not made.counts.source.confirmed:
        return made.say("no_coders")
    return made.say("agreement_note" if made.findings else "no_agreement")


def codebook(made: ReportData) -> Iterable[tuple[str, tuple[CodeEntry, ...]]]:
    for group, members in made.book.by_group:
        entries = tuple(
            CodeEntry(c.label, c.id, c.definition, c.include.rstrip("."), c.exclude.rstrip("."))
            for c in members
            if not c.retired
        )
        if entries:
            yield group.label if group else made.say("no_group"), entries


def codebook_note(made: ReportData) -> str:
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
