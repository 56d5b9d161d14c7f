"""How well answers that say nothing are told from those that say something.

Two sets: the cases written for the tests (``tests/data/contentless_nl.tsv``), and the shipped
study's answers against the gold codes, where these are at hand (they are not in the repository).

    python benchmarks/contentless.py [--gold gold.jsonl] [--survey data/survey.csv] [--show]
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from themecoder.language.contentless import contentless

HERE = Path(__file__).resolve().parent.parent
QUESTIONS = ("q7", "q15", "q18", "q19")
NO_CONTENT = "geen_inhoud"


def cases(path: Path) -> Iterator[tuple[str, bool]]:
    """The texts of a table of cases, with 1 for those that say nothing."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            says_nothing, text = line.split("\t", 1)
            yield text, says_nothing == "1"


def gold_cases(survey: Path, gold: Path) -> Iterator[tuple[str, bool]]:
    """The study's answers, with whether their writer meant to say nothing."""
    with gold.open(encoding="utf-8") as lines:
        meant = {row["answer_id"]: NO_CONTENT in row["codes"] for row in map(json.loads, lines)}
    with survey.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle, delimiter=";"):
            for question in QUESTIONS:
                answer = f"{row['respondent_id']}:{question}"
                if row[question] and answer in meant:
                    yield unicodedata.normalize("NFC", row[question]), meant[answer]


def report(name: str, found: list[tuple[str, bool]], show: bool) -> None:
    """One line of figures for a set; with ``show`` the texts that were judged wrongly."""
    start = time.perf_counter()
    judged = [contentless(text) for text, _ in found]
    seconds = time.perf_counter() - start
    pairs = zip(found, judged, strict=True)
    wrong = [(text, is_) for (text, is_), said in pairs if is_ != said]
    missed = sum(is_ for _, is_ in wrong)
    taken = len(wrong) - missed
    right = sum(is_ for _, is_ in found) - missed
    precision, recall = right / max(right + taken, 1), right / max(right + missed, 1)
    print(
        f"{name:8} n {len(found):5}  says nothing {right + missed:4}  "
        f"precision {precision:.3f}  recall {recall:.3f}"
        f"  {1e6 * seconds / len(found):.0f} µs per answer"
    )
    if show:
        for text, is_ in wrong:
            print(f"    {'missed' if is_ else 'taken'}: {text!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, help="gold codes of the shipped study (JSONL)")
    parser.add_argument("--survey", type=Path, default=HERE / "data/survey.csv")
    parser.add_argument("--show", action="store_true", help="show the answers judged wrongly")
    options = parser.parse_args()
    report("cases", list(cases(HERE / "tests/data/contentless_nl.tsv")), options.show)
    if options.gold is not None:
        report("study", list(gold_cases(options.survey, options.gold)), options.show)


if __name__ == "__main__":
    main()
