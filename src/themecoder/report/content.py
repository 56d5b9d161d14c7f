"""The content of a study's report, put together from counts, quotes, agreement and codebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from themecoder.agreement.html.methods import methods
from themecoder.codebook.model import Code
from themecoder.counts.count_rows import Count, size_of
from themecoder.counts.differences import number_of_tests
from themecoder.counts.formats.coverage import coverage_notes
from themecoder.counts.formats.view import (
    HIDDEN,
    interval_notes,
    source_notes,
    tests_note,
)
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.ppi.files import estimate_notes
from themecoder.counts.result import ALL_QUESTIONS, INDENT
from themecoder.counts.tables import NET, families_of, levels_of, value_rows
from themecoder.messages import message, section
from themecoder.output.numbers import number_text
from themecoder.quotes.formats.files import attribution
from themecoder.report.appendices import agreement, agreement_note, codebook, codebook_note
from themecoder.report.data import ReportData
from themecoder.report.manifest import Manifest
from themecoder.report.model import (
    Report,
    ReportBase,
    ReportPart,
    ReportQuote,
    ReportSection,
    ReportTheme,
    TableRow,
)
from themecoder.report.plots import PlotFigure, bars, by_question, dots, unconfirmed
from themecoder.report.table_rows import closed_results, table_row
from themecoder.version import __version__

_BRACKETS = re.compile(r"(\[[^\]]+\])")


def content(data: ReportData, facts: Manifest) -> Report:
    """The report, without anything that depends on when it is made."""
    say, config = data.say, data.config
    words = section("report.words", data.language)
    if data.counts.estimate:
        words = words | {"with_coders": data.say("worth")}
    sections = tuple(_sections(data))
    closed = tuple(closed_results(data))
    first, last = ("method", "overview"), ("agreement", "codebook", "manifest")
    return Report(
        title=config.title,
        language=data.language,
        synthetic=config.synthetic or "",
        unconfirmed=unconfirmed(data.counts, data.language),
        weighted=data.counts.effective_base is not None,
        with_coders=bool(data.counts.coder_intervals() or data.counts.estimate),
        contents=(
            *(words[key] for key in first),
            *(section.label for section in sections),
            *([words["closed"]] if closed else []),
            *(words[key] for key in last),
        ),
        method=tuple(_method(data)),
        bases=tuple(_bases(data)),
        overview=_overview(data),
        themes=tuple(_every_theme(data)),
        themes_note=data.say("themes_note", base=_base_of_all(data)),
        sections=sections,
        closed=closed,
        agreement=tuple(agreement(data)),
        agreement_note=agreement_note(data),
        codebook=tuple(codebook(data)),
        codebook_note=codebook_note(data),
        notes=tuple(_notes(data)),
        manifest=tuple((say(f"fact.{key}", **params), value) for key, params, value in facts.lines),
        words=words,
    )


def _method(data: ReportData) -> Iterable[tuple[ReportPart, ...]]:
    language, counts = data.language, data.counts
    everybody = data.whole(data.target + data.screened)
    respondents = "screened" if data.screened else "respondents"
    questions = data.say("questions", n=len(data.config.questions))
    yield _parts(f"{data.say(respondents, n=data.whole(data.target), all=everybody)} {questions}")
    if data.findings:
        software, synthetic = f"themecoder {__version__}", data.config.synthetic or ""
        yield _parts(methods(data.findings, language, software, synthetic))
    else:
        kind = "coded" if counts.source.confirmed else "suggested"
        yield _parts(data.say(f"{kind}_with", version=data.book.version))
    if counts.estimate:
        yield _parts(" ".join(estimate_notes(counts.estimate, data.questions[-1], language)))
    lines: list[str] = []
    if not counts.estimate:
        lines.append(message(f"counts.note.base_{counts.base}", language))
        lines += interval_notes(counts, language, with_coders=bool(counts.coder_intervals()))
    if counts.effective_base is not None:
        size = number_text(counts.effective_base, 0, language)
        lines.append(data.say("weighted_text", n=size))
    if number_of_tests(counts.differences):
        lines.append(tests_note(counts, language))
    if lines:
        yield _parts(" ".join(lines))
    if data.quotes.shown:
        yield _parts(data.say("consent" if data.quotes.consent else "no_consent"))


def _notes(data: ReportData) -> Iterable[str]:
    """What a reader must know of all counts and quotes."""
    if data.counts.estimate:
        yield unconfirmed(data.counts, data.language)
    yield from source_notes(data.counts, data.language)
    whole = next(b for b in data.counts.bases if b.question == data.questions[-1])
    if not data.counts.estimate:
        yield from coverage_notes(whole, data.language)
    if any(row.suppressed for row in data.counts.rows):
        yield data.hidden_note
    if data.quotes.shown:
        if data.quotes.confirmed:
            yield message("quotes.note.bold", data.language)
        yield data.say("masked")


def _parts(text: str) -> tuple[ReportPart, ...]:
    """The text in parts; those between square brackets are for the researcher to fill in."""
    pieces = _BRACKETS.split(text)
    return tuple(ReportPart(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)


def _bases(data: ReportData) -> Iterable[ReportBase]:
    for base in data.counts.bases:
        if base.question in data.questions:
            numbers = (data.whole(n) for n in (base.asked, base.content, base.coded))
            label = _question(data, base.question)
            if base.question != ALL_QUESTIONS:
                label = f"{base.question}: {label}"
            yield ReportBase(label, *numbers)


def _question(data: ReportData, question: str) -> str:
    if question == ALL_QUESTIONS:
        return message("counts.label.pooled", data.language)
    return data.counts.question_labels[question]


def _by_size(data: ReportData, codes: Iterable[Code]) -> list[Code]:
    """The codes by how often they are mentioned, those that are not shown last; codes that are
    mentioned as often stay in the codebook's order. Those below a code follow it, by size too: it
    is as large as its net."""
    families, tree = families_of(data.book), data.book.tree

    def size(code: str) -> float:
        row = data.counts.find(NET + code if code in families else code, data.questions[-1])
        return -size_of(row) if row else 0

    given = {code.id: code for code in codes}
    place = {code: n for n, code in enumerate(given)}

    def key(code: str) -> list[tuple[float, int]]:
        line = (*tree.above(code), code)
        return [(size(one), place[one]) for one in line if one in given]

    return [given[code] for code in sorted(given, key=key)]


def _named(data: ReportData, codes: Sequence[Code]) -> list[tuple[str, str]]:
    """The rows of the codes with their labels, each net before its codes, as far in as they stand
    below others."""
    families, levels = families_of(data.book), levels_of(data.book)
    named = []
    for code in codes:
        net = message("counts.label.net", data.language, label=code.label)
        rows = [(NET + code.id, net)] if code.id in families else []
        rows.append((code.id, code.label))
        named += [(row, INDENT * levels.get(row, 0) + label) for row, label in rows]
    return named


def _bars(data: ReportData, codes: Sequence[Code], caption: str) -> PlotFigure:
    named = _named(data, codes)
    decimals = data.config.counts.decimals
    return bars(
        data.counts, named, data.questions[-1], ALL_RESPONDENTS, caption, data.language, decimals
    )


def _overview(data: ReportData) -> PlotFigure:
    """All themes; of several open questions, each of its own base."""
    codes = _by_size(data, [code for code in data.book.usable if not code.exclusive])
    questions = [question for question in data.questions if question != ALL_QUESTIONS]
    if len(questions) < 2:
        return _bars(data, codes, data.say("overview_text"))
    named = _named(data, codes)
    expected = {
        (row, question)
        for code in codes
        for row, _ in _named(data, [code])
        for question in _questions_of(data, code, row)
    }
    names = {question: _question(data, question) for question in questions}
    decimals = data.config.counts.decimals
    caption = data.say("overview_questions")
    return by_question(data.counts, named, names, expected, caption, data.language, decimals)


def _questions_of(data: ReportData, code: Code, row: str) -> list[str]:
    """Where a code is expected, or was given all the same: a count that is hidden may be one."""
    return [
        question
        for question in data.questions
        if not code.questions
        or question in (*code.questions, ALL_QUESTIONS)
        or _count(data, question, row).n != 0
    ]


def _every_theme(data: ReportData) -> Iterable[TableRow]:
    codes = _by_size(data, [code for code in data.book.usable if not code.exclusive])
    for row, label in _named(data, codes):
        yield table_row(data, _count(data, data.questions[-1], row), label)


def _base_of_all(data: ReportData) -> str:
    question = data.questions[-1]
    size = next(row.base_n for row in data.counts.rows if row.question == question)
    return f"{_question(data, question)}, n = {data.whole(size)}"


def _sections(data: ReportData) -> Iterable[ReportSection]:
    usable = {code.id for code in data.book.usable if not code.exclusive}
    for group, members in data.book.by_group:
        codes = _by_size(data, [code for code in members if code.id in usable])
        if not codes:
            continue
        label = group.label if group else data.say("no_group")
        figures = [_bars(data, codes, data.say("bars_text", group=label))]
        if data.config.attributes:
            first = data.config.attributes[0]
            by_group = dots(
                data.counts,
                _named(data, codes),
                data.questions[-1],
                first.id,
                data.say("groups_text", group=label, attribute=first.label),
                data.language,
                data.config.counts.decimals,
            )
            figures += [by_group] if by_group else []
        themes = tuple(_theme(data, code) for code in codes)
        has_hidden = any(row.n == HIDDEN for theme in themes for row in theme.rows)
        note = data.hidden_note if has_hidden else ""
        questions = _named_questions(data)
        yield ReportSection(label, tuple(figures), themes, note, questions)


def _named_questions(data: ReportData) -> str:
    """What the ids in a section's tables stand for."""
    return "; ".join(
        f"{question}: {_question(data, question)}"
        for question in data.questions
        if question != ALL_QUESTIONS
    )


