"""Spreadsheets of coding in the shapes that people keep them in, all of which say the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

from coding_study import ANSWERS

LABELS = {
    "privacy": "Privacy en data",
    "echo": "Echokamer, meepraten",
    "tijd": "Tijd en gemak",
    "geen_inhoud": "Geen inhoud",
}
NUMBERS = {code: str(n) for n, code in enumerate(LABELS, start=1)}
ANNA = {
    "101": ("privacy",),
    "102": ("echo",),
    "103": ("tijd",),
    "104": ("geen_inhoud",),
    "105": ("privacy", "tijd"),
    "106": (),
    "107": ("geen_inhoud",),
}
BRAM = {"101": ("privacy",), "102": ("echo", "tijd"), "103": ("tijd",), "105": ("tijd",)}
NO_CODE = "geen code"
Rows = Sequence[Sequence[object]]
Codings = dict[tuple[str, str], tuple[str, ...]]


def of(question: str = "q1", **coders: dict[str, tuple[str, ...]]) -> Codings:
    """(answer_id, coder) -> codes."""
    return {
        (f"{respondent}:{question}", coder): tuple(sorted(codes))
        for coder, own in coders.items()
        for respondent, codes in own.items()
    }


@dataclass(frozen=True)
class Shape:
    """``write`` makes the file in a folder; ``words`` are the options that it needs; ``says`` what
    it says, both coders' codings of q1 where nothing else is stated."""

    name: str
    write: Callable[[Path], Path]
    words: tuple[str, ...] = ()
    says: Codings | None = None

    @property
    def codings(self) -> Codings:
        return of(anna=ANNA, bram=BRAM) if self.says is None else self.says


