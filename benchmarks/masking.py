"""How well masking finds what identifies people, and how much it masks that does not.

Sets: answers generated from templates and names that no rule was made with (``[unseen]`` of
``masking_parts.toml``; ``[tuning]`` was looked at); sentences written by hand and measured once
before anything was changed for them (``tests/data/masking/``: ``seventh_*.txt`` and ``sixth_*``,
from which the tagger has not learnt; ``fifth_*``, ``blind_*``, ``newest_*``, ``last_*``, ``held_*``
and ``fresh_*``, from which it has since, so that what they give here flatters); those that rules
were made with (``details.txt``, ``nothing.txt``); and the shipped study's answers against the gold
marks, where these are at hand (they are not in the repository).

    python benchmarks/masking.py [--rules-only] [--level strict] [--frog] [--show]
                                 [--gold gold.jsonl] [--survey data/survey.csv]

A detail counts as found when masks cover the whole of every occurrence; an answer counts against us
when a mask in it touches no detail. Intervals are Wilson's, 95 %, as if sentences were independent.
Misses of what is unseen are not shown, so that nobody makes rules of them by chance.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themecoder.counts.intervals import wilson
from themecoder.masking.detectors.deduce_nl import DeduceDetector
from themecoder.masking.detectors.frog_entities import FrogDetector, frog_program
from themecoder.masking.lists import load_lexicon
from themecoder.masking.masker import Detector, Masker
from themecoder.masking.model import LEVELS, Mask

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


def generated(part: str, each: int = 12) -> tuple[list[str], list[str]]:
    """Marked answers with details, and answers without, of a part of ``masking_parts.toml``.

    Every template comes ``each`` times, with other names; every third in lower case. The same on
    every run: the random numbers have a seed, and no part's names reach another part.
    """
    with (HERE / "benchmarks" / "masking_parts.toml").open("rb") as handle:
        parts: dict[str, Any] = tomllib.load(handle)[part]
    draw = random.Random(f"masking {part}")
    lists = {
        name: value.split() if isinstance(value, str) else value for name, value in parts.items()
    }
    details = []
    for template in lists["answers"]:
        for turn in range(each):
            answer = re.sub(r"<(\w+)>", lambda slot: draw.choice(lists[slot[1]]), template)
            details.append(answer.lower() if turn % 3 == 2 else answer)
    lower = [answer.lower() for answer in lists["nothing"]]
    return details, [*lists["nothing"], *lower]


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
        print(f"  {kind:22} {_share(result.found[kind], number)}")
    if details:
        print(f"  details masked whole   {_share(found, details)}")
    print(f"  texts with a false mask {_share(result.false_items, result.items)}")


def _share(number: int, of: int) -> str:
    low, high = wilson(number, max(of, 1))
    return f"{number:4} of {of:4}  {number / max(of, 1):6.1%}  ({low:.1%} to {high:.1%})"


def main() -> None:
    """Run all sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--gold", type=Path, help="gold marks of the shipped study (JSONL)")
    parser.add_argument("--survey", type=Path, default=HERE / "data" / "survey.csv")
    parser.add_argument("--rules-only", action="store_true", help="leave the tagger out")
    parser.add_argument("--level", choices=LEVELS, default="normal")
    parser.add_argument("--frog", action="store_true", help="ask Frog as well (apt install frog)")
    parser.add_argument("--show", action="store_true", help="print every miss and false mask")
    options = parser.parse_args()

    began = time.perf_counter()
    detectors: list[Detector] = [DeduceDetector()]
    if options.frog:
        program = frog_program()
        if program is None:
            raise SystemExit("Frog is not installed: apt install frog")
        detectors.append(FrogDetector(program))
    masker = Masker(load_lexicon(), detectors, level=options.level, learned=not options.rules_only)
    lists = time.perf_counter() - began
    masker.find("Hallo")
    print(
        f"lists read in {lists:.1f} s, deduce built in {time.perf_counter() - began - lists:.1f} s"
    )

    sets = []
    for part, title in (("unseen", "Generated, unseen"), ("tuning", "Generated, tuned on")):
        for lines, which in zip(generated(part), ("with details", "without"), strict=True):
            sets.append((f"{title}, {which}", score(marked(lines, f"{part}/{which}"), masker)))
    folder = HERE / "tests" / "data" / "masking"
    for name, title in (
        ("seventh_details", "By hand, seventh, with details"),
        ("seventh_nothing", "By hand, seventh, without"),
        ("sixth_details", "By hand, sixth, rules mended since, with details"),
        ("sixth_nothing", "By hand, sixth, rules mended since, without"),
        ("fifth_details", "By hand, fifth, learnt from since, with details"),
        ("fifth_nothing", "By hand, fifth, learnt from since, without"),
        ("blind_details", "By hand, fourth, learnt from since, with details"),
        ("blind_nothing", "By hand, fourth, learnt from since, without"),
        ("newest_details", "By hand, third, learnt from since, with details"),
        ("newest_nothing", "By hand, third, learnt from since, without"),
        ("last_details", "By hand, second, learnt from since, with details"),
        ("last_nothing", "By hand, second, learnt from since, without"),
        ("held_details", "By hand, first, learnt from since, with details"),
        ("held_nothing", "By hand, first, learnt from since, without"),
        ("fresh_details", "By hand, older, with details"),
        ("fresh_nothing", "By hand, older, without"),
        ("details", "Written for the tests, with details"),
        ("nothing", "Written for the tests, without"),
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
        if options.show and "unseen" not in title:
            print("\n".join(f"    {note}" for note in result.notes))


if __name__ == "__main__":
    main()
