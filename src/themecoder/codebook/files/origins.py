"""``codebooks/<id>/origins.csv``: which themes the codes came from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from themecoder.codebook.origins import ADOPTED, DISCARDED, NEW, Origin
from themecoder.storage import atomic as files
from themecoder.storage.tables import FreeText, Number, TableRow, Whole, one_of, read_rows

NAME = "origins.csv"


class _Row(TableRow):
    question: str
    theme: Whole
    code: str
    decision: Annotated[str, one_of(ADOPTED, NEW, DISCARDED)]
    label: FreeText
    size: Annotated[Whole, Field(ge=0, description="0, 1, 2, …")]
    base: Annotated[Whole, Field(ge=0, description="0, 1, 2, …")]
    stability: Annotated[Number, Field(description="0 … 1")]
    guided_by: str = ""
    why: FreeText = ""


HEADER = tuple(_Row.model_fields)


def read_origins(folder: Path) -> tuple[Origin, ...]:
    """The decisions in ``folder``; none where there is no file. Raises InputError where damaged."""
    file = folder / NAME
    return tuple(read_rows(file, _Row, Origin, "codebook.origin")) if file.is_file() else ()


def origins_text(origins: Iterable[Origin]) -> str:
    return files.csv_text(
        HEADER,
        (
            (
                o.question,
                o.theme,
                o.code,
                o.decision,
                files.no_formula(o.label),
                o.size,
                o.base,
                f"{o.stability:.4f}",
                o.guided_by,
                files.no_formula(o.why),
            )
            for o in origins
        ),
    )
