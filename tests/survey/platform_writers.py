"""Random surveys written out as survey tools write them, each after its documented format.

A writer gives the file and, for each closed question, where its answers stand: the codes that
counts should have, each with the respondents that chose it.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import openpyxl
import pandas
import pyreadstat
from random_survey import Question, RandomSurvey

Table = list[list[str]]


@dataclass
class Expected:
    """``counts``: code -> the numbers of the respondents with it. ``column``: a column of it."""

    question: Question
    column: str
    counts: dict[str, list[int]] = field(default_factory=dict)
    numbers: list[float] = field(default_factory=list)


@dataclass
class Written:
    file: Path
    expected: list[Expected]
    open_columns: list[str]


class Columns:
    """Columns side by side, with what is expected of them."""

    def __init__(self, survey: RandomSurvey) -> None:
        self.survey = survey
        self.names: list[str] = []
        self.labels: list[str] = []
        self.cells: list[list[str]] = []
        self.expected: list[Expected] = []
        self.open: list[str] = []

    def add(self, name: str, label: str, cells: Sequence[str]) -> None:
        self.names.append(name)
        self.labels.append(label)
        self.cells.append(list(cells))

    def rows(self) -> Table:
        return [list(row) for row in zip(*self.cells, strict=True)]

    def single(self, name: str, label: str, question: Question, code: Callable[[str], str]) -> None:
        self.add(name, label, ["" if a is None else code(str(a)) for a in question.answers])
        counts = {
            code(option): [i for i, a in enumerate(question.answers) if a == option]
            for option in question.options
        }
        self.expected.append(Expected(question, name, counts))

    def options(
        self,
        question: Question,
        name: Callable[[int], str],
        label: Callable[[int], str],
        yes: Callable[[int], str],
        no: str,
        *,
        unasked: str = "",
        unanswered: str | None = None,
    ) -> None:
        """A column per option. ``no``: of who answered; ``unanswered``: of who was asked only."""
        expected = Expected(question, name(0))
        for i, option in enumerate(question.options):
            cells = []
            for answer, asked in zip(question.answers, question.asked, strict=True):
                if answer is None:
                    cells.append(unanswered if asked and unanswered is not None else unasked)
                else:
                    cells.append(yes(i) if option in answer else no)  # type: ignore[operator]
            self.add(name(i), label(i), cells)
            expected.counts[name(i)] = [
                r
                for r, a in enumerate(question.answers)
                if a is not None and option in a  # type: ignore[operator]
            ]
        self.expected.append(expected)

    def joined(
        self,
        name: str,
        label: str,
        question: Question,
        separator: str,
        code: Callable[[str], str],
        *,
        trailing: bool = False,
    ) -> None:
        cells = []
        for answer, other in zip(question.answers, question.others, strict=True):
            parts = [code(o) for o in question.options if answer is not None and o in answer]  # type: ignore[operator]
            parts += [other] if other else []
            cells.append(separator.join(parts) + (separator if trailing and parts else ""))
        self.add(name, label, cells)
        counts = {
            code(o): [i for i, a in enumerate(question.answers) if a is not None and o in a]  # type: ignore[operator]
            for o in question.options
        }
        counts = {c: who for c, who in counts.items() if who}
        self.expected.append(Expected(question, name, counts))

    def matrix(
        self,
        question: Question,
        name: Callable[[int], str],
        label: Callable[[int], str],
        code: Callable[[str], str],
    ) -> None:
        expected = Expected(question, name(0))
        for i, item in enumerate(question.items):
            self.add(
                name(i),
                label(i),
                ["" if a is None else code(a[item]) for a in question.answers],  # type: ignore[index]
            )
            for option in question.options:
                who = [r for r, a in enumerate(question.answers) if a and a[item] == option]  # type: ignore[index]
                if who:
                    expected.counts[f"{name(i)}={code(option)}"] = who
        self.expected.append(expected)

    def number(
        self, name: str, label: str, question: Question, write: Callable[[float], str]
    ) -> None:
        self.add(name, label, ["" if a is None else write(float(a)) for a in question.answers])  # type: ignore[arg-type]
        numbers = [float(a) for a in question.answers if a is not None]  # type: ignore[arg-type]
        self.expected.append(Expected(question, name, numbers=numbers))

    def text(self, name: str, label: str, cells: Sequence[str]) -> None:
        self.add(name, label, cells)

    def answer(self, name: str, label: str, question: Question) -> None:
        self.add(name, label, [str(a) if a else "" for a in question.answers])
        self.open.append(name)


def point(value: float) -> str:
    return f"{value:.10g}"


def comma(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")


def dutch(value: float) -> str:
    """1.234,50"""
    text = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))


def write_csv(file: Path, rows: Table, delimiter: str = ",", encoding: str = "utf-8") -> None:
    with file.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter).writerows(rows)


def same(text: str) -> str:
    return text


def numbered(question: Question) -> Callable[[str], str]:
    return lambda option: str(question.options.index(option) + 1)


def qualtrics(
    survey: RandomSurvey, folder: Path, *, text: bool = False, split: bool = True, old: bool = False
) -> Written:
    """Three heading rows; multiple answers split into columns, or in one cell with commas."""
    c = Columns(survey)
    n = survey.n
    c.add("StartDate", "Start Date", ["2025-03-01 10:00:00"] * n)
    c.add("Status", "Response Type", ["IP Address" if text else "0"] * n)
    c.add("Finished", "Finished", ["True" if text else "1"] * n)
    c.add("ResponseID" if old else "ResponseId", "Response ID", [f"R_{i:015d}" for i in range(n)])
    for q in survey.questions:
        name = q.id.upper()
        code = same if text else numbered(q)
        if q.kind == "single":
            c.single(name, q.text, q, code)
        elif q.kind == "multiple" and split:
            c.options(
                q,
                lambda i, name=name: f"{name}_{i + 1}",  # type: ignore[misc]
                lambda i, q=q: f"{q.text} - Selected Choice - {q.options[i]}",  # type: ignore[misc]
                lambda i, q=q: q.options[i] if text else "1",  # type: ignore[misc]
                "",
            )
            if q.has_other:
                c.add(f"{name}_{len(q.options) + 1}_TEXT", f"{q.text} - Anders - Text", q.others)
        elif q.kind == "multiple":
            c.joined(name, q.text, q, ",", code)
        elif q.kind == "matrix":
            c.matrix(
                q,
                lambda i, name=name: f"{name}_{i + 1}",
                lambda i, q=q: f"{q.text} - {q.items[i]}",
                code,
            )  # type: ignore[misc]
        elif q.kind == "number":
            c.number(name, q.text, q, point)
        else:
            c.answer(name, q.text, q)
    ids = [f"QID{i}" for i in range(len(c.names))]
    imports = [
        str({"ImportId": one}) if old else json.dumps({"ImportId": one, "timeZone": "Z"})
        for one in ids
    ]
    file = folder / "qualtrics.csv"
    write_csv(file, [c.names, c.labels, imports, *c.rows()])
    return Written(file, c.expected, c.open)


def limesurvey(survey: RandomSurvey, folder: Path, *, full: bool = False) -> Written:
    """Answer codes under question codes, or full answers under codes with wordings."""
    c = Columns(survey)
    n = survey.n
    c.add("id", "Response ID", [str(i + 7) for i in range(n)])
    c.add("submitdate", "Date submitted", ["2025-03-01 10:00:00"] * n)
    c.add("lastpage", "Last page", ["4"] * n)
    c.add("startlanguage", "Start language", ["nl"] * n)
    c.add("seed", "Seed", [str(1000 + i) for i in range(n)])
    for q in survey.questions:
        code = same if full else (lambda o, q=q: f"A{q.options.index(o) + 1}")  # type: ignore[misc]
        if q.kind == "single":
            c.single(q.id, q.text, q, code)
        elif q.kind == "multiple":
            c.options(
                q,
                lambda i, q=q: f"{q.id}[SQ{i + 1:03}]",  # type: ignore[misc]
                lambda i, q=q: f"{q.text} [{q.options[i]}]",  # type: ignore[misc]
                lambda _: "Ja" if full else "Y",
                "Nee" if full else "",
                unasked="N/A" if full else "",
                unanswered="Nee" if full else "",
            )
            if q.has_other:
                c.add(f"{q.id}[other]", f"{q.text} [Anders]", q.others)
        elif q.kind == "matrix":
            c.matrix(
                q,
                lambda i, q=q: f"{q.id}[SQ{i + 1:03}]",
                lambda i, q=q: f"{q.text} [{q.items[i]}]",
                code,
            )  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.id, q.text, q, point)
        else:
            c.answer(q.id, q.text, q)
    file = folder / "results-survey.csv"
    header = [f"{a}. {b}" for a, b in zip(c.names, c.labels, strict=True)] if full else c.names
    write_csv(file, [header, *c.rows()], ";" if full else ",")
    return Written(file, c.expected, c.open)


def limesurvey_vv(survey: RandomSurvey, folder: Path) -> Written:
    """Wordings, codes, and answers with signs for what is empty or would break a line."""
    c = Columns(survey)
    n = survey.n
    c.add("id", "Volgnummer", [str(i + 7) for i in range(n)])
    c.add("submitdate", "Datum ingestuurd", ["2025-03-01 10:00:00"] * n)
    c.add("lastpage", "Laatste pagina", ["4"] * n)
    c.add("startlanguage", "Starttaal", ["nl"] * n)
    c.add("seed", "Zaad", [str(1000 + i) for i in range(n)])
    for q in survey.questions:
        code = lambda o, q=q: f"A{q.options.index(o) + 1}"  # type: ignore[misc]  # noqa: E731
        if q.kind == "single":
            c.single(q.id, q.text, q, code)
        elif q.kind == "multiple":
            c.options(
                q,
                lambda i, q=q: f"{q.id}_SQ{i + 1:03}",
                lambda i, q=q: f"{q.text} {q.options[i]}",
                lambda _: "Y",
                "",
            )  # type: ignore[misc]
            if q.has_other:
                c.add(f"{q.id}_other", f"{q.text} Anders", q.others)
        elif q.kind == "matrix":
            c.matrix(
                q,
                lambda i, q=q: f"{q.id}_SQ{i + 1:03}",
                lambda i, q=q: f"{q.text} {q.items[i]}",
                code,
            )  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.id, q.text, q, point)
        else:
            c.answer(q.id, q.text, q)
    rows = [
        [
            cell.replace("{", "{lbrace}").replace("\n", "{newline}")
            if cell
            else "{question_not_shown}"
            for cell in row
        ]
        for row in c.rows()
    ]
    file = folder / "vvexport.csv"
    write_csv(file, [c.labels, c.names, *rows], "\t")
    return Written(file, c.expected, c.open)


def surveymonkey(survey: RandomSurvey, folder: Path) -> Written:
    """Two heading rows: questions, and below them the options; expanded."""
    c = Columns(survey)
    second: list[str] = []
    top: list[str] = []

    def head(question: str, option: str) -> None:
        top.append(question)
        second.append(option)

    n = survey.n
    for name, cells in (
        ("Respondent ID", [str(10_000 + i) for i in range(n)]),
        ("Collector ID", ["77"] * n),
        ("Start Date", ["03/01/2025 10:00:00 AM"] * n),
    ):
        c.add(name, "", cells)
        head(name, "")
    for q in survey.questions:
        before = len(c.names)
        if q.kind == "single":
            c.single(q.text, "", q, same)
            head(q.text, "Response")
        elif q.kind == "multiple":
            c.options(
                q,
                lambda i, q=q: f"{q.text} - {q.options[i]}",
                lambda i: "",
                lambda i, q=q: q.options[i],
                "",
            )  # type: ignore[misc]
            if q.has_other:
                name = f"{q.text} - Other (please specify)"
                c.add(name, "", q.others)
                c.expected[-1].counts[name] = [i for i, t in enumerate(q.others) if t]
            for place, name in enumerate(c.names[before:]):
                head("" if place else q.text, name.rpartition(" - ")[2])
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.text} - {q.items[i]}", lambda i: "", same)  # type: ignore[misc]
            for place, item in enumerate(q.items):
                head("" if place else q.text, item)
        elif q.kind == "number":
            c.number(q.text, "", q, point)
            head(q.text, "Open-Ended Response")
        else:
            c.answer(q.text, "", q)
            head(q.text, "Open-Ended Response")
    file = folder / "surveymonkey.csv"
    write_csv(file, [top, second, *c.rows()], encoding="utf-8-sig")
    return Written(file, c.expected, c.open)


def forms(survey: RandomSurvey, folder: Path, *, microsoft: bool = False) -> Written:
    """Google Forms (commas) and Microsoft Forms (semicolons): several answers in one cell."""
    c = Columns(survey)
    n = survey.n
    if microsoft:
        c.add("ID", "", [str(i + 1) for i in range(n)])
        c.add("Begintijd", "", ["3-1-2025 10:00:05"] * n)
        c.add("Tijd van voltooien", "", ["3-1-2025 10:05:05"] * n)
    else:
        c.add("Tijdstempel", "", [f"3-1-2025 10:{i % 60:02}:05" for i in range(n)])
    for q in survey.questions:
        if q.kind == "single":
            c.single(q.text, "", q, same)
        elif q.kind == "multiple":
            c.joined(q.text, "", q, ";" if microsoft else ", ", same, trailing=microsoft)
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.text} [{q.items[i]}]", lambda i: "", same)  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.text, "", q, comma)
        else:
            c.answer(q.text, "", q)
    if microsoft:
        file = folder / "forms.xlsx"
        book = openpyxl.Workbook()
        sheet = book.active
        for row in [c.names, *c.rows()]:
            sheet.append([cell or None for cell in row])
        book.save(file)
    else:
        file = folder / "google.csv"
        write_csv(file, [c.names, *c.rows()])
    return Written(file, c.expected, c.open)


def typeform(survey: RandomSurvey, folder: Path) -> Written:
    """A column per option that holds the option's own words, and an 'Other' column."""
    c = Columns(survey)
    n = survey.n
    c.add("#", "", [f"{i:032x}" for i in range(n)])
    names: dict[str, int] = {}
    for q in survey.questions:
        if q.kind == "single":
            c.single(q.text, "", q, same)
        elif q.kind == "multiple":
            c.joined(q.text, "", q, ", ", same)
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.text} - {q.items[i]}", lambda i: "", same)  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.text, "", q, point)
        else:
            c.answer(q.text, "", q)
    assert not names
    c.add("Start Date (UTC)", "", ["2025-03-01 10:00:00"] * n)
    c.add("Submit Date (UTC)", "", ["2025-03-01 10:09:00"] * n)
    c.add("Network ID", "", [f"{i:010x}" for i in range(n)])
    file = folder / "typeform.csv"
    write_csv(file, [c.names, *c.rows()])
    return Written(file, c.expected, c.open)


