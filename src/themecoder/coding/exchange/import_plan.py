"""What an import will do: which codings are added, which are there already, which conflict.

Nothing that is there is overwritten, so that a second import of a file changes nothing. Only what a
coder was given to go on with, and has changed, takes the place of just that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.code_mapping import LEFT_OUT
from themecoder.coding.exchange.matching import Matched, NotTaken
from themecoder.coding.exchange.model import ForeignCoding, Place
from themecoder.coding.exchange.sheet_rows import WORKBOOK, coding_mark
from themecoder.coding.migration import migrate
from themecoder.coding.model import Coding, Quote
from themecoder.masking.model import MaskedText

Key = tuple[str, str]
"""An answer_id and a coder."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where codings come from: the ``kind`` of file, its name and its hash."""

    kind: str
    file: str
    sha256: str

    def of(self, place: Place, ids: Mapping[str, str]) -> dict[str, object]:
        """What stands as ``source`` with a coding from ``place``."""
        record: dict[str, object] = {"kind": self.kind, "file": self.file, "sha256": self.sha256}
        if place.part:
            record["sheet" if self.kind == "spreadsheet" else "part"] = place.part
        if place.row is not None:
            record["row"] = place.row
        return record | {name: value for name, value in ids.items() if name not in record}


@dataclass(frozen=True, slots=True)
class Planned:
    """A coding that will be added, and where it stands in the file. The quotes have no words yet:
    they get those of the masked answer when they are written."""

    place: Place
    coding: Coding


@dataclass(frozen=True, slots=True)
class Conflict:
    """A coding of an answer that the coder has coded otherwise here, and the one that is here."""

    place: Place
    coding: Coding
    here: Coding


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``added``, ``replaced`` (a coding that its coder was given, and changed) and ``conflicts`` in
    the order of the file, under version ``to``; ``same`` are here already. ``partly``: how many
    codings lose codes that a person left out of the mapping; ``exclusive``: how many have a code
    beside one that stands alone.
    """

    to: str
    added: tuple[Planned, ...]
    replaced: tuple[Conflict, ...]
    same: int
    conflicts: tuple[Conflict, ...]
    not_taken: tuple[NotTaken, ...]
    partly: int = 0
    exclusive: int = 0

    @property
    def new(self) -> list[Coding]:
        """The codings that will be written: those that are added and those that take the place of
        others."""
        return [*(one.coding for one in self.added), *(one.coding for one in self.replaced)]


@dataclass(frozen=True, slots=True)
class Translation:
    """What names in the file are here: coders, and per version of the codebook the codes."""

    coders: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    source: Source
    version: str
    """Of codings that name none."""
    books: Mapping[str, Codebook] = field(default_factory=dict)
    """By version: which values a code has."""


@dataclass(slots=True)
class _Made:
    codings: list[tuple[ForeignCoding, Coding]] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    partly: int = 0


def plan_import(
    matched: Sequence[Matched],
    translation: Translation,
    here: Mapping[Key, Coding],
    releases: Sequence[Codebook],
    to: str,
    masked: Callable[[], Mapping[str, MaskedText]],
) -> ImportPlan:
    """The plan for ``matched`` codings where ``here`` are those that the study has.

    All are carried to version ``to`` by the changes of the ``releases``, those here only to compare
    them. ``masked`` texts are asked only where quotes differ, for a file may show masks that the
    edge of a quote lies within.
    """

    def says_no_more(foreign: ForeignCoding, new: Coding, there: Coding) -> bool:
        values = {} if foreign.values is None else new.values
        return (
            _says_no_more(new, there)
            and values.items() <= there.values.items()
            and (
                not new.quotes
                or _places(new.quotes) == _places(there.quotes)
                or _whole(new, masked()) == _whole(there, masked())
            )
        )

    def is_here(foreign: ForeignCoding, new: Coding, there: Coding) -> bool:
        # what a coder was given to go on with says all of it: what she took away is a change
        if foreign.before is None and WORKBOOK not in foreign.ids:
            return says_no_more(foreign, new, there)
        both = says_no_more(foreign, new, there) and says_no_more(foreign, there, new)
        return both and new.round == there.round

    made = _codings(matched, translation)
    book = next(book for book in releases if book.version == to)
    carried = migrate((coding for _, coding in made.codings), releases, to).codings
    ours = _carried_here(carried, here, releases, to)
    added: dict[Key, Planned] = {}
    replaced: dict[Key, Conflict] = {}
    conflicts: list[Conflict] = []
    same = 0
    for (foreign, _), coding in zip(made.codings, carried, strict=True):
        key = (coding.answer_id, coding.coder)
        first = added.get(key) or replaced.get(key)
        if first is not None:
            if says_no_more(foreign, coding, first.coding):
                same += 1
            else:
                params = {"answer": key[0], "coder": key[1], "first": first.place.row or "-"}
                made.not_taken.append(NotTaken(foreign, "double_answer", params))
        elif key not in ours:
            added[key] = Planned(foreign.place, coding)
        elif not foreign.changed or is_here(foreign, coding, ours[key]):
            same += 1
        elif _goes_on(foreign, here[key]):
            new = coding if foreign.values is not None else _with_values(coding, ours[key])
            replaced[key] = Conflict(foreign.place, new, here[key])
        else:
            conflicts.append(Conflict(foreign.place, coding, here[key]))
    exclusive = {code.id for code in book.codes if code.exclusive}
    return ImportPlan(
        to,
        tuple(added.values()),
        tuple(replaced.values()),
        same,
        tuple(conflicts),
        tuple(made.not_taken),
        made.partly,
        sum(
            len(one.coding.codes) > 1 and bool(exclusive & set(one.coding.codes))
            for one in added.values()
        ),
    )


def _says_no_more(new: Coding, here: Coding) -> bool:
    """Whether a coding says what is here already, quotes set aside: the same codes, and a doubt or
    a comment only where they are the same. What a file can't hold is no difference."""
    return (
        new.state == here.state
        and set(new.codes) == set(here.codes)
        and (not new.comment or new.comment.split() == here.comment.split())
        and (not new.uncertain or here.uncertain)
    )


