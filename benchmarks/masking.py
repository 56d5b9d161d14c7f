"""How well masking finds what identifies people, and how much it masks that does not.

Two sets: sentences written for the tests (``tests/data/masking``: details in many ways of typing
them, and sentences that only look like it), and the shipped study's answers against the gold marks,
where these are at hand (they are not in the repository).

    python benchmarks/masking.py [--gold gold.jsonl] [--survey data/survey.csv] [--show]

A detail counts as found when masks cover the whole of every occurrence; an answer counts against us
when a mask in it touches no detail.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from themecoder.masking.detectors.deduce_nl import DeduceDetector
from themecoder.masking.lists import load_lexicon
from themecoder.masking.masker import Masker
from themecoder.masking.model import Mask

HERE = Path(__file__).resolve().parent.parent
_MARK = re.compile(r"\{(\w+):([^{}]*)\}")


@dataclass(frozen=True)
class Item:
    """One text with the spans that identify someone: (start, end, kind)."""

    name: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass
class Score:
    """Counts over the items of one set."""

    items: int = 0
    details: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false_items: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


def marked(lines: Iterable[str], name: str) -> Iterator[Item]:
    """Sentences with details between braces, ``{kind:text}``; ``\\n`` is a line break."""
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip():
            continue
        raw, text, spans, position = line.rstrip("\n").replace("\\n", "\n"), "", [], 0
        for mark in _MARK.finditer(raw):
            text += raw[position : mark.start()]
            spans.append((len(text), len(text) + len(mark[2]), mark[1]))
            text += mark[2]
            position = mark.end()
        yield Item(f"{name}:{number}", text + raw[position:], tuple(spans))


def gold_items(survey: Path, gold: Path) -> Iterator[Item]:
    """The survey's answers with the details that their writer marked, every occurrence of each."""
    with survey.open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["respondent_id"]: row for row in csv.DictReader(handle, delimiter=";")}
    for line in gold.read_text("utf-8").splitlines():
        record = json.loads(line)
        respondent, question = record["answer_id"].rsplit(":", 1)
        text = rows[respondent][question]
        spans = []
        for detail in record["identifying"]:
            piece = detail["text"] if isinstance(detail, dict) else detail
            kind = detail.get("kind", "detail") if isinstance(detail, dict) else "detail"
            occurrences = [m.span() for m in re.finditer(re.escape(piece), text)]
            if not occurrences:
                raise SystemExit(f"{record['answer_id']}: a marked detail is not in the answer")
            spans += [(start, end, kind) for start, end in occurrences]
        yield Item(record["answer_id"], text, tuple(sorted(set(spans))))


def covered(start: int, end: int, masks: Iterable[Mask], text: str) -> bool:
    """Whether masks cover the span but for the spaces and stops between them."""
    left = set(range(start, end))
    for mask in masks:
        left -= set(range(mask.start, mask.end))
    return not any(text[k].isalnum() for k in left)


def score(items: Iterable[Item], masker: Masker) -> Score:
    """Mask every item and count."""
    result = Score()
    for item in items:
        began = time.perf_counter()
        masks = masker.find(item.text)
        result.seconds += time.perf_counter() - began
        result.items += 1
        for start, end, kind in item.spans:
            result.details[kind] += 1
            if covered(start, end, masks, item.text):
                result.found[kind] += 1
            else:
                seen = [(m.text, m.rule) for m in masks]
                result.notes.append(
                    f"missed  {item.name}: {item.text[start:end]!r} in {item.text!r} {seen}"
                )
        false = [m for m in masks if not any(m.start < e and s < m.end for s, e, _ in item.spans)]
        result.false_items += bool(false)
        result.notes += [
            f"false   {item.name}: {m.text!r} ({m.rule}) in {item.text!r}" for m in false
        ]
    return result


def report(title: str, result: Score) -> None:
    """Print one set as a table."""
    details, found = sum(result.details.values()), sum(result.found.values())
    each = 1000 * result.seconds / max(result.items, 1)
    print(f"\n{title}: {result.items} texts, {each:.2f} ms each")
    for kind, number in sorted(result.details.items()):
        print(f"  {kind:16} {result.found[kind]:4} of {number:4}")
    if details:
        print(f"  details masked whole   {found} of {details} ({found / details:.1%})")
    share = result.false_items / max(result.items, 1)
    print(f"  texts with a false mask {result.false_items} of {result.items} ({share:.2%})")


def main() -> None:
    """Run both sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--gold", type=Path, help="gold marks of the shipped study (JSONL)")
    parser.add_argument("--survey", type=Path, default=HERE / "data" / "survey.csv")
    parser.add_argument("--show", action="store_true", help="print every miss and false mask")
    options = parser.parse_args()

    began = time.perf_counter()
    masker = Masker(load_lexicon(), [DeduceDetector()])
    lists = time.perf_counter() - began
    masker.find("Hallo")
    print(
        f"lists read in {lists:.1f} s, deduce built in {time.perf_counter() - began - lists:.1f} s"
    )

    folder = HERE / "tests" / "data" / "masking"
    sets = []
    for name, title in (
        ("details", "Own sentences with details"),
        ("nothing", "Own sentences without"),
    ):
        lines = (folder / f"{name}.txt").read_text("utf-8").splitlines()
        sets.append((title, score(marked(lines, name), masker)))
    if options.gold is None or not options.gold.is_file():
        print(
            "the shipped study is not measured: give its gold marks with --gold FILE",
            file=sys.stderr,
        )
    else:
        sets.append(("Shipped study", score(gold_items(options.survey, options.gold), masker)))
    for title, result in sets:
        report(title, result)
        if options.show:
            print("\n".join(f"    {note}" for note in result.notes))


if __name__ == "__main__":
    main()