def name_of(option: str) -> str:
    return option.lower().replace(" ", "_")


def kobo(survey: RandomSurvey, folder: Path, *, both: bool = True) -> Written:
    """XML values: names with a space between, and with ``both`` a column per option too."""
    c = Columns(survey)
    n = survey.n
    c.add("start", "", ["2025-03-01T10:00:00.000+01:00"] * n)
    c.add("end", "", ["2025-03-01T10:09:00.000+01:00"] * n)
    for q in survey.questions:
        if q.kind == "single":
            c.single(q.id, "", q, name_of)
        elif q.kind == "multiple":
            c.joined(q.id, "", q, " ", name_of)
            # what is typed at 'other' is a question of its own
            c.cells[-1] = [
                " ".join(name_of(o) for o in q.options if a is not None and o in a)  # type: ignore[operator]
                for a in q.answers
            ]
            if both:
                c.expected.pop()
                c.options(
                    q,
                    lambda i, q=q: f"{q.id}/{name_of(q.options[i])}",
                    lambda i: "",
                    lambda _: "1",
                    "0",
                )  # type: ignore[misc]
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.id}_{name_of(q.items[i])[-3:]}", lambda i: "", name_of)  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.id, "", q, point)
        else:
            c.answer(q.id, "", q)
    c.add("_id", "", [str(500 + i) for i in range(n)])
    c.add("_uuid", "", [f"{i:08x}-0000-4000-8000-{i:012x}" for i in range(n)])
    c.add("_submission_time", "", ["2025-03-01T10:10:00"] * n)
    file = folder / "kobo.csv"
    write_csv(file, [c.names, *c.rows()], ";")
    return Written(file, c.expected, c.open)


