"""The rows of quoted figures and of claims, read with every mistake in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.figures.quoted.claims import Claim
from themecoder.figures.quoted.figures import QuotedFigure
from themecoder.figures.quoted.formula import WELCH, Formula, parse_formula
from themecoder.figures.quoted.printed import NUMBER, PERCENT, Printed, parse_printed
from themecoder.figures.quoted.quantifiers import Rule, parse_rule, rule_for
from themecoder.figures.quoted.scales import SCALES
from themecoder.output.did_you_mean import did_you_mean
from themecoder.survey.export import Export
from themecoder.survey.expression_check import check_expression

FIGURES = ("id", "text", "expr", "base_expr", "decimals", "printed")
CLAIMS = ("id", "text", "codes", "question", "group", "quantifier")
Rows = Iterable[tuple[int, Mapping[str, str]]]
"""(row as a person counts, column -> cell)."""


def scale_of(language: str, own: Mapping[str, str]) -> dict[str, Rule]:
    """The words of quantity of a study: the language's, with the study's ``own`` over them.

    Raises InputError with every word whose rule is none.
    """
    problems, scale = [], {}
    for word, text in (SCALES[language] | dict(own)).items():
        try:
            scale[" ".join(word.casefold().split())] = parse_rule(text)
        except InputError as error:
            problems += [
                replace(problem, params={"word": word, **problem.params}, file="study.toml")
                for problem in error.problems
            ]
    if problems:
        raise InputError(problems)
    return scale


def figures_of(rows: Rows, export: Export, language: str, file: Path) -> list[QuotedFigure]:
    """The figures in ``rows``. Raises InputError with every row that is none: an expression that
    can't be read or does not fit the export, a percentage without a base, an id that is there."""
    found: list[QuotedFigure] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    for number, row in rows:
        mine: list[Problem] = []
        name = _id(row, ids, number, mine)
        formula = _formula(row["expr"], export, mine)
        base = _expression(row["base_expr"], export, "base_expr", mine)
        printed = parse_printed(row["printed"], language)
        if printed is None:
            if row["expr"].strip():
                params = {"found": row["printed"]}
                mine.append(Problem("checking.printed", params, column="printed"))
            printed = Printed("")  # nothing is held against it
        elif formula is not None and formula.condition is not None:
            if printed.kind == NUMBER and printed.decimals:
                # a count has no decimals: a percentage without its sign
                printed = replace(printed, kind=PERCENT)
            if printed.is_share and not row["base_expr"].strip():
                mine.append(Problem("checking.no_base", {"id": name}, column="base_expr"))
        decimals = _decimals(row["decimals"], mine)
        problems += [replace(problem, file=file, row=number) for problem in mine]
        if not mine:
            text, quoted = row["text"].strip(), row["printed"].strip()
            found.append(QuotedFigure(name, text, formula, base, decimals, quoted, printed))
    if problems:
        raise InputError(problems)
    return found


def claims_of(
    rows: Rows,
    export: Export,
    codes: Sequence[str],
    questions: Mapping[str, bool],
    scale: Mapping[str, Rule],
    language: str,
    file: Path,
) -> list[Claim]:
    """The claims in ``rows``. ``questions``: id -> whether it is open.

    Raises InputError with every row that is none: an unknown quantifier, code, question or column.
    """
    found: list[Claim] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    for number, row in rows:
        mine: list[Problem] = []
        name = _id(row, ids, number, mine)
        asked = _list(row["question"])
        for one in asked:
            if one not in questions:
                params = {"found": one, "known": ", ".join(questions)}
                mine.append(Problem("cli.question_unknown", params, column="question"))
        group = _expression(row["group"], export, "group", mine)
        named, condition = _subject(row["codes"], export, codes, mine)
        mine += _misplaced(asked, questions, named, condition)
        said = row["quantifier"].strip()
        rule = rule_for(said, scale, language) if said else Rule("")
        if rule is None:
            params = {"found": row["quantifier"], "known": ", ".join(scale)}
            mine.append(Problem("checking.quantifier", params, column="quantifier"))
        problems += [replace(problem, file=file, row=number) for problem in mine]
        if not mine and rule is not None:
            text = row["text"].strip()
            found.append(Claim(name, text, named, condition, asked, group, said, rule))
    if problems:
        raise InputError(problems)
    return found


def _id(row: Mapping[str, str], ids: dict[str, int], number: int, problems: list[Problem]) -> str:
    name = row["id"].strip()
    if not name:
        problems.append(Problem("checking.no_id", column="id"))
    elif name in ids:
        problems.append(Problem("checking.double", {"id": name, "first": ids[name]}, column="id"))
    ids.setdefault(name, number)
    return name


def _subject(
    cell: str, export: Export, codes: Sequence[str], problems: list[Problem]
) -> tuple[tuple[str, ...], Expression | None]:
    """The codes that a cell lists, or else the condition that it holds."""
    named = _list(cell)
    unknown = [one for one in named if one not in codes]
    if not unknown:
        return named, None
    if all(one.replace("_", "").replace("-", "").isalnum() for one in named):
        columns = [column.name for column in export.columns]
        if not (len(named) == 1 and named[0] in columns):
            for one in unknown:
                params = {"found": one, "near": did_you_mean(one, [*codes])}
                problems.append(Problem("checking.code", params, column="codes"))
            return (), None
    return (), _expression(cell, export, "codes", problems)


def _misplaced(
    asked: Sequence[str],
    questions: Mapping[str, bool],
    codes: Sequence[str],
    condition: Expression | None,
) -> list[Problem]:
    """Questions that the subject of a claim has nothing to do with: codes are on open questions."""
    if codes:
        closed = [one for one in asked if questions.get(one) is False]
        return [Problem("checking.closed", {"found": one}, column="question") for one in closed]
    if condition is not None:
        opened = [one for one in asked if questions.get(one)]
        return [Problem("checking.open", {"found": one}, column="question") for one in opened]
    return []


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _formula(cell: str, export: Export, problems: list[Problem]) -> Formula | None:
    if not cell.strip():
        return None
    try:
        formula = parse_formula(cell)
    except InputError as error:
        problems += [replace(problem, column="expr") for problem in error.problems]
        return None
    columns = [column.name for column in export.columns]
    for name in formula.columns:
        if name not in columns:
            params = {"name": name, "near": did_you_mean(name, columns), "expression": cell}
            problems.append(Problem("expression.unknown_column", params, column="expr"))
    if formula.kind == WELCH and not problems:
        groups = {str(c).strip() for c in export.frame[formula.by].tolist() if c}
        if len(groups) != 2:
            sizes = {"column": formula.by, "n": len(groups)}
            problems.append(Problem("checking.two_groups", sizes, column="expr"))
    if formula.condition is not None:
        _fits(formula.condition, export, "expr", problems)
    return formula


def _expression(
    cell: str, export: Export, column: str, problems: list[Problem]
) -> Expression | None:
    if not cell.strip():
        return None
    try:
        expression = parse(cell)
    except InputError as error:
        problems += [replace(problem, column=column) for problem in error.problems]
        return None
    _fits(expression, export, column, problems)
    return expression


def _fits(expression: Expression, export: Export, column: str, problems: list[Problem]) -> None:
    problems += [
        replace(one, column=column) for one in check_expression(expression, export).problems
    ]


def _decimals(cell: str, problems: list[Problem]) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > 6:
        problems.append(Problem("checking.decimals", {"found": text}, column="decimals"))
        return None
    return int(text)
