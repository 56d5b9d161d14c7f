"""Whatever typed changes a codebook went through, migration loses nothing. Also how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codebook_histories import TEXT, codebooks, codings, edited, releases
from themecoder.codebook.changes import Change, Merge, Redefine, Retire, Split
from themecoder.codebook.checks import check
from themecoder.codebook.diff import diff
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import number
from themecoder.coding.migration import codes_per_coder, migrate
from themecoder.coding.model import Coding
from themecoder.coding.study_migration import Migrated

histories = releases(least=2)
cases = histories.flatmap(lambda books: st.tuples(st.just(books), codings(books)))


def later(books: Sequence[Codebook], version: str) -> list[Change]:
    """The typed changes after ``version``, in order."""
    versions = [book.version for book in books]
    return [change for book in books[versions.index(version) + 1 :] for change in book.changes]


def followed(code: str, changes: Sequence[Change]) -> tuple[str, str]:
    """What one coding of ``code`` must become, change by change: the code now, and its fate.

    Written apart from the product: it follows one code where that carries a whole coding.
    """
    now, fate = code, "kept"
    for change in changes:
        if isinstance(change, Merge) and now in change.codes:
            now = change.into
            fate = "mapped" if fate == "kept" else fate
        elif (isinstance(change, Split) and change.code == now) or (
            isinstance(change, Redefine) and change.code == now and change.recode
        ):
            fate = "queued"
        elif isinstance(change, Retire) and change.code == now:
            fate = "retired"
    return now, fate


def expected(coding: Coding, changes: Sequence[Change]) -> dict[str, set[str]]:
    """code now -> the fates of the old codes that have become it."""
    found: dict[str, set[str]] = {}
    for code in coding.codes:
        now, fate = followed(code, changes)
        found.setdefault(now, set()).add(fate)
    return found


@given(cases)
def test_no_coding_is_lost(case: tuple[tuple[Codebook, ...], tuple[Coding, ...]]) -> None:
    books, before = case
    result = migrate(before, books, books[-1].version)
    waiting = {(q.answer_id, q.coder, q.now) for q in result.queue}
    retired = {code.id for code in books[-1].codes if code.retired}

    assert len(result.codings) == len(before)
    seen = 0
    for old, new in zip(before, result.codings, strict=True):
        assert (new.answer_id, new.coder, new.state) == (old.answer_id, old.coder, old.state)
        assert new.codebook == books[-1].version
        assert new.made_under == old.codebook
        wanted = expected(old, later(books, old.codebook))
        assert set(new.codes) == set(wanted)
        for code, fates in wanted.items():
            queued = (new.answer_id, new.coder, code) in waiting
            # one old code that holds is enough for the answer to have what it was merged into
            assert queued == (fates == {"queued"})
            if not queued:
                assert (code in retired) == (fates == {"retired"})
        seen += len(old.codes)
    fates = Migrated(before, result, books, (), (), None).fates
    carried = sum(len(old.codes) for old in before if old.codebook != books[-1].version)
    told = fates["same"] + fates["merged"] + fates["retired"] + fates["queued"]
    assert told == carried
    assert fates["codings"] == len(before)
    assert seen == sum(len(old.codes) for old in before)


@given(cases)
def test_quotes_and_all_else_that_a_coder_said_stay(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    books, before = case
    for old, new in zip(before, migrate(before, books, books[-1].version).codings, strict=True):
        changes = later(books, old.codebook)
        moved = {(followed(q.code, changes)[0], q.start, q.end, q.text) for q in old.quotes}
        assert {(q.code, q.start, q.end, q.text) for q in new.quotes} == moved
        assert all(TEXT[q.start : q.end] == q.text for q in new.quotes)
        for name in ("uncertain", "comment", "shown", "round", "seconds", "decided_by"):
            assert getattr(new, name) == getattr(old, name)
        assert {k: v for k, v in new.source.items() if k != "carried"} == dict(old.source)


@given(cases)
def test_migrating_twice_equals_once(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    books, before = case
    once = migrate(before, books, books[-1].version)
    twice = migrate(once.codings, books, books[-1].version)
    assert twice.codings == once.codings
    assert twice.queue == once.queue
    assert twice.moved == ()


@given(releases(least=3).flatmap(lambda books: st.tuples(st.just(books), codings(books))))
def test_any_way_to_the_newest_version_ends_the_same(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    books, before = case
    direct = migrate(before, books, books[-1].version)
    step: tuple[Coding, ...] = before
    for book in books:
        step = migrate(step, books, book.version).codings
    assert step == direct.codings
    for book in books:
        between = migrate(migrate(before, books, book.version).codings, books, books[-1].version)
        assert between.codings == direct.codings
        assert between.queue == direct.queue


@given(cases)
def test_a_migration_that_ends_early_can_be_replayed(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    """Some files may be at the newest version and others not: after a crash, or by hand."""
    books, before = case
    to = books[-1].version
    whole = migrate(before, books, to)
    half = (*whole.codings[: len(before) // 2], *before[len(before) // 2 :])
    assert migrate(half, books, to).codings == whole.codings


@given(cases)
def test_counts_hold_usable_codes_only_and_change_for_a_reason(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    books, before = case
    result = migrate(before, books, books[-1].version)
    counted = codes_per_coder(result.codings, books[-1])
    usable = {code.id for code in books[-1].usable}
    assert {code for _, _, code in counted} <= usable
    touched = {(m.answer_id, m.coder, c) for m in result.moved for c in (m.code, m.now)}
    for old, new in zip(before, result.codings, strict=True):
        for code in set(old.codes) ^ set(new.codes):
            assert (new.answer_id, new.coder, code) in touched


@given(histories)
def test_a_version_has_no_difference_with_itself(books: tuple[Codebook, ...]) -> None:
    for book in books:
        assert diff(book, book, book.changes) == ()


@given(histories)
def test_edits_leave_nothing_that_the_checks_find(books: tuple[Codebook, ...]) -> None:
    for place, book in enumerate(books):
        found = [f for f in check(book, books[:place]) if f.key != "empty"]
        assert found == []


@given(histories)
def test_every_difference_that_touches_coding_has_a_why(books: tuple[Codebook, ...]) -> None:
    loose = {"examples", "questions", "color", "hotkey", "reordered", "gone"}
    for before, after in pairwise(books):
        found = diff(before, after, after.changes)
        assert found
        assert [one for one in found if not one.why and one.what not in loose] == []


@given(histories)
def test_versions_rise_with_what_a_release_does_to_coding(books: tuple[Codebook, ...]) -> None:
    for before, after in pairwise(books):
        old, new = number(before.version), number(after.version)
        assert old is not None and new is not None and new > old
        again = any(
            isinstance(c, Merge | Split | Retire) or (isinstance(c, Redefine) and c.recode)
            for c in after.changes
        )
        assert (new[0] > old[0]) == again
        if not again:
            assert (new[1] > old[1]) == any(change.kind == "add" for change in after.changes)


@given(codebooks().flatmap(lambda book: st.tuples(st.just(book), edited(book))))
def test_a_code_of_a_release_is_never_taken_out(case: tuple[Codebook, Draft]) -> None:
    base, draft = case
    ids = [code.id for code in draft.book.codes]
    assert [code.id for code in base.codes if code.id not in ids] == []
    assert len(set(ids)) == len(ids)
