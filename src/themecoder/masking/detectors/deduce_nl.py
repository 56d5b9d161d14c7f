"""deduce, the de-identifier of Dutch health records, as a detector.

deduce takes 100 s to build its lookup tables, nearly all of it for variants of 150,000 streets and
49,000 practices, and 10 s to load them again. Streets and practices have rules of their own here,
so deduce is given its lists without these two: it is built in under two seconds, nothing is kept on
disk, and it works where the installed packages can't be written.
"""

from __future__ import annotations

import gc
import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from themecoder.masking.lists import package_folder
from themecoder.masking.model import Mask

_LEFT_OUT = ("lst_street", "lst_healthcare_institution")
_KINDS = {
    "persoon": "name",
    "patient": "name",
    "locatie": "place",
    "ziekenhuis": "institution",
    "zorginstelling": "institution",
    "telefoonnummer": "phone",
    "emailadres": "email",
    "url": "url",
    "bsn": "citizen_number",
    "id": "number",
}
# ages and dates of events identify nobody in a survey; dates of birth have their own rule
_IGNORED = ("leeftijd", "datum")


@contextmanager
def _quiet() -> Iterator[None]:
    """deduce sets up root logging and warning filters on import; both are put back as they were."""
    root = logging.getLogger()
    handlers, level, disabled = list(root.handlers), root.level, logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.disable(disabled)


@cache
def _build() -> Any:
    """deduce with its lists; seconds of work, and the same for every study of a process."""
    source = package_folder("deduce") / "data" / "lookup" / "src"
    # a private folder that is gone afterwards: deduce pickles its tables, and a pickle that lies
    # about is code that anyone who can write there has us run
    with tempfile.TemporaryDirectory(prefix="themecoder-") as folder, _quiet():
        import deduce

        lists = Path(folder) / "src"
        shutil.copytree(
            source, lists, ignore=shutil.ignore_patterns(*_LEFT_OUT, "*.py*", "__pycache__")
        )
        for parent, name in (
            ("locations", "lst_street"),
            ("institutions", "lst_healthcare_institution"),
        ):
            (lists / parent / name).mkdir(parents=True, exist_ok=True)
            (lists / parent / name / "items.txt").write_text("", encoding="utf-8")
        collecting = gc.isenabled()
        gc.disable()  # a million small tables, none of them garbage
        try:
            return deduce.Deduce(lookup_data_path=folder, cache_path=folder)
        finally:
            if collecting:
                gc.enable()


class DeduceDetector:
    """Marks what deduce finds; built on the first text that it is asked about."""

    def __init__(self, on_load: Callable[[], None] | None = None) -> None:
        self._on_load = on_load
        self._deduce: Any = None

    def __call__(self, text: str) -> list[Mask]:
        if self._deduce is None:
            if self._on_load is not None:
                self._on_load()
            self._deduce = _build()
        with _quiet():
            annotations = self._deduce.deidentify(text).annotations
        return sorted(
            (
                Mask(
                    a.start_char, a.end_char, _KINDS.get(a.tag, "other"), a.text, f"deduce.{a.tag}"
                )
                for a in annotations
                if a.tag not in _IGNORED
            ),
            key=lambda m: (m.start, m.end),
        )
