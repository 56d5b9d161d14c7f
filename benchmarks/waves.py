"""A tracker of ten waves, wave by wave: what stays of themes, suggestions, coding and shares.

    python benchmarks/waves.py [--waves 10] [--answers 100] [--unguided]
    python benchmarks/waves.py --smallest    that every part runs; no figures

Each wave has other respondents. Their answers are those of the shipped study to q18 with the codes
of coder_a, varied (words dropped and swapped); two codes come up more from wave to wave. The export
grows by a wave, then: mine, suggestions, and anna codes the new answers, a fifth of them blind.

themes, kept, new, gone: ids of this run beside the run before. stayed: of the answers that were in
themes before and are now, the share whose theme has the same id. strayed: ids that went to another
theme: those that stayed, but most of the earlier answers in it had another id before, and those
that were gone and are back. learned: coded answers that the suggestions for the new ones rest on.
first: new answers whose first suggestion is right, of those with a code. lost: lines of earlier
coding that are not as they were.

Last line: percentages of counts by wave and changes from wave to wave that differ from those of a
plain recalculation of the coding.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import tempfile
import time
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scale import varied

from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.shown import shown_suggestions
from themecoder.coding.suggestions.study_suggestions import suggest_study
from themecoder.counts.study_counts import study_counts
from themecoder.counts.study_trend import study_trend
from themecoder.counts.trend import STEP
from themecoder.themes.mine import mine_question
from themecoder.themes.store import required_themes
from themecoder.workspace.folder import StudyFolder

ROOT = Path(__file__).resolve().parent.parent
QUESTION, CODER, WAVE = "q18", "anna", "golf"
RISING = ("privacy", "voorkeur_mens")
ENCODERS = ("e5-small-q4", "use-multilingual-v3")
BLIND = 0.2
STUDY = """id = "tracker"
title = "Peiling"
language = "nl"
[survey]
file = "data/survey.csv"
id = "id"
[[questions]]
id = "{question}"
text = "Kunt u uw antwoord toelichten?"
[[attributes]]
id = "{wave}"
[codebook]
id = "{book}"
[coding]
coders = ["{coder}"]
[mining]
encoders = {encoders}
guided = {guided}
"""


@dataclass(frozen=True)
class Wave:
    """What is seen in a wave; see above."""

    number: int
    answers: int
    themes: int
    kept: int
    new: int
    gone: int
    stayed: float
    strayed: int
    learned: int
    first: float
    lost: int


class Tracker:
    """A study in ``folder`` that grows by a wave at a time."""

    def __init__(
        self, folder: Path, answers: int, guided: bool = True, encoders: tuple[str, ...] = ENCODERS
    ) -> None:
        self.folder, self._answers = folder, answers
        self._random = np.random.default_rng(0)
        shipped = StudyFolder.open(ROOT)
        texts = {one.answer_id: one.text for one in shipped.answers(QUESTION)}
        coded = read_codings(shipped.paths.coding(QUESTION, "coder_a"))
        self._sources = [(texts[one.answer_id], one.codes, one.state) for one in coded]
        book = shipped.required_codebook()
        self._version, self._usable = book.version, {code.id for code in book.usable}
        self._active = {code.id for code in book.active}
        self._rows: list[tuple[str, str, str]] = []
        self.truth: dict[str, tuple[str, ...]] = {}
        self._ever: set[int] = set()
        self._before: dict[str, int] = {}
        (folder / "data").mkdir(parents=True)
        shutil.copytree(ROOT / "codebooks", folder / "codebooks")
        settings = STUDY.format(
            question=QUESTION,
            wave=WAVE,
            book=book.id,
            coder=CODER,
            encoders=json.dumps(encoders),
            guided=json.dumps(guided),
        )
        (folder / "study.toml").write_text(settings, encoding="utf-8")

    def grow(self, number: int) -> Wave:
        """The next wave comes in, is mined, suggested for and coded."""
        arrived = self._arrive(number)
        study = StudyFolder.open(self.folder)
        before = self._lines()
        mine_question(study, QUESTION)
        themes = {
            row.answer_id: row.theme
            for row in required_themes(study, QUESTION).themes.assignments
            if row.theme is not None
        }
        suggested = suggest_study(study)
        found = suggested.of[QUESTION]
        with_code = [one for one in arrived if self._active.intersection(self.truth[one])]
        right = [bool(found.get(one)) and found[one][0][0] in self.truth[one] for one in with_code]
        ids, old_ids = set(themes.values()), set(self._before.values())
        both = [one for one in self._before if one in themes]
        same = [themes[one] == self._before[one] for one in both]
        strayed = self._strayed(themes) + len((ids - old_ids) & self._ever)
        self._ever |= ids
        self._before = themes
        self._code(arrived, found)
        after = self._lines()
        return Wave(
            number,
            len(self._rows),
            len(ids),
            len(ids & old_ids),
            len(ids - old_ids),
            len(old_ids - ids),
            float(np.mean(same)) if same else float("nan"),
            strayed,
            suggested.learned_from,
            float(np.mean(right)) if right else float("nan"),
            len(before - after),
        )

    def _arrive(self, number: int) -> list[str]:
        rising = np.array([bool({*RISING} & {*codes}) for _, codes, _ in self._sources])
        chance = 1 + 0.25 * (number - 1) * rising
        drawn = self._random.choice(
            len(self._sources), self._answers, replace=False, p=chance / chance.sum()
        )
        arrived = []
        for place, source in enumerate(drawn.tolist()):
            text, codes, _ = self._sources[source]
            who = f"w{number}n{place}"
            self._rows.append((who, str(number), varied(text, self._random)))
            self.truth[f"{who}:{QUESTION}"] = codes
            arrived.append(f"{who}:{QUESTION}")
        with (self.folder / "data" / "survey.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", WAVE, QUESTION), *self._rows])
        return arrived

    def _strayed(self, themes: dict[str, int]) -> int:
        """Ids that are in both runs, of whose answers of before most had another id then."""
        came: dict[int, list[int]] = defaultdict(list)
        for answer, theme in themes.items():
            if answer in self._before:
                came[theme].append(self._before[answer])
        before = set(self._before.values())
        return sum(
            theme in before and 2 * sum(old != theme for old in olds) > len(olds)
            for theme, olds in came.items()
        )

    def _lines(self) -> set[str]:
        file = self.folder / "annotations" / QUESTION / f"{CODER}.jsonl"
        return set(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else set()

    def _code(self, arrived: list[str], found: dict[str, list[tuple[str, float]]]) -> None:
        file = self.folder / "annotations" / QUESTION / f"{CODER}.jsonl"
        coded = list(read_codings(file)) if file.is_file() else []
        for answer in arrived:
            blind = self._random.random() < BLIND
            shown = [code for code, _ in shown_suggestions(found.get(answer, ()), self._usable)]
            codes = self.truth[answer]
            coded.append(
                Coding(
                    answer,
                    CODER,
                    self._version,
                    "coded" if codes else "no_code",
                    codes,
                    shown=None if blind else tuple(shown),
                )
            )
        write_codings(file, coded)

    def differing(self) -> tuple[int, int, int]:
        """Percentages and changes from wave to wave that differ from a plain recalculation; how
        many were compared; how many are not shown."""
        study = StudyFolder.open(self.folder)
        counts = study_counts(study, (), None, [WAVE])
        base: dict[str, int] = defaultdict(int)
        having: dict[tuple[str, str], int] = defaultdict(int)
        for who, wave, _ in self._rows:
            base[f"{WAVE}={wave}"] += 1
            for code in self.truth[f"{who}:{QUESTION}"]:
                having[code, f"{WAVE}={wave}"] += 1

        def share(code: str, wave: str) -> float:
            return 100 * having[code, wave] / base[wave]

        wrong, compared, hidden = 0, 0, 0
        codes = {row.code for row in counts.rows} & self._usable
        for row in counts.rows:
            if row.code in codes and row.subgroup in base:
                hidden += row.percent is None
                compared += row.percent is not None
                told = row.percent
                wrong += told is not None and not np.isclose(told, share(row.code, row.subgroup))
        for one in study_trend(counts, WAVE):
            if one.code in codes and one.kind == STEP and one.change is not None:
                compared += 1
                own = share(one.code, one.last) - share(one.code, one.first)
                wrong += not np.isclose(one.change, own, atol=1e-6)
        return wrong, compared, hidden


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--waves", type=int, default=10)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--unguided", action="store_true")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    waves, answers = (2, 40) if options.smallest else (options.waves, options.answers)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tracker = Tracker(Path(folder) / "tracker", answers, not options.unguided)
        print(
            "| wave | answers | themes | kept | new | gone"
            " | stayed | strayed | learned | first | lost |"
        )
        print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for number in range(1, waves + 1):
            one = tracker.grow(number)
            cells = [one.number, one.answers, one.themes, one.kept, one.new, one.gone]
            print(
                f"| {' | '.join(map(str, cells))} | {one.stayed:.3f} | {one.strayed} |"
                f" {one.learned} | {one.first:.3f} | {one.lost} |",
                flush=True,
            )
        wrong, compared, hidden = tracker.differing()
    print(f"\n{wrong} of {compared} shares and changes differ, {hidden} shares are not shown")
    print(f"{time.perf_counter() - start:.0f} s; done")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
