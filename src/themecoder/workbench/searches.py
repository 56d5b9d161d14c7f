"""The answers that are looked through on the page, kept while the study stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from themecoder.answers_search.study_search import (
    AnswerSearch,
    coded_at,
    coded_in,
    search_desk,
    search_study,
)
from themecoder.coding.desk.study_desk import Desk, open_desk
from themecoder.coding.exchange.beside import Beside
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
        self._by_coder: dict[str, Looked] = {}

    def of(self, coder: str, stamp: Stamp) -> Looked:
        """What ``coder`` looks through; without one all that is there. ``stamp``: the state of the
        study's files. Raises InputError where nothing is planned for her."""
        with self._lock:
            kept = self._by_coder.get(coder)
            if kept is None or kept.stamp != stamp:
                kept = self._by_coder[coder] = self._made(coder, stamp, kept)
            return kept

    def _made(self, coder: str, stamp: Stamp, kept: Looked | None) -> Looked:
        if not coder:
            if kept is not None:
                kept.search.coded = coded_in(self._study, kept.search.answers.ids)
                return Looked(kept.search, None, kept.made, stamp)
            search = search_study(self._study)
            return Looked(search, None, _mark(search), stamp)
        desk = open_desk(self._study, coder)
        if kept is not None and list(kept.search.answers.ids) == [
            one.row.answer_id for one in desk.rows
        ]:
            kept.search.coded = coded_at(desk)
            return Looked(kept.search, desk, kept.made, stamp)
        search = search_desk(self._study, desk)
        return Looked(search, desk, _mark(search), stamp)


def _mark(search: AnswerSearch) -> str:
    return sha256("\n".join(search.answers.ids))[:16]
