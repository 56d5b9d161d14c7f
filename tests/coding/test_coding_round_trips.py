"""Coding to each format and back: the same codes, coders, quotes, remarks and states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from random_outgoing import outgoings, said, said_elsewhere

from themecoder.coding.exchange.formats.coding_csv import (
    coding_csv,
    is_coding_csv,
    read_coding_csv,
)
from themecoder.coding.exchange.formats.label_studio_export import (
    is_label_studio,
    read_label_studio,
)
from themecoder.coding.exchange.formats.label_studio_tasks import label_studio_tasks
from themecoder.coding.exchange.formats.people_workbook import (
    is_people_workbook,
    people_workbook,
    read_people_workbook,
)
from themecoder.coding.exchange.model import ForeignFile
from themecoder.coding.exchange.outgoing import Outgoing
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions


def through(data: str | bytes, read: Callable[[Path], ForeignFile]) -> ForeignFile:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bestand"
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return read(file)


@given(outgoings())
def test_csv(made: Outgoing) -> None:
    def read(file: Path) -> ForeignFile:
        assert is_coding_csv(file)
        return read_coding_csv(file, ReadingOptions(), KnownNames())

    more = ("shown", "created_at", "updated_at", "seconds", "values")
    found = through(coding_csv(made), read)
    assert found.faults == ()
    assert [said_elsewhere(c, *more) for c in found.codings] == [
        said(c, *more) for c in made.codings
    ]


@settings(max_examples=40)
@given(outgoings())
def test_workbook_for_people(made: Outgoing) -> None:
    def read(file: Path) -> ForeignFile:
        assert is_people_workbook(file)
        return read_people_workbook(file, ReadingOptions(), KnownNames())

    data = people_workbook(made)
    found = through(data, read)
    assert found.faults == ()
    assert [said_elsewhere(c, "values") for c in found.codings] == [
        said(c, "values") for c in made.codings
    ]
    assert people_workbook(made) == data


@given(outgoings().filter(lambda made: bool(made.codings)))
def test_label_studio(made: Outgoing) -> None:
    def read(file: Path) -> ForeignFile:
        assert is_label_studio(file)
        return read_label_studio(file, ReadingOptions(), KnownNames())

    found = through(label_studio_tasks(made), read)
    more = ("shown", "seconds", "values")
    assert [said_elsewhere(c, *more) for c in found.codings] == [
        said(c, *more) for c in made.codings
    ]
    assert {note.key for note in found.notes} == {"ls_field"}
