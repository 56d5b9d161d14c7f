"""What can be wrong in the changes of a codebook, and between it and the versions before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from themecoder.codebook.changes import Add, Merge, Move, Redefine, Rename, Retire, Split, concerned
from themecoder.codebook.checks.given import CodebookVersions
from themecoder.codebook.diff import MEANING
from themecoder.codebook.findings import CodebookFinding, Path
from themecoder.codebook.model import Code, Codebook
from themecoder.output.did_you_mean import did_you_mean


def change_targets(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """A change is about codes that there are, and says something."""
    known = {code.id: code for code in given.book.codes}
    for place, change in enumerate(given.book.changes):
        path: Path = ("changes", place)
        named = concerned(change)
        for code in dict.fromkeys(named):
            if code not in known:
                params = {
                    "kind": change.kind,
                    "found": code,
                    "near": did_you_mean(code, list(known)),
                }
                yield CodebookFinding(path, "change_unknown_code", params)
        if isinstance(change, Merge) and (
            not change.codes or change.into in change.codes or len(set(named)) != len(named)
        ):
            yield CodebookFinding(path, "merge_itself", {"into": change.into})
        if isinstance(change, Merge) and change.into in known and known[change.into].exclusive:
            olds = [known[code] for code in change.codes if code in known]
            if not all(old.exclusive for old in olds):
                yield CodebookFinding(path, "merge_exclusive", {"into": change.into})
        if isinstance(change, Merge) and change.into in known:
            own = {value.id for value in known[change.into].values}
            olds = [known[code] for code in change.codes if code in known]
            lacking = sorted({value.id for old in olds for value in old.values} - own)
            if lacking:
                params = {"into": change.into, "values": ", ".join(lacking)}
                yield CodebookFinding(path, "merge_values", params)
        if isinstance(change, Split) and (len(set(change.into)) < 2 or change.code in change.into):
            yield CodebookFinding(path, "split_few", {"code": change.code})


def cycles(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """Codes that pass their codings on to each other in a ring would never come to rest."""
    onward: dict[str, list[tuple[str, int]]] = {}
    for place, change in enumerate(given.book.changes):
        if isinstance(change, Merge):
            for code in change.codes:
                onward.setdefault(code, []).append((change.into, place))
        elif isinstance(change, Split):
            onward.setdefault(change.code, []).extend((into, place) for into in change.into)
    reported: set[frozenset[str]] = set()
    for start in onward:
        trail: list[tuple[str, list[str]]] = [(start, [start])]
        while trail:
            code, passed = trail.pop()
            for into, place in onward.get(code, []):
                if into == start and len(passed) > 1 and frozenset(passed) not in reported:
                    reported.add(frozenset(passed))
                    yield CodebookFinding(
                        ("changes", place), "cycle", {"codes": " → ".join([*passed, start])}
                    )
                elif into not in passed:
                    trail.append((into, [*passed, into]))


def reuse(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """An id that was ever a code's stays that code's: not revived, not taken by another."""
    if given.base is None:
        return
    gone: dict[str, tuple[str, str]] = {}
    last: dict[str, Code] = {}
    for version in given.earlier:
        current = {code.id: code for code in version.codes}
        for name in set(last) - set(current):
            gone.setdefault(name, (version.version, last[name].label))
        for code in version.codes:
            if code.retired:
                gone.setdefault(code.id, (version.version, code.label))
        last = current
    for path, code in given.codes:
        if code.id in gone and not code.retired:
            gone_in, label = gone[code.id]
            params = {"id": code.id, "version": gone_in, "label": label}
            yield CodebookFinding((*path, "id"), "reused_id", params)


def untyped(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """Every difference from the version before that touches coding is a typed change, and back."""
    base, book = given.base, given.book
    if base is None:
        for place, change in enumerate(book.changes):
            yield CodebookFinding(("changes", place), "change_in_first", {"kind": change.kind})
        return
    now = {code.id for code in book.codes}
    added = {change.code for change in book.changes if isinstance(change, Add)}
    for code in base.codes:
        if code.id not in now:
            yield CodebookFinding(("codes",), "removed", {"id": code.id, "label": code.label})
    for path, code in given.codes:
        for field, kind in _missing_changes(base, book, code):
            params = {"id": code.id, "field": field, "kind": kind}
            yield CodebookFinding((*path, field), "untyped", params)
        old = base.find(code.id)
        if code.id in added and old is not None and not _is_reused(old, code):
            yield CodebookFinding(
                (*path, "id"), "added_twice", {"id": code.id, "version": base.version}
            )
    yield from _changes_not_carried_out(base, book)


def values_kept(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """A value that coding may have stays: with fewer of them it is another code."""
    for path, code in given.codes:
        old = given.base.find(code.id) if given.base else None
        gone = {value.id for value in old.values} if old else set()
        gone -= {value.id for value in code.values}
        if gone:
            params = {"id": code.id, "values": ", ".join(sorted(gone))}
            yield CodebookFinding((*path, "values"), "value_gone", params)


def _missing_changes(base: Codebook, book: Codebook, code: Code) -> Iterator[tuple[str, str]]:
    """The fields of ``code`` that differ from ``base`` without a change of the kind they need."""
    typed = {change.kind for change in book.changes if code.id in concerned(change)}
    old = base.find(code.id)
    if old is None:
        if "add" not in typed:
            yield "id", "add"
        return
    if _is_reused(old, code):
        return
    if old.label != code.label and "rename" not in typed:
        yield "label", "rename"
    # below another code the group follows that of the top
    field = "parent" if old.parent or code.parent else "group"
    if getattr(old, field) != getattr(code, field) and "move" not in typed:
        yield field, "move"
    if "redefine" not in typed:
        yield from ((f, "redefine") for f in MEANING if getattr(old, f) != getattr(code, f))
    closed = any(
        (isinstance(change, Split | Retire) and change.code == code.id)
        or (isinstance(change, Merge) and code.id in change.codes)
        for change in book.changes
    )
    if code.retired and not old.retired and not closed:
        yield "retired", "retire"


def _is_carried_out(change: Rename | Move | Redefine, old: Code, code: Code) -> bool:
    """Whether the codes differ as the change says."""
    if isinstance(change, Redefine):
        return any(getattr(code, field) != getattr(old, field) for field in MEANING)
    if isinstance(change, Rename):
        return (change.before, change.after) == (old.label, code.label)
    parents = (change.from_parent, change.to_parent) == (old.parent, code.parent)
    # below another code the group follows that of the top
    before = bool(old.parent) or change.before == old.group
    after = bool(code.parent) or change.after == code.group
    return parents and before and after


def _is_reused(old: Code, code: Code) -> bool:
    """Whether the id of a retired code is in use again; ``reuse`` reports it."""
    return old.retired and not code.retired


def _changes_not_carried_out(base: Codebook, book: Codebook) -> Iterator[CodebookFinding]:
    """Changes that the codes do not show: recorded, but not made."""
    for place, change in enumerate(book.changes):
        path: Path = ("changes", place)
        done = True
        targets: tuple[str, ...] = ()
        match change:
            case Rename() | Move() | Redefine():
                code, old = book.find(change.code), base.find(change.code)
                done = code is None or old is None or _is_carried_out(change, old, code)
            case Retire() | Split():
                code = book.find(change.code)
                done = code is None or code.retired
                targets = change.into if isinstance(change, Split) else ()
            case Merge():
                targets = (change.into,)
                olds = [book.find(code_id) for code_id in change.codes]
                done = all(merged is None or merged.retired for merged in olds)
        if not done:
            codes = ", ".join(concerned(change))
            yield CodebookFinding(path, "not_made", {"kind": change.kind, "codes": codes})
        for target in targets:
            before = base.find(target)
            if before is not None and before.retired:
                yield CodebookFinding(path, "into_retired", {"kind": change.kind, "id": target})


RULES: tuple[Callable[[CodebookVersions], Iterator[CodebookFinding]], ...] = (
    change_targets,
    cycles,
    reuse,
    untyped,
    values_kept,
)
