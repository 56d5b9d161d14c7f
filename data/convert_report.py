"""Turn the report's published figures and claims into the files that ``themecoder check`` reads.

    python data/convert_report.py FIGURES.csv CLAIMS.csv

writes ``reports/quoted_figures.csv`` and ``reports/claims.csv``. FIGURES has a row per number of
the report with its expression; CLAIMS a row per statement with its words of quantity. What a
statement of the closed questions is about is not in it: ``CLOSED`` says so here, by its row. So do
``EACH``, ``WITHIN`` and ``NO_CODE`` where the themes that a row names are not what it speaks of.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from themecoder import Study
from themecoder.figures.quoted.rows import CLAIMS, FIGURES
from themecoder.storage.atomic import write_csv

ROOT = Path(__file__).resolve().parent.parent
OPEN = {"users": "q7;q15", "non-users": "q18;q19", "users+non-users": ""}
# row of the claims (the first below the header is 1) -> (condition, closed question)
CLOSED = {
    1: ("q3=a", "q3"),
    2: ("q4_b", "q4"),
    3: ("q8_e", "q8"),
    4: ("q9 in a,c", "q9"),
    5: ("q6_c or q6_d or q6_e", "q6"),
    7: ("q16_g or q16_e or q16_d", "q16"),
    9: ("q14_6 in 4,5", "q14"),
    10: ("q2=a", "q2"),
    11: ("q2=c", "q2"),
    12: ("q2=b", "q2"),
    # the tools that the text does not name
    13: (" or ".join(f"q4_{letter}" for letter in "cegijklmnopqrs"), "q4"),
    14: ("q5=e", "q5"),
    15: ("q6_c or q6_d", "q6"),
    22: ("q8_b or q8_e", "q8"),
    24: ("q9=b", "q9"),
    25: ("q10_a or q10_b or q10_c", "q10"),
    31: ("q10_i or q10_j", "q10"),
    32: ("q12_a or q12_c or q12_e", "q12"),
    41: ("q14_1=3", "q14"),
    44: ("q14_2 in 1,2", "q14"),
    46: ("q14_7 in 1,2", "q14"),
    47: ("q14_7 in 4,5", "q14"),
    48: ("q14_8 in 1,2", "q14"),
    49: ("q14_3 in 1,2", "q14"),
    50: ("q14_6 in 4,5", "q14"),
    52: ("q14_5 in 4,5", "q14"),
    54: ("q14_12 in 1,2", "q14"),
    55: ("q14_11 in 1,2", "q14"),
    56: ("q16_g", "q16"),
    69: ("q16_d", "q16"),
    73: ("q16_c", "q16"),
    80: ("q9 in a,c", "q9"),
    81: ("q3=a", "q3"),
    82: ("q4_b", "q4"),
    83: ("q9 in a,c", "q9"),
    85: ("q6_c or q6_d or q6_e", "q6"),
    86: ("q8_b or q8_e", "q8"),
    88: ("q16_g or q16_e or q16_d", "q16"),
    91: ("q8_d", "q8"),
    92: ("q14_6 in 4,5", "q14"),
}

# rows that are meant of each of their options
EACH = {13}
# rows whose themes hold more than they speak of, or are "other": aftercare among all that bridges
# a gap in care (18), other views among recognition (29), not yet there among no need (75)
WITHIN = {18, 29, 33, 37, 53, 75, 76, 77}
# rows whose themes are not about them: the contrary (45), another question's answers (57)
NO_CODE = {45, 57}


def figures(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """The contract's rows: an id of the figure, the question and what is counted, told apart."""
    found, used = [], {}
    for row in rows:
        place = "t" if row["figure"] == "tekst" else f"f{row['figure']}"
        what = re.sub(r"[^a-z0-9]+", "-", (row["expr"] or row["item"]).lower()).strip("-")
        name = f"{place}-{what}"[:60].rstrip("-")
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            name = f"{name}-{used[name]}"
        text = " / ".join(part for part in (row["question"], row["item"], row["subgroup"]) if part)
        cells = (row["expr"], row["base_expr"], row["decimals"], row["printed"])
        found.append((name, text, *cells))
    return found


def claims(rows: list[dict[str, str]], codes: set[str]) -> list[tuple[str, ...]]:
    """The contract's rows: on codes of the open questions, or on a closed question's answers."""
    found = []
    for number, row in enumerate(rows, start=1):
        # no group: the base is everyone who was asked the question
        if number in CLOSED:
            subject, questions = CLOSED[number]
        else:
            listed = [code for code in row["theme_codes"].split(";") if code in codes]
            subject = ";".join(listed) if "open" in row["basis"] and number not in NO_CODE else ""
            questions = OPEN[row["group"]]
        text = f"{row['heading']}: {row['claim']}"
        reach = "elk: " if number in EACH else "binnen: " if number in WITHIN else ""
        quantifier = f"{reach}{row['quantifier']}"
        found.append((f"c{number:02}", text, subject, questions, "", quantifier))
    return found


def main(figures_file: str, claims_file: str) -> None:
    book = Study.open(ROOT).codebook
    codes = {code.id for code in book.usable} if book else set()
    reports = ROOT / "reports"
    write_csv(reports / "quoted_figures.csv", FIGURES, figures(_rows(figures_file)))
    write_csv(reports / "claims.csv", CLAIMS, claims(_rows(claims_file), codes))


def _rows(file: str) -> list[dict[str, str]]:
    with Path(file).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


if __name__ == "__main__":
    main(*sys.argv[1:])