def redcap(survey: RandomSurvey, folder: Path) -> Written:
    """Raw data: codes, and a column of 0 and 1 for every box, also where nobody was asked."""
    c = Columns(survey)
    n = survey.n
    c.add("record_id", "", [str(i + 1) for i in range(n)])
    for q in survey.questions:
        if q.kind == "single":
            c.single(q.id, "", q, numbered(q))
        elif q.kind == "multiple":
            c.options(
                q,
                lambda i, q=q: f"{q.id}___{i + 1}",
                lambda i: "",
                lambda _: "1",
                "0",
                unasked="0",
                unanswered="0",
            )  # type: ignore[misc]
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.id}_{'abc'[i]}", lambda i: "", numbered(q))  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.id, "", q, point)
        else:
            c.answer(q.id, "", q)
    c.add("vragenlijst_complete", "", ["2"] * n)
    file = folder / "redcap.csv"
    write_csv(file, [c.names, *c.rows()])
    return Written(file, c.expected, c.open)


def plain(survey: RandomSurvey, folder: Path, *, style: str = "0/1", form: str = "csv") -> Written:
    """A table as researchers make it: short names, semicolons, Dutch numbers."""
    c = Columns(survey)
    c.add("respnr", "", [str(i + 1) for i in range(survey.n)])
    for q in survey.questions:
        if q.kind == "single":
            c.single(q.id, "", q, same)
        elif q.kind == "multiple":
            yes, no = {
                "0/1": (lambda _: "1", "0"),
                "1/empty": (lambda _: "1", ""),
                "words": (lambda i, q=q: q.options[i], ""),  # type: ignore[misc]
                "selected": (lambda _: "Geselecteerd", "Niet geselecteerd"),
                "numbers": (lambda i: str(i + 1), ""),
            }[style]
            c.options(q, lambda i, q=q: f"{q.id}_{i + 1}", lambda i: "", yes, no)  # type: ignore[misc]
        elif q.kind == "matrix":
            c.matrix(q, lambda i, q=q: f"{q.id}_{'abc'[i]}", lambda i: "", numbered(q))  # type: ignore[misc]
        elif q.kind == "number":
            c.number(q.id, "", q, dutch if form == "csv" else point)
        else:
            c.answer(q.id, "", q)
    rows = [c.names, *c.rows()]
    if form == "csv":
        file = folder / "plat.csv"
        write_csv(file, rows, ";", "utf-8-sig")
    elif form == "parquet":
        file = folder / "plat.parquet"
        frame = pandas.DataFrame(rows[1:], columns=rows[0]).replace("", None)
        frame.to_parquet(file)
    else:
        file = folder / "plat.xlsx"
        book = openpyxl.Workbook()
        for row in [["Enquête over AI"], [], *rows]:
            book.active.append([cell or None for cell in row])
        book.save(file)
    return Written(file, c.expected, c.open)


