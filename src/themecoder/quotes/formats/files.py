"""The files of ``themecoder quotes``: for readers (Word, markdown), for the researcher (csv, xlsx).

The files for readers name no respondent; the researcher's tables keep the answer_id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from themecoder.coding.source import source_of
from themecoder.messages import message
from themecoder.output.excel import Sheet, workbook
from themecoder.output.word import NOTE, QUOTE, SOURCE, Run, WordDocument
from themecoder.quotes.model import Quotes, QuoteSection, SelectedQuote
from themecoder.storage.atomic import csv_text, no_formula

FORMATS = ("csv", "xlsx", "docx", "md")
HEADER = (
    "code",
    "rank",
    "answer_id",
    "question",
    "start",
    "end",
    "quote",
    "context_before",
    "context_after",
    "chosen_by",
    "marked",
    "source",
    "confirmed",
)
_WIDTHS = (26, 8, 20, 10, 8, 8, 60, 30, 30, 12, 12, 18, 12)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_SEPARATOR = " · "


def quote_files(
    quotes: Quotes, language: str, formats: Collection[str] = FORMATS, everything: bool = False
) -> dict[str, str | bytes]:
    """File name -> content. ``everything``: also the quotes that were not chosen, without a rank.

    The names of the files say so where the coding is a machine's unconfirmed suggestions.
    """
    name = "quotes" if quotes.confirmed else "quotes_unconfirmed"
    writers: dict[str, Callable[[Quotes, str, bool], str | bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "docx": _docx,
        "md": _markdown,
    }
    return {
        f"{name}.{kind}": write(quotes, language, everything)
        for kind, write in writers.items()
        if kind in formats
    }


def notes(quotes: Quotes, language: str, bold: bool = False) -> list[str]:
    """What a reader must know of these quotes, a sentence or two each; with ``bold`` also what bold
    words are."""

    def note(key: str, **params: object) -> str:
        return message(f"quotes.note.{key}", language, **params)

    whose = source_of(quotes.source)
    source = message(f"quotes.source.{whose.kind}", language, coder=whose.coder)
    sentences = [quotes.synthetic] if quotes.synthetic else []
    if not quotes.confirmed:
        sentences.append(note("unconfirmed"))
    sentences.append(note("coding", source=source, codebook=quotes.codebook))
    sentences.append(note("consent" if quotes.consent else "no_consent"))
    if bold and quotes.confirmed:
        sentences.append(note("bold"))
    sentences.append(note("masked"))
    if quotes.fewer_attributes:
        sentences.append(note("fewer", n=quotes.fewer_attributes, smallest=quotes.smallest))
    return sentences


def _quotes_of(section: QuoteSection, everything: bool) -> tuple[SelectedQuote, ...]:
    return section.shown + section.rest if everything else section.shown


def _rows(quotes: Quotes, everything: bool) -> Iterator[tuple[QuoteSection, SelectedQuote]]:
    return (
        (section, quote) for section in quotes.sections for quote in _quotes_of(section, everything)
    )


def _attribute_cells(quotes: Quotes, quote: SelectedQuote) -> list[str]:
    """A cell per attribute, empty where it may not be shown."""
    groups = {attribute.attribute: attribute.group for attribute in quote.told}
    return [groups.get(attribute, "") for attribute, _ in quotes.attributes]


def _csv(quotes: Quotes, language: str, everything: bool) -> str:
    header = (*HEADER, *(f"attribute_{attribute}" for attribute, _ in quotes.attributes))
    return csv_text(
        header,
        (
            (
                quote.code,
                *_reference(quote),
                *map(no_formula, (quote.quote, quote.before, quote.after)),
                quote.chosen_by,
                _yes_or_no(quote.marked),
                quotes.source,
                _yes_or_no(quotes.confirmed),
                *map(no_formula, _attribute_cells(quotes, quote)),
            )
            for _, quote in _rows(quotes, everything)
        ),
    )


def _reference(quote: SelectedQuote) -> tuple[int | None, str, str, int, int]:
    return quote.rank, quote.answer_id, quote.question, quote.start, quote.end


def _yes_or_no(holds: bool) -> str:
    return "yes" if holds else "no"


def _xlsx(quotes: Quotes, language: str, everything: bool) -> bytes:
    def words(key: str) -> list[str]:
        return message(f"quotes.sheet.{key}", language).split("|")

    def chosen(quote: SelectedQuote) -> str:
        return message(f"quotes.chosen.{quote.chosen_by}", language) if quote.chosen_by else ""

    def mark(key: str, holds: bool) -> str:
        return message(f"quotes.{key}.{_yes_or_no(holds)}", language)

    rows = [
        (
            section.label,
            *_reference(quote),
            quote.quote,
            quote.before,
            quote.after,
            chosen(quote),
            mark("marked", quote.marked),
            quotes.source,
            mark("confirmed", quotes.confirmed),
            *_attribute_cells(quotes, quote),
        )
        for section, quote in _rows(quotes, everything)
    ]
    about, about_header = words("notes")
    header = words("header") + [label for _, label in quotes.attributes]
    widths = [*_WIDTHS, *(22 for _ in quotes.attributes)]
    return workbook(
        [
            Sheet(_title(quotes, language), header, rows, widths),
            Sheet(about, [about_header], [[note] for note in notes(quotes, language)], [100]),
        ]
    )


def _title(quotes: Quotes, language: str) -> str:
    return message("quotes.title" if quotes.confirmed else "quotes.title_unconfirmed", language)


def _by_group(quotes: Quotes) -> Iterator[tuple[str, Sequence[QuoteSection]]]:
    for group, sections in groupby(quotes.sections, key=lambda section: section.group):
        yield group, list(sections)


def attribution(quotes: Quotes, quote: SelectedQuote, language: str) -> str:
    """The line below a quote: who said it, on which question, and what the quote is."""
    parts = [quote.attributes] if quote.told else []
    if len(quotes.questions) > 1:
        parts.append(quotes.questions[quote.question])
    if not quote.marked:
        parts.append(message("quotes.marked.no", language))
    return _SEPARATOR.join(parts)


def _docx(quotes: Quotes, language: str, everything: bool) -> bytes:
    title = _title(quotes, language)
    document = WordDocument(f"{title} – {quotes.title}", language)
    document.heading(title, 0)
    document.paragraph(Run(quotes.title, bold=True))
    for note in notes(quotes, language, bold=True):
        document.paragraph(note, style=NOTE)
    for group, sections in _by_group(quotes):
        if group:
            document.heading(group, 1)
        for section in sections:
            document.heading(section.label, 2)
            if not _quotes_of(section, everything):
                document.paragraph(message("quotes.none", language), style=NOTE)
            for quote in _quotes_of(section, everything):
                around = bool(quote.before or quote.after) and quote.marked
                said = attribution(quotes, quote, language)
                document.paragraph(
                    f"“{quote.before}",
                    Run(quote.quote, bold=around),
                    f"{quote.after}”",
                    style=QUOTE,
                    with_next=bool(said),
                )
                if said:
                    document.paragraph(said, style=SOURCE)
    return document.data


def _markdown(quotes: Quotes, language: str, everything: bool) -> str:
    lines = [f"# {_title(quotes, language)} – {_escaped(quotes.title)}", ""]
    lines += [f"- {_escaped(note)}" for note in notes(quotes, language, bold=True)]
    for group, sections in _by_group(quotes):
        if group:
            lines += ["", f"## {_escaped(group)}"]
        for section in sections:
            lines += ["", f"### {_escaped(section.label)}"]
            if not _quotes_of(section, everything):
                lines += ["", message("quotes.none", language)]
            for quote in _quotes_of(section, everything):
                lines += ["", f"> “{_with_bold(quote)}”"]
                said = attribution(quotes, quote, language)
                if said:
                    lines += [">", f"> — {_escaped(said)}"]
    return "\n".join(lines) + "\n"


def _with_bold(quote: SelectedQuote) -> str:
    before, words, after = map(_escaped, (quote.before, quote.quote, quote.after))
    if not quote.marked or not (before or after):
        return before + words + after
    # in "ja!**maar" markdown reads ** as two stars, so that the HTML tag is needed there
    opens = quote.quote[0].isalnum() or not quote.before[-1:].isalnum()
    closes = quote.quote[-1].isalnum() or not quote.after[:1].isalnum()
    start, end = ("**", "**") if opens and closes else ("<strong>", "</strong>")
    return f"{before}{start}{words}{end}{after}"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
