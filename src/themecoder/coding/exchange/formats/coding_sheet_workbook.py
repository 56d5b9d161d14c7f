"""A coder's workbook to code in: answers that are locked, cells to fill in, definitions beside it.

It is protected without a password: against slips, and not against its owner. What a row is stands
in a hidden cell of its own (``sheet_rows.RowKey``), so that rows may be sorted and filtered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.formats.marked_workbook import different_headings, mark_sheet
from themecoder.coding.exchange.model import ForeignQuote
from themecoder.coding.exchange.quote_cell import quotes_cell
from themecoder.coding.exchange.sheet_rows import (
    WORKBOOK,
    RowKey,
    SheetRow,
    cells_mark,
    text_mark,
    workbook_mark,
)
from themecoder.coding.exchange.shown_names import (
    BETWEEN,
    NamesOfCodes,
    NamesOfValues,
    names_of_values,
    shown_names,
)
from themecoder.coding.model import Coding
from themecoder.messages import message
from themecoder.output.excel import Sheet, open_workbook, workbook_bytes

KIND = "coding_sheet"
FORMAT = "1"
TICK = "x"
AFTER_CODES = ("no_code", "skipped", "uncertain", "quotes", "comment")
"""What a coder fills in beside codes, by their roles."""
_FEWEST = 5
"""Cells for codes, where each is chosen from a list."""
_WIDTHS = {"place": 6, "answer": 60, "note": 24, "shown": 24, "code": 24, "quotes": 40}
_WIDTHS |= {"comment": 30, "tick": 5}
_OTHER_WIDTH = 12
_HEADER_HEIGHT = 110  # points: names of codes stand upright


@dataclass(frozen=True, slots=True)
class CodingSheet:
    """What stands in a coder's workbook. ``questions``: id -> wording; ``told``: the headings of
    what stands beside each answer."""

    study: str
    coder: str
    language: str
    book: Codebook
    questions: Mapping[str, str]
    told: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    @property
    def seal(self) -> str:
        """What the keys of the rows are valid for."""
        return seal_of(self.study, self.coder, self.book.version)


def seal_of(study: str, coder: str, version: str) -> str:
    return "\n".join((FORMAT, study, coder, version))


def sheet_workbook(sheet: CodingSheet, ticks: bool = False) -> bytes:
    """The workbook: a sheet per question, one with the codes. ``ticks``: a column per code to put
    an x in; else cells with a list of codes. The same coding gives the same bytes."""
    names = shown_names(sheet.book)
    codes = [code.id for code in sheet.book.usable]
    made = [row.coding for row in sheet.rows if row.coding]
    if ticks:
        extra = sorted({code for coding in made for code in coding.codes} - set(codes))
        filled = [f"tick:{code}" for code in (*codes, *extra)]
    else:
        most = max((len(coding.codes) + 1 for coding in made), default=0)
        filled = [f"code:{n}" for n in range(1, max(_FEWEST, most) + 1)]
    values = names_of_values(sheet.book)
    given = set(codes) | {code for coding in made for code in coding.values}
    filled += [f"value:{code}" for code in values.lists if code in given]
    filled += AFTER_CODES
    headings = _headings(sheet, filled, names)
    pages = [
        _page(sheet, question, headings, filled, names, values) for question in sheet.questions
    ]
    facts = [
        ("format", FORMAT),
        ("study", sheet.study),
        ("coder", sheet.coder),
        ("codebook", sheet.book.version),
        *(("code", code, shown) for code, shown in names.shown.items()),
        *(("value", *fact) for fact in values.facts),
        (WORKBOOK, workbook_mark(sheet.seal, (row[-1] for page in pages for row in page.rows))),
        *(("row", row.answer_id, str(row.round)) for row in sheet.rows),
    ]
    valued = [role for role in filled if _is_value(role)]
    lists = {role: values.lists[role.partition(":")[2]] for role in valued}
    titles = {
        role: message(
            "sheet.definitions.values", sheet.language, code=names.of(role.partition(":")[2])
        )
        for role in valued
    }
    definitions, places = _with_lists(_definitions(sheet, names), titles, lists)
    book = open_workbook([*pages, definitions, mark_sheet(KIND, facts, headings)])
    *opened, listed, _ = book.worksheets
    for question, page in zip(sheet.questions, opened, strict=True):
        roles = _roles(headings, question)
        _open_cells(page, roles, filled)
        cells = {role: f"'{listed.title}'!{place}" for role, place in places.items()}
        cells["code"] = f"'{listed.title}'!$A$2:$A${len(codes) + 1}"
        _lists(page, roles, cells, sheet.language)
    _lock(listed)
    return workbook_bytes(book)


def _headings(sheet: CodingSheet, filled: Sequence[str], names: NamesOfCodes) -> dict[str, str]:
    """What each column is -> its heading; a role with ``@`` stands on the sheet of a question."""
    language = sheet.language
    wordings = list(sheet.questions.values())

    def heading(role: str, **params: object) -> str:
        return message(f"sheet.heading.{role}", language, **params)

    found = {"place": heading("place")}
    for question, wording in sheet.questions.items():
        alike = not wording or wordings.count(wording) > 1
        found[f"answer@{question}"] = f"{question} {wording}".strip() if alike else wording
    if any(row.note for row in sheet.rows):
        found["note"] = heading("note")
    found |= {f"told:{n}": label for n, label in enumerate(sheet.told)}
    if any(row.shown for row in sheet.rows):
        found["shown"] = heading("shown")
    for role in filled:
        kind, _, rest = role.partition(":")
        if kind == "tick":
            found[role] = names.of(rest)
        elif kind == "code":
            found[role] = heading("code", n=rest)
        elif kind == "value":
            found[role] = heading("value", code=names.of(rest))
        else:
            found[role] = heading(role)
    found["key"] = "key"
    return different_headings(found)


def _roles(headings: Mapping[str, str], question: str) -> list[str]:
    return [role for role in headings if role.partition("@")[2] in ("", question)]


def _page(
    sheet: CodingSheet,
    question: str,
    headings: Mapping[str, str],
    filled: Sequence[str],
    names: NamesOfCodes,
    values: NamesOfValues,
) -> Sheet:
    roles = _roles(headings, question)
    rows = []
    for place, row in enumerate((r for r in sheet.rows if r.question == question), start=1):
        own = _filled(row.coding, row.text, filled, names, values) if row.coding else {}
        key = RowKey(
            row.answer_id, row.round, text_mark(row.text), row.before, cells_mark(own), row.shown
        )
        cells: dict[str, str | int] = {
            "place": place,
            f"answer@{question}": row.text,
            "note": row.note,
            "shown": BETWEEN.join(map(names.of, row.shown or ())),
            "key": key.sealed(sheet.seal),
            **{f"told:{n}": text for n, text in enumerate(row.told)},
            **own,
        }
        rows.append([cells.get(role, "") or None for role in roles])
    widths = [_WIDTHS.get(role.partition("@")[0].partition(":")[0], _OTHER_WIDTH) for role in roles]
    return Sheet(question, [headings[role] for role in roles], rows, widths)


def _filled(
    coding: Coding,
    text: str,
    filled: Sequence[str],
    names: NamesOfCodes,
    values: NamesOfValues,
) -> dict[str, str]:
    """The cells of a coding, by role."""
    free = iter([role for role in filled if role.startswith("code:")])
    cells: dict[str, str] = {}
    for code in coding.codes:
        ticked = f"tick:{code}"
        if ticked in filled:
            cells[ticked] = TICK
        else:
            cells[next(free)] = names.of(code)
    quotes = (ForeignQuote(q.start, q.end, q.code, q.text) for q in coding.quotes)
    cells |= {
        "no_code": TICK if coding.state == "no_code" else "",
        "skipped": TICK if coding.state == "skipped" else "",
        "uncertain": TICK if coding.uncertain else "",
        "quotes": quotes_cell(quotes, text, names.of),
        "comment": coding.comment,
        **{f"value:{code}": values.of(code, value) for code, value in coding.values.items()},
    }
    return {role: cell for role, cell in cells.items() if cell}


def _definitions(sheet: CodingSheet, names: NamesOfCodes) -> Sheet:
    """The codes that may be used, in the order of the groups; the first column is that of lists."""
    language = sheet.language
    rows = [
        (
            names.of(code.id),
            names.of(code.parent) if code.parent else group.label if group else "",
            code.definition,
            code.include,
            code.exclude,
            message("codebook.term.exclusive", language) if code.exclusive else "",
        )
        for group, codes in sheet.book.by_group
        for code in codes
        if not code.retired
    ]
    header = message("sheet.definitions.header", language).split("|")
    title = message("sheet.definitions.title", language)
    return Sheet(title, header, rows, (32, 24, 60, 50, 50, 24))


def _is_value(role: str) -> bool:
    return role.startswith("value:")


def _with_lists(
    listed: Sheet, titles: Mapping[str, str], lists: Mapping[str, Sequence[str]]
) -> tuple[Sheet, dict[str, str]]:
    """The sheet of codes with a column for each list of values behind it, and the cells of each
    list: within a rule a comma would end a value. A title is that of no column to fill in, by which
    sheets with coding are known."""
    from openpyxl.utils import get_column_letter

    header, rows = list(listed.header), [list(row) for row in listed.rows]
    places = {}
    for role, values in lists.items():
        column = len(header) + 1
        rows += [[] for _ in range(len(values) - len(rows))]
        for place, value in enumerate(values):
            rows[place] += [None] * (column - 1 - len(rows[place])) + [value]
        header.append(titles[role])
        letter = get_column_letter(column)
        places[role] = f"${letter}$2:${letter}${len(values) + 1}"
    widths = (*listed.widths, *[24] * len(lists))
    return replace(listed, header=header, rows=rows, widths=widths), places


def _open_cells(page: Any, roles: Sequence[str], filled: Sequence[str]) -> None:
    """Lock the sheet but for the cells to fill in; what a person may do with rows stays allowed."""
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill, Protection

    book = page.parent
    if "coding" not in book.named_styles:
        book.add_named_style(
            NamedStyle(
                "coding",
                alignment=Alignment(vertical="top", wrap_text=True),
                protection=Protection(locked=False),
                fill=PatternFill("solid", fgColor="FFFDF3"),
                number_format="@",
            )
        )
    places = {place for place, role in enumerate(roles) if role in filled}
    for line in page.iter_rows(min_row=2):
        for place in places:
            line[place].style = "coding"
    for place, role in enumerate(roles):
        if role.startswith("tick:"):
            page.cell(1, place + 1).alignment = Alignment(text_rotation=90, wrap_text=True)
            page.row_dimensions[1].height = _HEADER_HEIGHT
        page.cell(1, place + 1).font = Font(bold=True)
    key = page.cell(1, len(roles)).column_letter
    page.column_dimensions[key].hidden = True
    answer = next(place for place, role in enumerate(roles) if role.startswith("answer"))
    page.freeze_panes = page.cell(2, answer + 2).coordinate
    _lock(page)


def _lock(page: Any) -> None:
    page.protection.sheet = True
    for name in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(page.protection, name, False)  # not forbidden


def _lists(page: Any, roles: Sequence[str], cells: Mapping[str, str], language: str) -> None:
    """The cells that take one of a list: a code or a value, of the ``cells`` that have them, or an
    x."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = page.max_row
    kinds = {
        "code": (cells["code"], "sheet.wrong.code"),
        "tick": (f'"{TICK}"', "sheet.wrong.tick"),
        **{role: (place, "sheet.wrong.value") for role, place in cells.items() if _is_value(role)},
    }
    for kind, (formula, key) in kinds.items():
        ticked = ("no_code", "skipped", "uncertain") if kind == "tick" else ()
        columns = [
            get_column_letter(place)
            for place, role in enumerate(roles, start=1)
            if role.startswith(f"{kind}:") or role == kind or role in ticked
        ]
        if not columns or last < 2:
            continue
        rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
        rule.error = message(key, language)
        for column in columns:
            rule.add(f"{column}2:{column}{last}")
        page.add_data_validation(rule)
