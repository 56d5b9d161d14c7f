"""The files of ``themecoder quotes``: for readers (Word, markdown), for the researcher (csv, xlsx).

What readers get tells no respondent; the researcher's tables keep the answer_id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

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
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_SEPARATOR = " · "


def quote_files(
    found: Quotes, language: str, formats: Collection[str] = FORMATS, everything: bool = False
) -> dict[str, str | bytes]:
    """Name -> content. ``everything``: also the quotes that were not chosen, without a rank.

    A machine's unconfirmed suggestions have that in the files' names too.
    """
    name = "quotes" if found.confirmed else "quotes_unconfirmed"
    writers: dict[str, Callable[[Quotes, str, bool], str | bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "docx": _docx,
        "md": _markdown,
    }
    return {
        f"{name}.{kind}": write(found, language, everything)
        for kind, write in writers.items()
        if kind in formats
    }


def notes(found: Quotes, language: str, bold: bool = False) -> list[str]:
    """What a reader must know of these quotes, a sentence or two each; ``bold``: of bold too."""

    def say(key: str, **params: object) -> str:
        return message(f"quotes.note.{key}", language, **params)

    kind, _, coder = found.source.partition(":")
    source = message(f"quotes.source.{kind}", language, coder=coder)
    said = [found.synthetic] if found.synthetic else []
    if not found.confirmed:
        said.append(say("unconfirmed"))
    said.append(say("coding", source=source, codebook=found.codebook))
    said.append(say("consent" if found.consent else "no_consent"))
    if bold and found.confirmed:
        said.append(say("bold"))
    said.append(say("masked"))
    if found.fewer_attributes:
        said.append(say("fewer", n=found.fewer_attributes, smallest=found.smallest))
    return said


def _of(section: QuoteSection, everything: bool) -> tuple[SelectedQuote, ...]:
    return section.shown + section.rest if everything else section.shown


def _rows(found: Quotes, everything: bool) -> Iterator[tuple[QuoteSection, SelectedQuote]]:
    return ((section, one) for section in found.sections for one in _of(section, everything))


def _told(found: Quotes, one: SelectedQuote) -> list[str]:
    """A cell per attribute, empty where it may not be told."""
    told = {its.attribute: its.group for its in one.told}
    return [told.get(attribute, "") for attribute, _ in found.attributes]


def _csv(found: Quotes, language: str, everything: bool) -> str:
    header = (*HEADER, *(f"attribute_{attribute}" for attribute, _ in found.attributes))
    return csv_text(
        header,
        (
            (
                one.code,
                one.rank,
                one.answer_id,
                one.question,
                one.start,
                one.end,
                *map(no_formula, (one.quote, one.before, one.after)),
                one.chosen_by,
                _yes(one.marked),
                found.source,
                _yes(found.confirmed),
                *map(no_formula, _told(found, one)),
            )
            for _, one in _rows(found, everything)
        ),
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _xlsx(found: Quotes, language: str, everything: bool) -> bytes:
    def words(key: str) -> list[str]:
        return message(f"quotes.sheet.{key}", language).split("|")

    def chosen(one: SelectedQuote) -> str:
        return message(f"quotes.chosen.{one.chosen_by}", language) if one.chosen_by else ""

    def mark(key: str, holds: bool) -> str:
        return message(f"quotes.{key}.{_yes(holds)}", language)

    rows = [
        (
            section.label,
            one.rank,
            one.answer_id,
            one.question,
            one.start,
            one.end,
            one.quote,
            one.before,
            one.after,
            chosen(one),
            mark("marked", one.marked),
            found.source,
            mark("confirmed", found.confirmed),
            *_told(found, one),
        )
        for section, one in _rows(found, everything)
    ]
    about, about_header = words("notes")
    header = words("header") + [label for _, label in found.attributes]
    widths = [*_WIDTHS, *(22 for _ in found.attributes)]
    return workbook(
        [
            Sheet(_title(found, language), header, rows, widths),
            Sheet(about, [about_header], [[note] for note in notes(found, language)], [100]),
        ]
    )


def _title(found: Quotes, language: str) -> str:
    return message("quotes.title" if found.confirmed else "quotes.title_unconfirmed", language)


def _by_group(found: Quotes) -> Iterator[tuple[str, Sequence[QuoteSection]]]:
    for group, sections in groupby(found.sections, key=lambda section: section.group):
        yield group, list(sections)


def said_by(found: Quotes, one: SelectedQuote, language: str) -> str:
    """The line below a quote: who said it, on which question, and what the quote is."""
    parts = [one.attributes] if one.told else []
    if len(found.questions) > 1:
        parts.append(found.questions[one.question])
    if not one.marked:
        parts.append(message("quotes.marked.no", language))
    return _SEPARATOR.join(parts)


def _docx(found: Quotes, language: str, everything: bool) -> bytes:
    title = _title(found, language)
    document = WordDocument(f"{title} – {found.title}", language)
    document.heading(title, 0)
    document.paragraph(Run(found.title, bold=True))
    for note in notes(found, language, bold=True):
        document.paragraph(note, style=NOTE)
    for group, sections in _by_group(found):
        if group:
            document.heading(group, 1)
        for section in sections:
            document.heading(section.label, 2)
            if not _of(section, everything):
                document.paragraph(message("quotes.none", language), style=NOTE)
            for one in _of(section, everything):
                around = bool(one.before or one.after) and one.marked
                said = said_by(found, one, language)
                document.paragraph(
                    f"“{one.before}",
                    Run(one.quote, bold=around),
                    f"{one.after}”",
                    style=QUOTE,
                    with_next=bool(said),
                )
                if said:
                    document.paragraph(said, style=SOURCE)
    return document.data


def _markdown(found: Quotes, language: str, everything: bool) -> str:
    lines = [f"# {_title(found, language)} – {_escaped(found.title)}", ""]
    lines += [f"- {_escaped(note)}" for note in notes(found, language, bold=True)]
    for group, sections in _by_group(found):
        if group:
            lines += ["", f"## {_escaped(group)}"]
        for section in sections:
            lines += ["", f"### {_escaped(section.label)}"]
            if not _of(section, everything):
                lines += ["", message("quotes.none", language)]
            for one in _of(section, everything):
                lines += ["", f"> “{_with_bold(one)}”"]
                said = said_by(found, one, language)
                if said:
                    lines += [">", f"> — {_escaped(said)}"]
    return "\n".join(lines) + "\n"


def _with_bold(one: SelectedQuote) -> str:
    before, quote, after = map(_escaped, (one.before, one.quote, one.after))
    if not one.marked or not (before or after):
        return before + quote + after
    # markdown reads ** at "ja!**maar" as two stars: there it takes the tag
    opens = one.quote[0].isalnum() or not one.before[-1:].isalnum()
    closes = one.quote[-1].isalnum() or not one.after[:1].isalnum()
    start, end = ("**", "**") if opens and closes else ("<strong>", "</strong>")
    return f"{before}{start}{quote}{end}{after}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
