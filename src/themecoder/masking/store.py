"""Masks kept on disk, and the file of a person's decisions.

The masks of an answer depend on its text, the rules, the lists and what is installed; all of that
is in the key, so that a second run reads them in milliseconds and loads nothing. The cache holds
positions and kinds, no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from themecoder.cluster.tasks import InProcess, Workers
from themecoder.masking.decisions import CHOICES, Decision
from themecoder.masking.detectors.deduce_nl import DeduceDetector
from themecoder.masking.detectors.frog_entities import FrogDetector, frog_program
from themecoder.masking.detectors.spacy_entities import (
    PIPELINE,
    SpacyDetector,
    load_entity_pipeline,
)
from themecoder.masking.lists import load_lexicon
from themecoder.masking.masker import Detector, Masker
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.storage.atomic import canonical, csv_text, sha256, write_text
from themecoder.storage.sqlite_cache import SqliteCache, cache_key
from themecoder.storage.tables import TableRow, Whole, one_of, read_rows
from themecoder.storage.validation import unfit
from themecoder.version import installed_version

_BATCH = 200


class HasText(Protocol):
    """What can be masked: ``themecoder.survey.model.Answer``."""

    @property
    def answer_id(self) -> str: ...
    @property
    def text(self) -> str: ...


def mask_all(
    answers: Sequence[HasText],
    *,
    language: str = "nl",
    allow: Iterable[str] = (),
    forbid: Mapping[str, str] | Iterable[str] = (),
    level: str = "normal",
    cache: Path | None = None,
    advance: Callable[[int, int], None] | None = None,
    loading: Callable[[], None] | None = None,
    notice: Callable[[str], None] | None = None,
    workers: Workers | None = None,
) -> dict[str, MaskedText]:
    """Every answer masked, in the order given, by answer_id; decisions are not applied yet.

    ``cache`` is the file to keep the masks in. ``loading()`` is called once if the lists have to be
    loaded (seconds), ``advance(done, total)`` counts texts that were not kept, ``notice`` is told
    the message key of what keeps the cache from being used. ``workers`` find the masks, this
    process by default. Raises ServiceError where deduce or spacy-lookups-data is not installed.
    """
    allow = sorted(set(allow))
    kinds = dict(forbid) if isinstance(forbid, Mapping) else dict.fromkeys(forbid, "other")
    base = masking_fingerprint(language, allow, kinds, level)
    keys = {answer.text: cache_key(base, answer.text) for answer in answers}
    store = SqliteCache(cache, notice)
    packed_by_key = store.get(keys.values())
    missing = sorted(
        text for text, key in keys.items() if key not in packed_by_key and text.strip()
    )
    if missing:
        if loading is not None:
            loading()
        task = MaskBatch(language, tuple(allow), tuple(sorted(kinds.items())), level, base)
        batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        done = 0
        for place, found in (workers or InProcess()).map(task, batches):
            fresh = {keys[text]: packed for text, packed in zip(batches[place], found, strict=True)}
            packed_by_key.update(fresh)
            store.put(fresh)
            done += len(fresh)
            if advance is not None:
                advance(done, len(missing))
    return {
        answer.answer_id: MaskedText(
            answer.text,
            _unpacked(packed_by_key.get(keys[answer.text], b"[]"), answer.text),
            language,
        )
        for answer in answers
    }


@dataclass(frozen=True, slots=True)
class MaskBatch:
    """Texts to their masks, packed as they are kept.

    ``rules``: the fingerprint of all that they depend on, on the machine that asks.
    """

    language: str
    allow: tuple[str, ...]
    forbid: tuple[tuple[str, str], ...]
    level: str
    rules: str

    @property
    def made_with(self) -> Mapping[str, str]:
        return {"rules": self.rules}

    def made_with_here(self) -> Mapping[str, str]:
        forbid = dict(self.forbid)
        return {"rules": masking_fingerprint(self.language, self.allow, forbid, self.level)}

    def __call__(self, batch: Sequence[str]) -> list[bytes]:
        masker = _masker(self.language, self.allow, self.forbid, self.level)
        return [_packed(masker.find(text)) for text in batch]


@lru_cache(maxsize=1)
def _masker(
    language: str, allow: tuple[str, ...], forbid: tuple[tuple[str, str], ...], level: str
) -> Masker:
    """Kept: lists take seconds to load, and batches come one after the other."""
    return build_masker(language=language, allow=allow, forbid=dict(forbid), level=level)


def build_masker(
    *,
    language: str = "nl",
    allow: Iterable[str] = (),
    forbid: Mapping[str, str] | Iterable[str] = (),
    level: str = "normal",
) -> Masker:
    """A masker with every list and detector that is installed: the rules, the tagger, deduce, and
    the names and places of the pipeline nl_core_news_lg where that is there; at the strict level
    what Frog sees where that is there."""
    detectors: list[Detector] = [DeduceDetector()]
    if installed_version(PIPELINE) is not None:
        detectors.append(SpacyDetector(load_entity_pipeline(PIPELINE)))
    program = frog_program() if level == "strict" else None
    if program is not None:
        detectors.append(FrogDetector(program))
    return Masker(
        load_lexicon(), detectors, language=language, allow=allow, forbid=forbid, level=level
    )


def masking_fingerprint(
    language: str, allow: Iterable[str], forbid: Mapping[str, str], level: str = "normal"
) -> str:
    """All that the masks of a text depend on, but for the text."""
    installed = {
        name: installed_version(name)
        for name in ("deduce", "spacy-lookups-data", "spacy", PIPELINE)
    }
    program = frog_program() if level == "strict" else None
    if program is not None:
        installed["frog"] = str(Path(program).stat().st_size)
    settings = {
        "allow": sorted(set(allow)),
        "forbid": dict(forbid),
        "installed": installed,
        "language": language,
        "level": level,
    }
    return sha256(_rules(), canonical(settings))


@lru_cache(maxsize=1)
def _rules() -> str:
    return rules_hash(resources.files("themecoder.masking"))


def rules_hash(folder: Traversable) -> str:
    """A hash over the code, the lists and the tagger in the folder of ``themecoder.masking``.

    With a changed rule, or a tagger that was trained again, the cache has other keys.
    """
    parts: list[bytes | str] = []
    for name in ("", "rules", "detectors", "tagger", "data"):
        place = folder / name if name else folder
        for file in sorted(place.iterdir(), key=lambda f: f.name):
            if file.name.endswith((".py", ".txt", ".gz")):
                parts += [file.name, file.read_bytes()]
    return sha256(*parts)


def _packed(masks: Iterable[Mask]) -> bytes:
    return json.dumps([[m.start, m.end, m.kind, m.rule] for m in masks]).encode("ascii")


def _unpacked(packed: bytes, text: str) -> tuple[Mask, ...]:
    return tuple(
        Mask(start, end, kind, text[start:end], rule)
        for start, end, kind, rule in json.loads(packed)
    )


# decisions ---------------------------------------------------------------------------------------


def _check(cell: str) -> str:
    """A check as it was written: spreadsheets make 12 of 0012."""
    check = cell.strip().zfill(4) if cell.strip().isdigit() else cell.strip()
    if not re.fullmatch("[0-9a-f]{4}", check):
        raise unfit("0000 … ffff")
    return check


class MaskDecisionRow(TableRow):
    answer_id: str = Field(pattern=":", description="<respondent>:<question>")
    start: Annotated[Whole, Field(ge=0, description="0, 1, 2, …")]
    end: Whole
    kind: Annotated[str, one_of(*KINDS)]
    decision: Annotated[str, one_of(*CHOICES)]
    check: Annotated[str, BeforeValidator(_check)]

    @field_validator("end")
    @classmethod
    def _is_beyond_start(cls, end: int, info: ValidationInfo) -> int:
        start = info.data.get("start", -1)
        if end <= start:
            raise unfit(f"> {start}")
        return end


def read_mask_decisions(path: Path) -> list[Decision]:
    """The decisions in ``path``; none where the file is not there. Raises InputError with every
    row that is not a decision."""
    if not path.is_file():
        return []
    return read_rows(
        path, MaskDecisionRow, Decision, "masking.decision", ("answer_id", "start", "end")
    )


def write_mask_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write the decisions, sorted, one line each: positions and kinds, none of the text."""
    rows = sorted({(d.answer_id, d.start, d.end, d.kind, d.decision, d.check) for d in decisions})
    write_text(path, csv_text(tuple(MaskDecisionRow.model_fields), rows))