def _theme(data: ReportData, code: Code) -> ReportTheme:
    nobody = message("quotes.respondent", data.language)
    quotes = []
    for quote in data.quotes.of(code.id):
        speaker = attribution(data.quotes, quote, data.language) or nobody
        bold = quote.marked and bool(quote.before or quote.after)
        quotes.append(ReportQuote(quote.before, quote.quote, quote.after, speaker, bold))
    net = [NET + code.id] if code.id in families_of(data.book) else []
    rows = tuple(
        one
        for row in (*net, code.id)
        for question in _questions_of(data, code, row)
        for one in (_row(data, question, row), *_value_rows(data, question, code, row))
    )
    labels = {one.id: one.label for one in data.book.codes}
    line = [labels[one] for one in (*data.book.tree.above(code.id), code.id)]
    return ReportTheme(code.id, " › ".join(line), code.definition, rows, tuple(quotes))


def _value_rows(data: ReportData, question: str, code: Code, row: str) -> Iterable[TableRow]:
    """The values of a code at a question, below the row of the code."""
    for name in value_rows(code).values() if row == code.id and code.values else ():
        # all questions together have no values, and neither has what a machine suggests
        if data.counts.find(name, question, ALL_RESPONDENTS) is not None:
            label = data.counts.code_labels[question, name].removeprefix(f"{code.label}: ")
            yield replace(_row(data, question, name), label=INDENT + label, part=True)


def _row(data: ReportData, question: str, code: str) -> TableRow:
    row = _count(data, question, code)
    label = f"{_short(data, question)} (n = {data.whole(row.base_n)})"
    if code.startswith(NET):
        label = message("counts.label.net", data.language, label=label)
    return table_row(data, row, label)


def _count(data: ReportData, question: str, code: str) -> Count:
    row: Count | None = data.counts.find(code, question, ALL_RESPONDENTS)
    assert row is not None  # the tables have every usable code
    return row


def _short(data: ReportData, question: str) -> str:
    """A question by its id, which a section explains once; all of them together in words."""
    return _question(data, question) if question == ALL_QUESTIONS else question
