"""The answers that are looked through on the page, kept while the study stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock

from themecoder.answers_search.study_search import (
    AnswerSearch,
    coded_at,
    coded_from,
    coded_in,
    search_desk,
    search_study,
    told_at,
)
from themecoder.coding.desk.study_desk import Desk, open_desk
from themecoder.coding.exchange.beside import Beside
from themecoder.coding.read import source_for
from themecoder.storage.atomic import sha256
from themecoder.workspace.folder import StudyFolder

Stamp = tuple[tuple[str, int, int], ...]


@dataclass
class Looked:
    """What somebody looks through: as a coder with her ``desk``, or without one. ``made`` is a mark
    of which answers stand where; ``columns``: what is known of respondents, beside them."""

    search: AnswerSearch
    desk: Desk | None
    made: str
    stamp: Stamp

    @property
    def columns(self) -> tuple[Beside, ...]:
        return self.desk.beside if self.desk else ()


class Searches:
    """What is looked through in a study, by coder. To be had by ``study.once(Searches)``."""

    def __init__(self, study: StudyFolder) -> None:
        self._study = study
        self._lock = Lock()
        self._everything: AnswerSearch | None = None
        self._kept: dict[tuple[str, str], Looked] = {}

    def of(self, coder: str, stamp: Stamp, source: str = "") -> Looked:
        """What ``coder`` looks through; without one all that is there, with the coding of
        ``source`` or else of all coders. ``stamp``: the state of the study's files. Raises
        InputError where nothing is planned for her."""
        with self._lock:
            key = coder, "" if coder else source
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                kept = self._made(coder, stamp, kept) if coder else self._all(stamp, key[1])
                self._kept[key] = kept
            return kept

    def _all(self, stamp: Stamp, source: str) -> Looked:
        study = self._study
        first = self._everything = self._everything or search_study(study)
        ids = first.answers.ids
        coded = (
            coded_from(study, ids, source_for(study, source)) if source else coded_in(study, ids)
        )
        search = replace(first, coded=coded)
        return Looked(search, None, _mark(search), stamp)

    def _made(self, coder: str, stamp: Stamp, kept: Looked | None) -> Looked:
        desk = open_desk(self._study, coder)
        if kept is not None and list(kept.search.answers.ids) == [
            one.row.answer_id for one in desk.rows
        ]:
            kept.search.coded, kept.search.told = coded_at(desk), told_at(desk)
            return Looked(kept.search, desk, kept.made, stamp)
        search = search_desk(self._study, desk)
        return Looked(search, desk, _mark(search), stamp)


def _mark(search: AnswerSearch) -> str:
    return sha256("\n".join(search.answers.ids))[:16]
