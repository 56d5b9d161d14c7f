"""Where the table of an export begins and ends: titles, one or two heading rows, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import number
from themecoder.survey.meaning.missing import is_missing

Row = Sequence[str | None]

_TITLES_AT_MOST = 20
_LOOKED_AT = 500  # columns at most that tell whether a row is a heading
_TOTALS = re.compile(
    r"(sub|eind|grand |general )?(tota(al|l|ux)|gesamt(summe)?|summe)( general)?:?"
    r"|gemiddelde?:?|average:?|mean:?|mittelwert:?|moyenne:?|som:?|sum:?|aantal:?|count:?",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*")
RESPONSE = re.compile(
    r"(open[- ]ended )?response|antwoord|open antwoord|réponse.*|antwort|offene antwort",
    re.IGNORECASE,
)
"""What SurveyMonkey writes below a question that is a column by itself."""


def heading_at(
    file: Path, rows: Sequence[Sequence[str | None]], numbers: Sequence[int], wished: int | None
) -> int:
    """The index of the row with the names of the columns: the one that is wished, else as found.

    Raises InputError where no row has the wished number.
    """
    if wished is None:
        return heading_index(rows)
    if wished not in numbers:
        raise InputError(Problem("readers.no_heading", {"number": wished}, file=file))
    return list(numbers).index(wished)


def heading_index(rows: Sequence[Row]) -> int:
    """The index of the row that names the columns; titles and notes may stand above it.

    That is the first row with names for most of the columns that the rows below it fill.
    """
    if len(rows) < 2:
        return 0
    filled = [sum(bool((cell or "").strip()) for cell in row) for row in rows[:200]]
    usual = median(filled[min(1, len(filled) - 1) :])
    for index, row in enumerate(rows[: min(_TITLES_AT_MOST, len(rows) - 1)]):
        if filled[index] < 2 and usual >= 2:
            continue
        if index + 1 < len(rows) and _are_a_pair(row, rows[index + 1], rows[index + 2 :][:50]):
            return index
        if filled[index] >= 0.5 * usual and not _is_title(row, rows[index + 1], usual):
            return index
    return 0


def _are_a_pair(heading: Row, below: Row, data: Sequence[Row]) -> bool:
    """Whether two rows name the columns together: where one has nothing the other has a name.

    The first column, an id, is named in the first of them alone, and filled in the rows below.
    """
    first = [(cell or "").strip() for cell in heading]
    second = [(cell or "").strip() for cell in below]
    if len(first) != len(second) or not first[0] or second[0] or len(data) < 2:
        return False
    filled = [i for i in range(len(first)) if _any_filled(data, i)]
    together = all(first[i] or second[i] for i in filled)
    return together and not all(first[i] for i in filled) and _mostly_filled(data, 0)


def _is_title(row: Row, below: Row, usual: float) -> bool:
    """Whether a row with a cell or two at its beginning stands above the names of all columns."""
    cells = [bool((cell or "").strip()) for cell in row]
    names = [(cell or "").strip() for cell in below]
    few = sum(cells) <= 2 and all(cells[: sum(cells)]) and usual >= 2 * sum(cells)
    return few and all(names) and len(set(names)) == len(names)


def has_second_heading(  # noqa: PLR0911  a way to tell a return
    heading: Row, below: Row, data: Sequence[Row]
) -> bool:
    """Whether the row below the heading belongs to it: options below a question that stands above
    several columns, or wordings below codes.

    Options: every column without a name has one there, and a column with an id has nothing. Words
    below codes: words in every column in which all other rows hold numbers or dates, two of them at
    least.
    """
    if not data:
        return False
    names = [(cell or "").strip() for cell in heading]
    second = [(cell or "").strip() for cell in below]
    columns = range(min(len(names), len(second)))
    numeric = [i for i in columns[:_LOOKED_AT] if _all_numbers(data, i)]
    if any(number(second[i]) is not None for i in numeric):
        return False  # a respondent, whose cells are like those below
    nameless = [i for i in columns if not names[i] and _any_filled(data, i)]
    filled = [i for i in columns if _any_filled(data, i)]
    if nameless and all(second[i] for i in filled) and any(i in numeric for i in nameless):
        # names of all columns stand below titles of some of them
        return len({second[i] for i in filled}) == len(filled)
    if nameless and names[0] and all(second[i] for i in nameless):
        blank = [i for i in columns if names[i] and not second[i] and _mostly_filled(data, i)]
        responses = [i for i in columns if RESPONSE.fullmatch(second[i])]
        echoed = [i for i in nameless if _holds(data, i, second[i])]
        numbered = [i for i in nameless if number(second[i]) is None and _all_numbers(data, i)]
        if blank or responses or echoed or len(numbered) == len(nameless):
            return True
    beneath = [cell for cell in second if cell]
    if names[0] and not second[0] and beneath and all(map(RESPONSE.fullmatch, beneath)):
        return _mostly_filled(data, 0)
    if any(not second[i] for i in columns if names[i] and _mostly_filled(data, i)):
        return False
    worded = [
        i for i in numeric if any(c.isalpha() for c in second[i]) and not is_missing(second[i])
    ]
    return len(data) >= 3 and len(numeric) >= 2 and len(worded) == len(numeric)


def _any_filled(data: Sequence[Row], index: int) -> bool:
    return any((row[index] or "").strip() for row in data)


def _mostly_filled(data: Sequence[Row], index: int) -> bool:
    return sum(bool((row[index] or "").strip()) for row in data) >= 0.9 * len(data)


def _holds(data: Sequence[Row], index: int, text: str) -> bool:
    return any((row[index] or "").strip() == text for row in data)


def _all_numbers(data: Sequence[Row], index: int) -> bool:
    cells = [cell for row in data[:100] if (cell := (row[index] or "").strip())]
    return bool(cells) and all(number(cell) is not None or _DATE.fullmatch(cell) for cell in cells)


def joined_headings(heading: Row, below: Row) -> tuple[list[str], list[str], list[str]]:
    """The names, wordings and questions of columns with two heading rows.

    The question above the first of its columns holds for those to the right of it without one.
    """
    names, labels, questions = [], [], []
    question = ""
    spans = _spanned(heading)
    for index, (cell, option) in enumerate(zip(heading, below, strict=True)):
        question = (cell or "").strip() or question
        part = (option or "").strip()
        alone = not part or RESPONSE.fullmatch(part) is not None or part == question
        several = spans[index]
        if not question:
            names.append(part)
            labels.append(part)
        elif alone:
            names.append(question)
            labels.append(question)
        elif several:
            names.append(f"{question} - {part}")
            labels.append(f"{question} - {part}")
        else:
            names.append(question)
            labels.append(part)
        questions.append(question if several and question else "")
    return names, labels, questions


def _spanned(heading: Row) -> list[bool]:
    """Which columns share their question with a neighbour."""
    spans = []
    for index, cell in enumerate(heading):
        following = heading[index + 1] if index + 1 < len(heading) else "end"
        spans.append(not (cell or "").strip() or not (following or "").strip())
    return spans


def totals_at_end(rows: Sequence[Row]) -> int:
    """How many rows at the end are totals or averages, and no respondents."""
    found = 0
    for row in reversed(rows[-5:]):
        first = next(((cell or "").strip() for cell in row if (cell or "").strip()), "")
        if not _TOTALS.fullmatch(first):
            break
        found += 1
    column = _first_column(rows[len(rows) - found - 1]) if found and found < len(rows) else 0
    # a column of words for amounts is a question, and these are its answers
    others = {(row[column] or "").strip().casefold() for row in rows[: len(rows) - found]}
    words = {(row[column] or "").strip().casefold() for row in rows[len(rows) - found :]}
    return 0 if words & others - {""} else found


def _first_column(row: Row) -> int:
    return next((index for index, cell in enumerate(row) if (cell or "").strip()), 0)