def _goes_on(foreign: ForeignCoding, here: Coding) -> bool:
    """Whether a coding comes after the one that is here: its coder was given that one to go on
    with, or it came from the same workbook of hers."""
    workbook = foreign.ids.get(WORKBOOK)
    return foreign.before == coding_mark(here) or (
        workbook is not None and here.source.get(WORKBOOK) == workbook
    )


def _with_values(new: Coding, old: Coding) -> Coding:
    """A coding with the values of the one that it takes the place of, for the file holds none."""
    return replace(new, values={c: v for c, v in old.values.items() if c in new.codes})


def _places(quotes: Iterable[Quote]) -> set[tuple[int, int, str]]:
    return {(quote.start, quote.end, quote.code) for quote in quotes}


def _whole(coding: Coding, masked: Mapping[str, MaskedText]) -> set[tuple[int, int, str]]:
    """The places of the quotes, each with the whole of every mask that it touches."""
    answer = masked[coding.answer_id]
    return {
        (*answer.to_original(*answer.to_masked(start, end)), code)
        for start, end, code in _places(coding.quotes)
    }


def _carried_here(
    new: Iterable[Coding], here: Mapping[Key, Coding], releases: Sequence[Codebook], to: str
) -> dict[Key, Coding]:
    """What is here of the same answers and coders, under version ``to`` where it can be carried."""
    own = {key: here[key] for c in new if (key := (c.answer_id, c.coder)) in here}
    versions = {book.version for book in releases}
    known = [coding for coding in own.values() if coding.codebook in versions]
    return own | {(c.answer_id, c.coder): c for c in migrate(known, releases, to).codings}


def _codings(matched: Sequence[Matched], translation: Translation) -> _Made:
    """Our codings of what was matched; a code that a person left out is left out."""
    made = _Made()
    for match in matched:
        foreign = match.coding
        version = foreign.codebook or translation.version
        codes = translation.codes.get(version)
        if codes is None:
            params = {"version": version, "known": ", ".join(translation.codes)}
            made.not_taken.append(NotTaken(foreign, "no_version", params))
            continue
        names = dict.fromkeys((*foreign.codes, *(quote.code for quote in match.quotes)))
        unknown = [name for name in names if not codes.get(name)]
        if unknown:
            made.not_taken.append(NotTaken(foreign, "unknown_code", {"codes": _short(unknown)}))
            continue
        own = sorted({code for name in names if (code := codes[name]) != LEFT_OUT})
        dropped = [name for name in names if codes[name] == LEFT_OUT]
        if dropped and not own:
            # the coder did find something, so that 'no code' would be untrue
            made.not_taken.append(NotTaken(foreign, "only_left_out", {"codes": _short(dropped)}))
            continue
        values, wrong = _values(foreign, codes, own, translation.books.get(version))
        if wrong:
            made.not_taken += [NotTaken(foreign, key, params) for key, params in wrong]
            continue
        made.partly += bool(dropped)
        quotes = sorted(
            {
                Quote(quote.start, quote.end, codes[quote.code], "")
                for quote in match.quotes
                if codes[quote.code] != LEFT_OUT
            }
        )
        shown = foreign.shown
        coding = Coding(
            answer_id=match.answer_id,
            coder=translation.coders[foreign.coder],
            codebook=version,
            state="skipped" if foreign.skipped else "coded" if own else "no_code",
            codes=tuple(own),
            quotes=tuple(quotes),
            uncertain=foreign.uncertain,
            comment=foreign.comment,
            round=foreign.round or 1,
            shown=None if shown is None else tuple(codes.get(name, name) for name in shown),
            created_at=foreign.created_at,
            updated_at=foreign.updated_at,
            seconds=foreign.seconds,
            source=translation.source.of(foreign.place, foreign.ids),
            values=values,
        )
        made.codings.append((foreign, coding))
    return made


def _values(
    foreign: ForeignCoding, codes: Mapping[str, str], own: Sequence[str], book: Codebook | None
) -> tuple[dict[str, str], list[tuple[str, dict[str, object]]]]:
    """code -> the id of its value, by ids and labels of the codebook; and what is none of them, or
    of a code that the coding does not have."""
    found: dict[str, str] = {}
    wrong: list[tuple[str, dict[str, object]]] = []
    for name, said in sorted((foreign.values or {}).items()):
        code = codes.get(name, name)
        entry = book.find(code) if book else None
        known = {value.label.casefold(): value.id for value in entry.values} if entry else {}
        known |= {value.id.casefold(): value.id for value in entry.values} if entry else {}
        params: dict[str, object] = {"code": name[:60], "value": said[:60]}
        if code == LEFT_OUT:
            continue
        if code not in own:
            wrong.append(("value_without_code", params))
        elif said.casefold() not in known:
            there = ", ".join(value.label or value.id for value in entry.values) if entry else ""
            wrong.append(("unknown_value", {**params, "known": there or "-"}))
        else:
            found[code] = known[said.casefold()]
    return found, wrong


def _short(names: Sequence[str]) -> str:
    return ", ".join(f"‘{name[:60]}’" for name in names)