def book(file: Path, **sheets: Rows) -> Path:
    """A workbook; an underscore in the name of a sheet is a space."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    made.save(file)
    return file


def text(respondent: str) -> str:
    return ANSWERS["q1"][respondent]


def joined(codes: Sequence[str], sign: str = "; ", names: dict[str, str] | None = None) -> str:
    return sign.join(names[code] if names else code for code in codes) or NO_CODE


def one_column(folder: Path) -> Path:
    rows = [[int(r), text(r), joined(codes, "; ", LABELS)] for r, codes in ANNA.items()]
    return book(
        folder / "een_kolom.xlsx",
        Blad1=[
            ["Codering open vragen, versie van Anna"],
            [],
            ["respid", "Antwoord", "Thema"],
            *rows,
        ],
    )


def numbered_slots(folder: Path) -> Path:
    numbers = {r: [int(NUMBERS[code]) for code in codes] for r, codes in ANNA.items()}
    rows = [
        [int(r), text(r), *([*own, None, None][:2] if own else ["-", None])]
        for r, own in numbers.items()
    ]
    codes = [[int(n), LABELS[code]] for code, n in NUMBERS.items()]
    return book(
        folder / "genummerd.xlsx",
        Codering=[["respid", "V1", "code 1", "code 2"], *rows],
        Codelijst=[["Nr", "Label"], *codes],
    )


def matrix(folder: Path) -> Path:
    rows = [[int(r), *(int(code in own) for code in LABELS)] for r, own in ANNA.items()]
    return book(folder / "matrix.xlsx", q1=[["respid", *LABELS.values()], *rows])


def matrix_of_words(folder: Path) -> Path:
    rows = [[r, *("ja" if code in own else "nee" for code in LABELS)] for r, own in ANNA.items()]
    return _csv(folder / "matrix.csv", [["respid", *LABELS], *rows], encoding="cp1252")


def crosses(folder: Path) -> Path:
    own = {r: codes for r, codes in ANNA.items() if codes}
    rows = [
        [int(r), *("x" if code in codes else None for code in LABELS)] for r, codes in own.items()
    ]
    return book(folder / "kruisjes.xlsx", Anna=[["respid", *LABELS], *rows])


def sheet_per_coder(folder: Path) -> Path:
    sheets: dict[str, Rows] = {
        coder: [["respid", "codes"], *([int(r), joined(codes, " | ")] for r, codes in own.items())]
        for coder, own in (("Anna", ANNA), ("Bram", BRAM))
    }
    return book(folder / "bladen.xlsx", **sheets)


def column_per_coder(folder: Path) -> Path:
    rows = [
        [int(r), text(r), joined(codes, ", "), joined(BRAM[r], ", ") if r in BRAM else None, "hm"]
        for r, codes in ANNA.items()
    ]
    head = ["respid", "antwoord", "codes anna", "codes bram", "opmerking bram"]
    return book(folder / "kolommen.xlsx", Blad1=[head, *rows])


def coder_and_codes(folder: Path) -> Path:
    rows = [
        [r, "q1", coder, joined(codes, "/")]
        for coder, own in (("anna", ANNA), ("bram", BRAM))
        for r, codes in own.items()
    ]
    return _csv(folder / "lang.csv", [["respondent", "vraag", "codeur", "codes"], *rows])


def row_per_code(folder: Path) -> Path:
    rows = [
        [r, "q1", coder, code]
        for coder, own in (("anna", ANNA), ("bram", BRAM))
        for r, codes in own.items()
        for code in codes or [NO_CODE]
    ]
    return _csv(folder / "rij_per_code.csv", [["respondent", "vraag", "coder", "code"], *rows])


def in_the_export(folder: Path) -> Path:
    rows = [
        [int(r), answer, ANSWERS["q2"].get(r), 30 + n, 1, joined(ANNA[r]) if r in ANNA else None]
        for n, (r, answer) in enumerate(ANSWERS["q1"].items())
    ]
    head = ["respid", "V1", "V2", "leeftijd", "privacy", "q1 codes"]
    return book(folder / "export.xlsx", Export=[head, *rows])


def by_text(folder: Path) -> Path:
    rows = [[text(r).upper() + "  ", joined(codes)] for r, codes in ANNA.items()]
    return book(folder / "zonder_nummers.xlsx", Blad1=[["Antwoord", "Codering"], *rows])


def with_everything(folder: Path) -> Path:
    quotes = {"101": 'privacy: "Mijn data"', "105": "tijd: kost tijd"}
    rows = [
        [
            f"{r}:q1",
            text(r),
            "; ".join(codes),
            quotes.get(r),
            "x" if r == "103" else None,
            "kijk\nnog eens" if r == "103" else None,
            "gecodeerd" if codes else NO_CODE,
        ]
        for r, codes in ANNA.items()
    ]
    head = ["answer_id", "tekst", "codes", "citaten", "twijfel", "opmerking", "toestand"]
    return book(folder / "alles.xlsx", Anna=[head, *rows])


def spss_numbers(folder: Path) -> Path:
    def number(respondent: str, place: int) -> float | None:
        own = [float(NUMBERS[code]) for code in ANNA[respondent]]
        return own[place] if place < len(own) else None

    own = [r for r, codes in ANNA.items() if codes]
    frame = pd.DataFrame(
        {
            "respid": [float(r) for r in own],
            **{f"code{p + 1}": [number(r, p) for r in own] for p in (0, 1)},
        }
    )
    file = folder / "codering.sav"
    labels = {float(n): LABELS[code] for code, n in NUMBERS.items()}
    pyreadstat.write_sav(frame, str(file), variable_value_labels={"code1": labels, "code2": labels})
    return file


def spss_matrix(folder: Path) -> Path:
    frame = pd.DataFrame({"respid": [float(r) for r in ANNA]})
    for n, code in enumerate(LABELS, start=1):
        frame[f"T{n}"] = [2.0 - (code in own) for own in ANNA.values()]
    file = folder / "matrix.sav"
    yes_no = {1.0: "ja", 2.0: "nee"}
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels=["Respondent", *LABELS.values()],
        variable_value_labels={f"T{n}": yes_no for n in range(1, len(LABELS) + 1)},
    )
    return file


def parquet(folder: Path) -> Path:
    rows = [
        {"respondent": r, "question": "q1", "coder": coder, "codes": list(codes) or ["-"]}
        for coder, own in (("anna", ANNA), ("bram", BRAM))
        for r, codes in own.items()
    ]
    file = folder / "codering.parquet"
    pd.DataFrame(rows).to_parquet(file)
    return file


def sheet_per_question(folder: Path) -> Path:
    first = [[int(r), joined(codes)] for r, codes in ANNA.items()]
    return book(
        folder / "vragen.xlsx",
        q1=[["respid", "codes"], *first],
        q2=[["respid", "codes"], [102, "echo"], [104, "geen_inhoud"]],
    )


def number_and_label(folder: Path) -> Path:
    own = {r: codes[0] for r, codes in ANNA.items() if len(codes) == 1}
    rows = [[int(r), int(NUMBERS[code]), LABELS[code]] for r, code in own.items()]
    return book(folder / "nummer_en_label.xlsx", Blad1=[["respid", "code", "label"], *rows])


def stated(folder: Path) -> Path:
    rows = [
        [int(r), joined(codes), joined(BRAM.get(r, ())) if r in BRAM else None]
        for r, codes in ANNA.items()
    ]
    return book(folder / "eigen_koppen.xlsx", Blad1=[["R", "Eerste ronde", "Tweede"], *rows])


def coder_matrix(folder: Path) -> Path:
    head = ["respid", *(f"{code} ({coder})" for coder in ("anna", "bram") for code in LABELS)]
    rows = [
        [
            int(r),
            *(int(code in ANNA[r]) for code in LABELS),
            *((int(code in BRAM[r]) if r in BRAM else None) for code in LABELS),
        ]
        for r in ANNA
    ]
    return book(folder / "matrix_codeurs.xlsx", Blad1=[head, *rows])


def _csv(file: Path, rows: Rows, encoding: str = "utf-8-sig") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))
    return file


_ANNA = of(anna=ANNA)
_CODED = of(anna={r: codes for r, codes in ANNA.items() if codes})
_BY_ANNA = ("--coder", "anna")
SHAPES = (
    Shape("one column of labels below titles", one_column, (*_BY_ANNA, "-q", "q1"), _ANNA),
    Shape("numbers of a code list, code 1 and code 2", numbered_slots, _BY_ANNA, _ANNA),
    Shape("zeros and ones", matrix, _BY_ANNA, _ANNA),
    Shape("yes and no in a CSV", matrix_of_words, (*_BY_ANNA, "-q", "q1"), _ANNA),
    Shape("crosses and nothing", crosses, ("-q", "q1"), _CODED),
    Shape("a sheet per coder", sheet_per_coder, ("-q", "q1")),
    Shape("a column per coder", column_per_coder, ("-q", "q1")),
    Shape("a row per coder and answer", coder_and_codes),
    Shape("a row per code", row_per_code, ("--rows", "code")),
    Shape("columns in the survey's export", in_the_export, _BY_ANNA, _ANNA),
    Shape("texts without numbers", by_text, (*_BY_ANNA, "-q", "q1"), _ANNA),
    Shape("quotes, doubts, remarks, states", with_everything, (), _ANNA),
    Shape("SPSS with labelled numbers", spss_numbers, (*_BY_ANNA, "-q", "q1"), _CODED),
    Shape("SPSS with a variable per code", spss_matrix, (*_BY_ANNA, "-q", "q1"), _ANNA),
    Shape("parquet with lists", parquet),
    Shape(
        "a sheet per question",
        sheet_per_question,
        _BY_ANNA,
        {**_ANNA, **of("q2", anna={"102": ("echo",), "104": ("geen_inhoud",)})},
    ),
    Shape(
        "a number and its label",
        number_and_label,
        (*_BY_ANNA, "-q", "q1"),
        of(anna={r: codes for r, codes in ANNA.items() if len(codes) == 1}),
    ),
    Shape(
        "columns that a person names",
        stated,
        (
            *("-q", "q1", "--column", "respondent=R"),
            *("--column", "codes:anna=Eerste ronde", "--column", "codes:bram=Tweede"),
        ),
    ),
    Shape("zeros and ones of two coders", coder_matrix, ("-q", "q1")),
)
