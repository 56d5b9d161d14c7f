"""Exports of any Label Studio project: JSON, JSON-MIN and CSV; and a project as it was fetched.

JSON tells everything. The two short forms have a row per annotation, without those that were
skipped, and mix the fields of the task with what was coded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

from themecoder.coding.exchange.cells import folded
from themecoder.coding.exchange.formats.first_line import column_names, first_bytes
from themecoder.coding.exchange.formats.spreadsheet_tables import sheets_in
from themecoder.coding.exchange.headings import HeadingReader, stated
from themecoder.coding.exchange.label_studio_codings import Annotation, foreign_codings
from themecoder.coding.exchange.label_studio_items import PATH, Item, item_of, items_of
from themecoder.coding.exchange.model import ForeignCode, ForeignFile, ForeignNote, Place
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.label_studio.results import without_rejected
from themecoder.coding.label_studio.shown_before import shown_prediction
from themecoder.coding.label_studio.tasks import key_of
from themecoder.errors import InputError, Problem

_SIGNS = (b'"annotations"', b'"completions"', b'"annotation_id"')
_CSV = frozenset(("annotator", "annotation_id", "lead_time"))
_OWN = (*sorted(_CSV), "created_at", "updated_at", "agreement", "history")
"""What a short export has beside the task and what was coded."""
_DATA = "_data_"
"""Before the name of a field that a control is called after too."""
_PROSE = 40  # characters of what is typed rather than chosen


def is_label_studio(file: Path) -> bool:
    """Whether a file is an export of Label Studio, by its beginning."""
    head = first_bytes(file)
    if head[:1] in (b"[", b"{"):
        return any(sign in head for sign in _SIGNS)
    return column_names(head) >= _CSV


def read_label_studio(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """The codings in an export. Raises InputError with every problem in it."""
    if first_bytes(file)[:1] not in (b"[", b"{"):
        return _short(list(_csv_records(file, options)), options, known)
    document = _document(file)
    tasks = document if isinstance(document, list) else document.get("tasks", [document])
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise InputError(Problem("exchange.ls_shape", file=file))
    if not any("annotations" in task or "completions" in task for task in tasks):
        return _short(list(enumerate(tasks, start=1)), options, known)
    fetched = document if isinstance(document, dict) else {}
    page, drafts = str(fetched.get("label_config") or ""), int(fetched.get("drafts") or 0)
    return _long(file, tasks, page, drafts, options, known)


def _document(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        row = getattr(error, "lineno", None)
        reason = getattr(error, "msg", "") or type(error).__name__
        raise InputError(Problem("exchange.ls_json", {"reason": reason}, file, row)) from None


def _long(
    file: Path,
    tasks: Sequence[Any],
    page: str,
    drafts: int,
    options: ReadingOptions,
    known: KnownNames,
) -> ForeignFile:
    annotations: list[Annotation] = []
    problems: list[Problem] = []
    for row, task in enumerate(tasks, start=1):
        try:
            annotations += _annotations(row, task)
            drafts += len(task.get("drafts") or ())
        except (TypeError, AttributeError, ValueError, KeyError):
            problems.append(Problem("exchange.ls_task", {"task": row}, file=file))
    if problems:
        raise InputError(problems)
    codes, text = _of_page(page)
    made = foreign_codings(annotations, options, known, codes, text)
    note = (ForeignNote("ls_drafts", Place(), {"n": drafts}),) if drafts else ()
    return replace(made, notes=(*made.notes, *note))


def _annotations(row: int, task: Mapping[str, Any]) -> Iterator[Annotation]:
    """The annotations of a task of the JSON export."""
    data = dict(task.get("data") or {})
    ours = key_of(data) is not None
    for one in task.get("annotations") or task.get("completions") or ():
        parts = one.get("result") or ()
        items = [
            item_of(str(part.get("from_name")), part.get("value") or {})
            if part.get("type") != "relation"
            else Item("relation", "other")
            for part in (without_rejected(parts) if ours else parts)
        ]
        ids = {"task": task.get("id"), "annotation": one.get("id")}
        yield Annotation(
            row,
            data,
            tuple(items),
            _account(one.get("completed_by")),
            bool(one.get("was_cancelled") or one.get("skipped")),
            _shown(task, one, ours),
            _moment(one.get("created_at")),
            _moment(one.get("updated_at")),
            _seconds(one.get("lead_time")),
            {name: str(found) for name, found in ids.items() if found is not None},
        )


def _shown(task: Mapping[str, Any], one: Mapping[str, Any], ours: bool) -> tuple[str, ...] | None:
    """The codes that were suggested: of the prediction that the annotation began with; of a task of
    ours it is known when each was shown."""
    predictions = [found for found in task.get("predictions") or () if isinstance(found, Mapping)]
    if not ours:
        named = one.get("parent_prediction", "")
        predictions = [found for found in predictions if found.get("id") == named]
    shown = shown_prediction(predictions, one, task.get("created_at"))
    if shown is None:
        return None
    values = (part.get("value") or {} for part in shown.get("result") or ())
    return tuple(dict.fromkeys(name for value in values for name in item_of("", value).names))


def _short(
    records: Sequence[tuple[int, Mapping[str, Any]]], options: ReadingOptions, known: KnownNames
) -> ForeignFile:
    """A short export: the fields of the task are told from what was coded by their values."""
    controls = _controls([record for _, record in records], options, known)
    annotations = []
    for row, record in records:
        if record.get("annotation_id") in (None, ""):
            continue  # a task that nobody has annotated
        items = [item for name in controls for item in _items(name, record.get(name), controls)]
        data = {
            name.removeprefix(_DATA): value
            for name, value in record.items()
            if name not in controls and name not in _OWN and name != "id"
        }
        annotations.append(
            Annotation(
                row,
                data,
                tuple(items),
                _account(record.get("annotator")),
                created_at=_moment(record.get("created_at")),
                updated_at=_moment(record.get("updated_at")),
                seconds=_seconds(record.get("lead_time")),
                ids={"annotation": str(record["annotation_id"])},
            )
        )
    made = foreign_codings(annotations, options, known)
    skips = ForeignNote("ls_no_skips", Place())
    unused = {note.params.get("field") for note in made.notes}
    fields = {name for one in annotations for name in one.data} - unused
    more = [ForeignNote("ls_unused", Place(column=name)) for name in sorted(fields)]
    return replace(made, notes=(*made.notes, skips, *more))


def _items(name: str, value: Any, controls: Mapping[str, str]) -> list[Item]:
    if isinstance(value, str) and controls[name] == "comment":
        return [Item(name, "words", (value,))] if value.strip() else []
    return items_of(name, value)


def _controls(
    records: Sequence[Mapping[str, Any]], options: ReadingOptions, known: KnownNames
) -> dict[str, str]:
    """What was coded: name -> codes or comment.

    A value with parts tells. A text may be a field of the task, a single choice or a remark: what
    somebody says decides, then its name, then whether annotations of one task differ in it, or it
    holds codes.
    """
    reader, codes = HeadingReader(known), frozenset(map(folded, known.codes))
    found: dict[str, str] = {}
    names = dict.fromkeys(name for record in records for name in record)
    for name in (name for name in names if name not in _OWN and name != "id"):
        values = [record[name] for record in records if record.get(name) not in (None, "", [])]
        wished = options.columns.get(name)
        meaning = stated(name, wished) if wished else reader.read(name)
        if meaning is not None and meaning.role in ("codes", "comment"):
            found[name] = meaning.role
        elif wished or not values:
            continue
        elif any(_has_parts(name, value) for value in values):
            found[name] = "codes"
        elif all(isinstance(value, str) for value in values) and meaning is None:
            chosen = any(folded(value) in codes for value in values)
            if chosen or _differs(records, name):
                long = sum(map(len, values)) > _PROSE * len(values)
                found[name] = "comment" if long and not chosen else "codes"
    return found


def _has_parts(name: str, value: Any) -> bool:
    return not isinstance(value, str) and any(i.kind != "other" for i in items_of(name, value))


def _differs(records: Iterable[Mapping[str, Any]], name: str) -> bool:
    """Whether two annotations of a task have another value."""
    values: dict[str, set[Any]] = {}
    for record in records:
        if record.get("id") is not None:
            values.setdefault(str(record["id"]), set()).add(record.get(name))
    return any(len(own) > 1 for own in values.values())


def _csv_records(file: Path, options: ReadingOptions) -> Iterator[tuple[int, dict[str, Any]]]:
    (table,) = sheets_in(file, options)
    for place, row in enumerate(table.rows):
        yield row, {column.name: _cell(column.cells[place]) for column in table.columns}


def _cell(text: str) -> Any:
    """A cell as it was before it was put into a table."""
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _account(value: Any) -> str:
    """Who annotated: the address where it is told, else the number."""
    if isinstance(value, Mapping):
        value = value.get("email") or value.get("id")
    return "" if value is None else str(value).removesuffix(".0")


def _moment(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _seconds(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None


def _of_page(page: str) -> tuple[list[ForeignCode], str]:
    """The codes of a labelling page, as they are in results, and the field with the text."""
    try:
        root = xml.fromstring(page) if page else None
    except xml.ParseError:
        root = None
    if root is None:
        return [], ""
    codes: dict[str, ForeignCode] = {}

    def look(node: xml.Element, above: str, paths: bool) -> None:
        paths = paths or node.tag == "Taxonomy"
        name = node.get("alias") or node.get("value") or ""
        if node.tag in ("Choice", "Label") and name:
            whole = f"{above}{PATH}{name}" if above and paths else name
            color = node.get("background") or ""
            color = color if re.fullmatch("#[0-9a-fA-F]{6}", color) else ""
            label, hint = node.get("value") or name, node.get("hint") or ""
            codes.setdefault(whole, ForeignCode(whole, label, memo=hint, color=color, parent=above))
            above = whole
        for child in node:
            look(child, above, paths)

    look(root, "", False)
    texts = [node.get("value", "") for node in root.iter() if node.tag in ("Text", "HyperText")]
    fields = [value[1:] for value in texts if value.startswith("$")]
    return list(codes.values()), fields[0] if len(fields) == 1 else ""