def statistics_file(survey: RandomSurvey, folder: Path, *, kind: str = "sav") -> Written:
    """SPSS and Stata: numbers with labels; options 1 and 0 with labels, missing where not asked."""
    c = Columns(survey)
    c.add("respnr", "Nummer", [str(i + 1) for i in range(survey.n)])
    labels: dict[str, dict[float, str]] = {}
    for q in survey.questions:
        scale = {float(i + 1): option for i, option in enumerate(q.options)}
        before = len(c.names)
        if q.kind == "single":
            c.single(q.id, q.text, q, numbered(q))
            labels[q.id] = scale
        elif q.kind == "multiple":
            c.options(
                q,
                lambda i, q=q: f"{q.id}_{i + 1}",
                lambda i, q=q: f"{q.text} - {q.options[i]}",
                lambda _: "1",
                "2",
            )  # type: ignore[misc]
            labels |= {name: {1.0: "Ja", 2.0: "Nee"} for name in c.names[before:]}
        elif q.kind == "matrix":
            c.matrix(
                q,
                lambda i, q=q: f"{q.id}_{'abc'[i]}",
                lambda i, q=q: f"{q.text} - {q.items[i]}",
                numbered(q),
            )  # type: ignore[misc]
            labels |= dict.fromkeys(c.names[before:], scale)
        elif q.kind == "number":
            c.number(q.id, q.text, q, point)
        else:
            c.answer(q.id, q.text, q)
    data = {}
    for name, cells in zip(c.names, c.cells, strict=True):
        if name in c.open:
            data[name] = cells
        else:
            data[name] = [float(cell) if cell else np.nan for cell in cells]
    file = folder / f"bestand.{kind}"
    write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
    if kind == "dta":
        labels = {name: {int(k): v for k, v in own.items()} for name, own in labels.items()}  # type: ignore[misc]
    write(pandas.DataFrame(data), str(file), column_labels=c.labels, variable_value_labels=labels)
    return Written(file, c.expected, c.open)


