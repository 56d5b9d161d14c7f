"""A random survey written as a tool writes it, read back with nothing edited, and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isclose
from pathlib import Path

from platform_writers import PLATFORMS, Expected
from random_survey import Question, random_survey

from themecoder.counts.result import Counts
from themecoder.study import Study
from themecoder.survey.init_study import init_study


@dataclass
class Result:
    """``right``: closed questions with the right kind and every count; ``told``: those of which the
    cells tell too little. ``wrong`` says what else was; ``bases``: of the right ones, wrong bases.
    """

    total: int = 0
    right: int = 0
    told: int = 0
    bases: int = 0
    wrong: list[str] = field(default_factory=list)


def read_back(platform: str, seed: int, folder: Path) -> tuple[Result, Study]:
    """What came of the survey ``seed`` in the shape of ``platform``, and the study that read it."""
    survey = random_survey(seed)
    written = PLATFORMS[platform](survey, folder)
    root = folder / "studie"
    root.mkdir()
    proposal = init_study(written.file, root).proposal
    settings = root / "study.toml"
    text = settings.read_text(encoding="utf-8").replace("smallest_cell = 5", "smallest_cell = 0")
    settings.write_text(text, encoding="utf-8")
    study = Study.open(root)
    counts = study.counts()
    result = Result()
    columns = {question.column for question in proposal.questions}
    if columns != set(written.open_columns):
        result.wrong.append(f"open: {sorted(columns ^ set(written.open_columns))}")
    for expected in written.expected:
        result.total += 1
        base = _compare(study, counts, expected)
        if base is not None:
            result.right += 1
            result.bases += base != sum(expected.question.asked)
        elif _tells_too_little(expected.question, platform):
            result.told += 1
        else:
            result.wrong.append(f"{expected.question.kind} {expected.column}")
    return result, study


def _compare(study: Study, counts: Counts, expected: Expected) -> int | None:
    """The base of the question where all its counts are right; else None."""
    config = next((q for q in study.survey.closed if expected.column in q.columns), None)
    if config is None:
        return None
    if expected.question.kind == "number":
        rows = [r for r in counts.numbers if (r.question, r.subgroup) == (config.id, "all")]
        mean = sum(expected.numbers) / len(expected.numbers)
        if rows and rows[0].n == len(expected.numbers) and isclose(rows[0].mean or 0, mean):
            return rows[0].base_n
        return None
    found = {
        row.code: (row.n, row.base_n)
        for row in counts.rows
        if (row.question, row.subgroup) == (config.id, "all")
    }
    if any(found.get(code, (0, 0))[0] != len(who) for code, who in expected.counts.items()):
        return None
    return next(iter(found.values()))[1]


ONE_CELL = ("Google Forms", "Microsoft Forms", "Typeform", "not split", "one cell")


def _tells_too_little(question: Question, platform: str) -> bool:
    """Whether the file can't tell: options in one cell that were hardly ever chosen together, or
    one of which a single person chose, are nothing but texts there."""
    if question.kind != "multiple" or not any(name in platform for name in ONE_CELL):
        return False
    chosen = [sum(o in a for a in question.answers if a) for o in question.options]  # type: ignore[operator]
    together = sum(bool(a) and len(a) > 1 for a in question.answers)  # type: ignore[arg-type]
    return sum(n > 1 for n in chosen) < 2 or any(n == 1 for n in chosen) or together < 3
