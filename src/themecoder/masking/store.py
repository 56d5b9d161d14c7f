"""Masks kept on disk, and the file of a person's decisions.

The masks of an answer depend on its text, the rules, the lists and what is installed; all of that
is in the key, so that a second run reads them in milliseconds and loads nothing. The file holds
positions and kinds, no text. One SQLite file, a transaction per batch: a crash keeps whole batches,
concurrent runs wait for each other, a damaged file is made anew, and where the folder can't be
written the masks are found again each time.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from themecoder.masking.decisions import CHOICES, Decision
from themecoder.masking.detectors.deduce_nl import DeduceDetector
from themecoder.masking.detectors.spacy_entities import PIPELINE, SpacyDetector, load_pipeline
from themecoder.masking.lists import load_lexicon
from themecoder.masking.masker import Detector, Masker
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.storage.atomic import canonical, csv_text, sha256, write_text
from themecoder.storage.tables import TableRow, Whole, one_of, read_rows
from themecoder.storage.validation import unfit

_BATCH = 200
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS masks (key TEXT PRIMARY KEY, masks TEXT NOT NULL) WITHOUT ROWID"
)


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
    cache: Path | None = None,
    advance: Callable[[int, int], None] | None = None,
    loading: Callable[[], None] | None = None,
) -> dict[str, MaskedText]:
    """Every answer masked, in the order given, by answer_id; decisions are not applied yet.

    ``cache`` is the file to keep the masks in. ``loading()`` is called once if the lists have to be
    loaded (seconds), ``advance(done, total)`` counts texts that were not kept. Raises ServiceError
    where deduce or spacy-lookups-data is not installed.
    """
    allow = sorted(set(allow))
    kinds = dict(forbid) if isinstance(forbid, Mapping) else dict.fromkeys(forbid, "other")
    base = fingerprint(language, allow, kinds)
    keys = {answer.text: sha256(base, answer.text) for answer in answers}
    store = _open(cache) if cache is not None else None
    try:
        found = _read(store, list(keys.values())) if store is not None else {}
        missing = sorted(text for text, key in keys.items() if key not in found and text.strip())
        if missing:
            if loading is not None:
                loading()
            masker = build_masker(language=language, allow=allow, forbid=kinds)
            for at in range(0, len(missing), _BATCH):
                batch = missing[at : at + _BATCH]
                fresh = {keys[text]: _packed(masker.find(text)) for text in batch}
                found.update(fresh)
                if store is not None:
                    _write(store, fresh)
                if advance is not None:
                    advance(at + len(batch), len(missing))
    finally:
        if store is not None:
            store.close()
    return {
        answer.answer_id: MaskedText(
            answer.text, _unpacked(found.get(keys[answer.text], "[]"), answer.text), language
        )
        for answer in answers
    }


def build_masker(
    *,
    language: str = "nl",
    allow: Iterable[str] = (),
    forbid: Mapping[str, str] | Iterable[str] = (),
) -> Masker:
    """A masker with every list and detector that is installed: the rules, deduce, and the names and
    places of the pipeline nl_core_news_lg where that is there."""
    detectors: list[Detector] = [DeduceDetector()]
    if _version(PIPELINE) is not None:
        detectors.append(SpacyDetector(load_pipeline(PIPELINE)))
    return Masker(load_lexicon(), detectors, language=language, allow=allow, forbid=forbid)


def fingerprint(language: str, allow: Iterable[str], forbid: Mapping[str, str]) -> str:
    """All that the masks of a text depend on, but for the text."""
    installed = {
        name: _version(name) for name in ("deduce", "spacy-lookups-data", "spacy", PIPELINE)
    }
    settings = {
        "allow": sorted(set(allow)),
        "forbid": dict(forbid),
        "installed": installed,
        "language": language,
    }
    return sha256(_rules(), canonical(settings))


@lru_cache(maxsize=1)
def _rules() -> str:
    """A hash over the code and the lists of ``themecoder.masking``: a changed rule is a new key."""
    folder = resources.files(__package__)
    parts: list[bytes | str] = []
    for place in (folder, folder / "rules", folder / "detectors", folder / "data"):
        for file in sorted(place.iterdir(), key=lambda f: f.name):
            if file.name.endswith((".py", ".txt")):
                parts += [file.name, file.read_bytes()]
    return sha256(*parts)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


# the cache ---------------------------------------------------------------------------------------


def _open(path: Path) -> sqlite3.Connection | None:
    for attempt in (1, 2):
        store: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(path, timeout=60)
            store.execute(_SCHEMA)
            store.execute("SELECT key FROM masks LIMIT 1").fetchall()
            return store
        except sqlite3.OperationalError:  # read-only, full, locked: not the file's fault
            if store is not None:
                store.close()
            return None
        except sqlite3.DatabaseError:  # damaged: nothing in it that can't be found again
            if store is not None:
                store.close()
            if attempt == 2:
                return None
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return None
    return None


def _read(store: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    with contextlib.suppress(sqlite3.DatabaseError):
        for at in range(0, len(keys), 500):
            part = list(keys[at : at + 500])
            marks = ",".join("?" * len(part))
            query = f"SELECT key, masks FROM masks WHERE key IN ({marks})"
            found.update(store.execute(query, part).fetchall())
    return found


def _write(store: sqlite3.Connection, fresh: Mapping[str, str]) -> None:
    with contextlib.suppress(sqlite3.DatabaseError), store:
        store.executemany("INSERT OR REPLACE INTO masks VALUES (?, ?)", sorted(fresh.items()))


def _packed(masks: Iterable[Mask]) -> str:
    return json.dumps([[m.start, m.end, m.kind, m.rule] for m in masks])


def _unpacked(packed: str, text: str) -> tuple[Mask, ...]:
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


class _Row(TableRow):
    answer_id: str = Field(pattern=":", description="<respondent>:<question>")
    start: Annotated[Whole, Field(ge=0, description="0, 1, 2, …")]
    end: Whole
    kind: Annotated[str, one_of(*KINDS)]
    decision: Annotated[str, one_of(*CHOICES)]
    check: Annotated[str, BeforeValidator(_check)]

    @field_validator("end")
    @classmethod
    def _is_beyond_start(cls, end: int, found: ValidationInfo) -> int:
        start = found.data.get("start", -1)
        if end <= start:
            raise unfit(f"> {start}")
        return end


def read_decisions(path: Path) -> list[Decision]:
    """The decisions in ``path``; none where the file is not there. Raises InputError with every
    row that is not a decision."""
    if not path.is_file():
        return []
    return read_rows(path, _Row, Decision, "masking.decision", ("answer_id", "start", "end"))


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write the decisions, sorted, one line each: positions and kinds, none of the text."""
    rows = sorted({(d.answer_id, d.start, d.end, d.kind, d.decision, d.check) for d in decisions})
    write_text(path, csv_text(tuple(_Row.model_fields), rows))