PLATFORMS: dict[str, Callable[[RandomSurvey, Path], Written]] = {
    "Qualtrics, numbers": qualtrics,
    "Qualtrics, texts": lambda s, f: qualtrics(s, f, text=True),
    "Qualtrics, not split": lambda s, f: qualtrics(s, f, text=True, split=False),
    "Qualtrics, old headings": lambda s, f: qualtrics(s, f, old=True),
    "LimeSurvey, codes": limesurvey,
    "LimeSurvey, full answers": lambda s, f: limesurvey(s, f, full=True),
    "LimeSurvey, VV": limesurvey_vv,
    "SurveyMonkey": surveymonkey,
    "Google Forms": forms,
    "Microsoft Forms": lambda s, f: forms(s, f, microsoft=True),
    "Typeform": typeform,
    "KoboToolbox": kobo,
    "KoboToolbox, one cell": lambda s, f: kobo(s, f, both=False),
    "REDCap": redcap,
    "SPSS": statistics_file,
    "Stata": lambda s, f: statistics_file(s, f, kind="dta"),
    "csv, 0 and 1": plain,
    "csv, 1 and empty": lambda s, f: plain(s, f, style="1/empty"),
    "csv, the option's words": lambda s, f: plain(s, f, style="words"),
    "csv, selected or not": lambda s, f: plain(s, f, style="selected"),
    "csv, the option's number": lambda s, f: plain(s, f, style="numbers"),
    "Excel with a title": lambda s, f: plain(s, f, form="xlsx"),
    "parquet": lambda s, f: plain(s, f, form="parquet"),
}


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)
