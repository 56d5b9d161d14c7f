"""What the outcomes of all kinds of change are worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from themecoder.agreement.table import CodingTable
from themecoder.classifier.model import FloatArray
from themecoder.codebook.model import Codebook
from themecoder.coding.suggestions.study_suggestions import cross_fitted_probabilities
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.known import StudyTexts, known_study, study_texts
from themecoder.whatif.carried import Counted
from themecoder.whatif.coders import Cells, differing, errors_of
from themecoder.whatif.division import BoolArray
from themecoder.whatif.model import Note
from themecoder.whatif.moves import Place, open_places
from themecoder.whatif.told_apart import Coding, code_sets
from themecoder.whatif.uncoded import any_of, log_odds, uncoded_odds
from themecoder.workspace.folder import StudyFolder

DRAWS = 1000


@dataclass(frozen=True)
class Trial:
    """``base`` and ``before``: the release, and the coding as it is; ``book`` and ``after``: the
    draft as far as it needs no person, and the coding under it."""

    study: StudyFolder
    base: Codebook
    before: Counted
    book: Codebook
    after: Counted

    @cached_property
    def texts(self) -> StudyTexts | None:
        """The answers with content beside the texts of the release and of the draft; None where no
        answer has content."""
        known = self.study.once(known_study)
        return None if known is None else study_texts(self.study, [self.base, self.book])

    @cached_property
    def rows(self) -> dict[str, int]:
        """answer_id -> its row in ``texts``."""
        ids = self.texts.ids if self.texts else ()
        return {answer: row for row, answer in enumerate(ids)}

    @cached_property
    def open(self) -> list[Place]:
        return open_places(self.after.questions)

    def random(self, *of: str) -> np.random.Generator:
        """Chance by the study's seed, the same for the same code whatever else is asked."""
        letters = [ord(letter) for name in of for letter in f"{name} "]
        return np.random.default_rng([self.study.config.seed, *letters])

    def row_of(self, place: Place) -> int | None:
        return self.rows.get(str(AnswerId(place[1], place[0])))

    def coded_places(self) -> list[Place]:
        """The coded answers that have a text to go by, by row."""
        found = [
            (row, (name, who))
            for name, coded in self.after.questions.items()
            for who in coded.codes
            if (row := self.row_of((name, who))) is not None
        ]
        return [place for _, place in sorted(found)]

    def coding(self, codes: Sequence[str]) -> Coding:
        """Which of ``codes`` the coded answers have, by row."""
        places = self.coded_places()
        column = {code: n for n, code in enumerate(codes)}
        given = np.zeros((len(places), len(codes)), dtype=bool)
        for n, (name, who) in enumerate(places):
            own = self.after.questions[name].codes[who]
            given[n, [column[code] for code in own if code in column]] = True
        return Coding(np.array([self.row_of(place) for place in places], dtype=np.int64), given)

    def odds_of_open(self, codes: Sequence[str], random: np.random.Generator) -> FloatArray | None:
        """(resamples, open) log odds that an answer that nobody coded has one of ``codes``; None
        where there is nothing to go by: codes without texts, or nothing coded."""
        known = self.study.once(known_study)
        if known is None or not self.open or not set(codes) <= set(known.codes):
            return None
        coding = self.coding(codes)
        if not len(coding.rows):
            return None
        columns = [known.codes.index(code) for code in codes]
        said = log_odds(any_of(self.study.once(_probabilities)[:, columns]))
        rows = np.array([self.row_of(place) for place in self.open], dtype=np.int64)
        given = np.asarray(coding.given.any(axis=1), dtype=np.float64)
        people = known.known.answers.respondents
        return uncoded_odds(said, coding.rows, given, rows, people, random)


def cells_of(cells: CodingTable, code: str) -> Cells:
    """(coders, answers): 1 has the code, 0 has not, -1 not seen."""
    return cells.cells[:, :, cells.codes.index(code)]


def coder_errors(
    trial: Trial, around: Sequence[str], parts: int, random: np.random.Generator
) -> tuple[FloatArray, Note]:
    """(d,) how often a coder errs between ``parts`` of a code, by how often coders differ over sets
    of so many other codes than those ``around`` it; and on how many sets that rests."""
    cells = trial.after.cells
    usable = [n for n, code in enumerate(cells.codes) if code not in around]
    groups = group_names(trial.book, cells.codes)
    sets = code_sets(groups, usable, parts, trial.study.config.seed)
    differ, known = differing(cells.cells, sets)
    note = Note("coders", {"n": known}) if known else Note("coders_unknown")
    return errors_of(differ, known, random, DRAWS), note


def drawn_open(odds: FloatArray | None, n: int, random: np.random.Generator) -> BoolArray:
    """(d, n) who of the n uncoded has the code; from none to all of them where nothing is known."""
    if odds is None:
        share = random.uniform(0, 1, DRAWS)[:, None]
    else:
        share = 1 / (1 + np.exp(-odds[np.arange(DRAWS) % len(odds)]))
    return np.asarray(random.random((DRAWS, n)) < share)


def group_names(book: Codebook, codes: Sequence[str]) -> list[str]:
    """The group of each code; of one that the codebook does not have its own id."""
    found = [book.find(code) for code in codes]
    return [one.group if one else code for one, code in zip(found, codes, strict=True)]


def _probabilities(study: StudyFolder) -> FloatArray:
    known = study.once(known_study)
    assert known is not None  # asked for where there is something to learn from
    return cross_fitted_probabilities(study, known)
