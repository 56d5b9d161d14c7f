"""The rows of quoted figures and of claims; all mistakes in them are reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.figures.quantities.lexicon import load
from themecoder.figures.quoted.claims import Claim
from themecoder.figures.quoted.figures import QuotedFigure
from themecoder.figures.quoted.formula import WELCH, Formula, parse_formula
from themecoder.figures.quoted.printed import NUMBER, PERCENT, Printed, parse_printed
from themecoder.figures.quoted.quantifiers import (
    CLOSED,
    OPEN,
    Rule,
    parse_rule,
    rule_for,
    rule_text,
)
from themecoder.output.did_you_mean import did_you_mean
from themecoder.survey.export import Export
from themecoder.survey.expression_check import check_expression

FIGURES = ("id", "text", "expr", "base_expr", "decimals", "printed")
CLAIMS = ("id", "text", "codes", "question", "group", "quantifier")
Rows = Iterable[tuple[int, Mapping[str, str]]]
"""(row as a person counts, column -> cell)."""
Scales = Mapping[str, Mapping[str, Rule]]
"""open or closed -> word -> what it claims of codes, or of answers to closed questions."""


def quantifier_scales(language: str, own: Mapping[str, str]) -> Scales:
    """The words of quantity of a study: the language's, with the study's ``own`` over them.

    Raises InputError with every word whose rule is none.
    """
    problems: list[Problem] = []
    scales: dict[str, dict[str, Rule]] = {OPEN: {}, CLOSED: {}}
    for word, text in (*load(language).scale.items(), *own.items()):
        try:
            for kind, scale in scales.items():
                of_kind = rule_text(text, kind)
                if of_kind is not None:
                    scale[" ".join(word.casefold().split())] = parse_rule(of_kind)
        except InputError as error:
            problems += [
                replace(problem, params={"word": word, **problem.params}, file="study.toml")
                for problem in error.problems
            ]
    if problems:
        raise InputError(problems)
    return scales


def read_figures(rows: Rows, export: Export, language: str, file: Path) -> list[QuotedFigure]:
    """The figures in ``rows``.

    Raises InputError with every mistake in them: an expression that can't be read or does not fit
    the export, a percentage without a base, an id that an earlier row has.
    """
    figures: list[QuotedFigure] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    for number, row in rows:
        row_problems: list[Problem] = []
        name = _id(row, ids, number, row_problems)
        formula = _formula(row["expr"], export, row_problems)
        base = _expression(row["base_expr"], export, "base_expr", row_problems)
        printed = parse_printed(row["printed"], language)
        if printed is None:
            if row["expr"].strip():
                params = {"found": row["printed"]}
                row_problems.append(Problem("checking.printed", params, column="printed"))
            printed = Printed("")  # nothing is held against it
        elif formula is not None and formula.condition is not None:
            if printed.kind == NUMBER and printed.decimals:
                # a count has no decimals: a percentage without its sign
                printed = replace(printed, kind=PERCENT)
            if printed.is_share and not row["base_expr"].strip():
                row_problems.append(Problem("checking.no_base", {"id": name}, column="base_expr"))
        decimals = _decimals(row["decimals"], row_problems)
        problems += [replace(problem, file=file, row=number) for problem in row_problems]
        if not row_problems:
            text, quoted = row["text"].strip(), row["printed"].strip()
            figures.append(QuotedFigure(name, text, formula, base, decimals, quoted, printed))
    if problems:
        raise InputError(problems)
    return figures


def read_claims(
    rows: Rows,
    export: Export,
    codes: Sequence[str],
    questions: Mapping[str, bool],
    scales: Scales,
    language: str,
    file: Path,
) -> list[Claim]:
    """The claims in ``rows``. ``questions``: id -> whether it is open.

    Raises InputError with every row that is none: an unknown quantifier, code, question or column.
    """
    claims: list[Claim] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    for number, row in rows:
        row_problems: list[Problem] = []
        name = _id(row, ids, number, row_problems)
        claim_questions = _split(row["question"])
        for question in claim_questions:
            if question not in questions:
                params = {"found": question, "known": ", ".join(questions)}
                row_problems.append(Problem("cli.question_unknown", params, column="question"))
        group = _expression(row["group"], export, "group", row_problems)
        named, condition = _subject(row["codes"], export, codes, row_problems)
        row_problems += _misplaced_questions(claim_questions, questions, named, condition)
        scale = scales[OPEN if named else CLOSED]
        quantifier = row["quantifier"].strip()
        rule = rule_for(quantifier, scale, language) if quantifier else Rule("")
        if rule is None:
            params = {"found": row["quantifier"], "known": ", ".join(scale)}
            row_problems.append(Problem("checking.quantifier", params, column="quantifier"))
        problems += [replace(problem, file=file, row=number) for problem in row_problems]
        if not row_problems and rule is not None:
            text = row["text"].strip()
            claims.append(
                Claim(name, text, named, condition, claim_questions, group, quantifier, rule)
            )
    if problems:
        raise InputError(problems)
    return claims


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
    named = _split(cell)
    unknown = [code for code in named if code not in codes]
    if not unknown:
        return named, None
    if all(code.replace("_", "").replace("-", "").isalnum() for code in named):
        columns = [column.name for column in export.columns]
        if not (len(named) == 1 and named[0] in columns):
            for code in unknown:
                params = {"found": code, "near": did_you_mean(code, [*codes])}
                problems.append(Problem("checking.code", params, column="codes"))
            return (), None
    return (), _expression(cell, export, "codes", problems)


def _misplaced_questions(
    asked: Sequence[str],
    questions: Mapping[str, bool],
    codes: Sequence[str],
    condition: Expression | None,
) -> list[Problem]:
    """Problems for questions that don't fit the subject of a claim: codes belong to open questions,
    conditions to closed ones."""
    if codes:
        closed = [question for question in asked if questions.get(question) is False]
        return [
            Problem("checking.closed", {"found": question}, column="question")
            for question in closed
        ]
    if condition is not None:
        opened = [question for question in asked if questions.get(question)]
        return [
            Problem("checking.open", {"found": question}, column="question") for question in opened
        ]
    return []


def _split(cell: str) -> tuple[str, ...]:
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
        _add_misfits(formula.condition, export, "expr", problems)
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
    _add_misfits(expression, export, column, problems)
    return expression


def _add_misfits(
    expression: Expression, export: Export, column: str, problems: list[Problem]
) -> None:
    problems += [
        replace(problem, column=column) for problem in check_expression(expression, export).problems
    ]


def _decimals(cell: str, problems: list[Problem]) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > 6:
        problems.append(Problem("checking.decimals", {"found": text}, column="decimals"))
        return None
    return int(text)
