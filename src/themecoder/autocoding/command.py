"""``themecoder autocode``: answers coded by machine, at an accuracy that is stated."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.autocoding.machine_codes import ALL
from themecoder.autocoding.saturation import CodeLeft
from themecoder.autocoding.study_autocode import (
    Autocoded,
    Saturation,
    autocode_study,
    undo_autocoding,
    write_autocoded,
)
from themecoder.coding.machine_coding import StatedAccuracy
from themecoder.console import (
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
    problems_data,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message, render
from themecoder.output.numbers import number_text, percent_text, span_text
from themecoder.workspace.folder import StudyFolder


def autocode(
    study: StudyOption = Path(),
    at: Annotated[float | None, typer.Option("--at", min=0.5, max=0.99)] = None,
    question: Questions = None,
    apply: Annotated[bool, typer.Option("--apply")] = False,
    undo: Annotated[bool, typer.Option("--undo")] = False,
    drawn: Annotated[str, typer.Option("--drawn")] = "",
    as_json: JsonOption = False,
) -> None:
    """Code answers by machine where it agrees with people; a dry run unless --apply.

    Measured on answers that people coded blind, in the plan's order of chance. The machine's coding
    stands apart from people's, and gives way to it.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        if (at is None) != undo or (undo and (apply or drawn or question)):
            raise InputError(Problem("autocode.at_or_undo"))
        with opened.locked():
            if at is None:
                gone = undo_autocoding(opened)
                if as_json:
                    print_json({"undone": gone})
                else:
                    _say("undone" if gone else "nothing_to_undo", language)
                return
            found = autocode_study(opened, at, question or (), drawn.strip())
            if as_json:
                print_json(_json_data(found, language))
            else:
                _print(found, language)
            if found.coded is None:
                raise InputError(found.problems)
            if apply:
                n = write_autocoded(opened, found)
                _say("written", language, as_json, n=n, file=opened.paths.machine)
            else:
                _say("dry", language, as_json)


def _say(key: str, language: str, to_stderr: bool = False, **params: object) -> None:
    """A line about what was done; beside JSON on stderr."""
    typer.echo(message(f"autocode.said.{key}", language, **params), err=to_stderr)


def _json_data(found: Autocoded, language: str) -> dict[str, Any]:
    coded = found.coded
    return {
        "accuracy": [asdict(one) for one in coded.accuracy] if coded else [],
        "codes": [asdict(one) for one in coded.codes] if coded else [],
        "questions": [
            {
                "question": one.question,
                "random": one.random,
                "left": one.left,
                "machine": one.machine,
                "for_people": one.for_people,
                "problem": problems_data([one.problem], language)[0] if one.problem else None,
            }
            for one in found.outcomes
        ],
        "two_people": asdict(found.people),
        "saturation": [asdict(one) for one in found.saturation],
    }


def _print(found: Autocoded, language: str) -> None:
    stated = {one.question: one for one in found.coded.accuracy} if found.coded else {}
    rows = [
        (one.question, one.random, one.left, one.machine, *_accuracy(stated.get(one.question)))
        for one in found.outcomes
    ]
    whole = stated.get(ALL)
    if whole and len(found.outcomes) > 1:
        left, tried = (sum(getattr(o, name) for o in found.outcomes) for name in ("left", "random"))
        name = message("counts.label.together", language)
        rows.append((name, tried, left, whole.answers, *_accuracy(whole)))
    shown = [
        (name, tried, left, _of(n, left, language), *_words(share, language))
        for name, tried, left, n, *share in rows
    ]
    print_table(message("autocode.header", language).split("|"), shown, right=range(1, 6))
    if whole:
        _say("accuracy", language, right=whole.right, tried=whole.tried)
    for outcome in found.outcomes:
        if outcome.for_people and not outcome.problem:
            _say("for_people", language, question=outcome.question, n=outcome.for_people)
    if found.people.answers:
        people = found.people
        share = percent_text(people.same, people.answers, 0, language)
        span = _percents(people.low, people.high, language)
        _say("people", language, share=share, n=people.answers, span=span)
    if found.coded:
        _print_codes(found, language)
    for one in found.saturation:
        _print_saturation(one, language)
    if found.coded:
        for problem in found.problems:
            typer.echo(render(problem, language), err=True)


def _print_codes(found: Autocoded, language: str) -> None:
    assert found.coded is not None
    left = {(one.question, code.code): code for one in found.saturation for code in one.left or ()}
    rows = [
        (
            code.question,
            code.code,
            code.answers,
            _share(code.both, code.machine, code.precision, language),
            _share(code.both, code.person, code.recall, language),
            _left(left.get((code.question, code.code)), language),
        )
        for code in found.coded.codes
        if code.answers
    ]
    print_table(message("autocode.codes", language).split("|"), rows, right=range(2, 6))


def _print_saturation(one: Saturation, language: str) -> None:
    new = one.new
    if not new.curve:
        return
    coded, codes = new.curve[-1]
    last = next(number for number, known in new.curve if known == codes)
    _say("codes", language, question=one.question, n=coded, codes=codes, last=last)
    if new.answers:
        chance = number_text(100 * new.chance, 1, language) + "%"
        span = _percents(new.low, new.high, language)
        _say("next", language, question=one.question, chance=chance, span=span)


def _accuracy(stated: StatedAccuracy | None) -> tuple[float | None, float | None, float | None]:
    return (stated.share, stated.low, stated.high) if stated else (None, None, None)


def _words(share: list[float | None], language: str) -> tuple[str, str]:
    best, low, high = share
    if best is None or low is None or high is None:
        return "", ""
    return number_text(100 * best, 0, language) + "%", _percents(low, high, language)


def _of(n: int, whole: int, language: str) -> str:
    return f"{n} ({percent_text(n, whole, 0, language)})" if whole else str(n)


def _share(both: int, tried: int, bounds: tuple[float, float] | None, language: str) -> str:
    return f"{both}/{tried} ({_percents(*bounds, language)})" if bounds else ""


def _left(left: CodeLeft | None, language: str) -> str:
    if left is None:
        return ""
    return f"{number_text(left.answers, 0, language)} ({left.low}-{left.high})"


def _percents(low: float, high: float, language: str) -> str:
    return span_text(100 * low, 100 * high, 0, language) + "%"
