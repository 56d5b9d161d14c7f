"""Vectors are computed once and survive whatever happens to the process or the disk."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from themecoder.embeddings import vector_table
from themecoder.embeddings.cache import embed
from themecoder.embeddings.space import Space, Vectors, combine, normalised
from themecoder.embeddings.text_vectors import TextVectors


class Letters:
    """A real, tiny encoder: counts of the letters a to z."""

    def __init__(self, revision: str = "1") -> None:
        self.name, self.revision, self.dimensions = "letters", revision, 26
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        counts = [[text.count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts]
        return normalised(np.array(counts, dtype=np.float32))


def test_only_new_texts_are_computed_and_each_once(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    first = Letters()
    once = embed(["kat", "hond", "kat"], first, cache)
    assert sorted(first.encoded) == ["hond", "kat"]
    second = Letters()
    again = embed(["hond", "vis", "kat"], second, cache)
    assert second.encoded == ["vis"]
    assert (again[0] == once[1]).all()
    assert (once[0] == once[2]).all()


def test_another_revision_gets_its_own_vectors(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    embed(["kat"], Letters("1"), cache)
    newer = Letters("2")
    embed(["kat"], newer, cache)
    assert newer.encoded == ["kat"]


def test_vectors_are_the_same_with_and_without_cache(tmp_path: Path) -> None:
    texts = ["zee", "duin", "", "  ", "zee\n", "😀 duin"]
    kept = embed(texts, Letters(), tmp_path / "vectors.sqlite")
    assert (kept == embed(texts, Letters())).all()
    assert (kept == embed(texts, Letters(), tmp_path / "vectors.sqlite")).all()


def test_no_texts_give_no_vectors() -> None:
    assert embed([], Letters()).shape == (0, 26)


def test_a_damaged_file_is_thrown_away_and_made_anew(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    cache.write_bytes(b"this is no database" * 500)
    told: list[str] = []
    embed(["kat"], Letters(), cache, notice=told.append)
    assert told == ["cache.damaged"]
    fresh = Letters()
    embed(["kat"], fresh, cache)
    assert fresh.encoded == []


def test_a_full_disk_costs_the_cache_not_the_result(tmp_path: Path) -> None:
    texts = [f"antwoord {i}" for i in range(3000)]
    told: list[str] = []
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignore = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        found = embed(texts, Letters(), tmp_path / "vectors.sqlite", notice=told.append)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignore)
    assert told == ["cache.not_kept"]
    assert (found == embed(texts, Letters())).all()


def test_a_folder_that_can_not_be_made_costs_the_cache_not_the_result(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file", encoding="utf-8")
    told: list[str] = []
    found = embed(["kat"], Letters(), tmp_path / "work" / "vectors.sqlite", notice=told.append)
    assert told == ["cache.not_kept"]
    assert found.shape == (1, 26)


WRITER = """
import os, signal, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from test_vectors import Letters
from themecoder.embeddings import cache as vectors
class Slow(Letters):
    def encode(self, texts):
        if {kill} and len(self.encoded) >= 512:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)
texts = [f"antwoord {{i}}" for i in range({first}, {first} + 1500)]
vectors.embed(texts, Slow(), Path({cache!r}))
"""


def _writer(cache: Path, first: int, kill: bool) -> subprocess.Popen[bytes]:
    tests = os.fspath(Path(__file__).parent)
    script = WRITER.format(tests=tests, cache=os.fspath(cache), first=first, kill=kill)
    return subprocess.Popen([sys.executable, "-c", script])


def test_a_killed_run_keeps_its_finished_batches(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    assert _writer(cache, 0, kill=True).wait() == -signal.SIGKILL
    rest = Letters()
    embed([f"antwoord {i}" for i in range(1500)], rest, cache)
    assert len(rest.encoded) == 1500 - 512


def test_two_runs_at_once_keep_what_both_computed(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    runs = [_writer(cache, first, kill=False) for first in (0, 1000)]
    assert [run.wait() for run in runs] == [0, 0]
    with sqlite3.connect(cache) as store:
        assert store.execute("SELECT count(*) FROM entries").fetchone() == (2500,)


rows = arrays(
    np.float32, (6, 4), elements=st.floats(-1, 1, width=32, allow_nan=False).map(lambda x: x)
)


@given(rows, rows)
def test_combined_rows_have_length_one_or_nought(a: Vectors, b: Vectors) -> None:
    lengths = np.linalg.norm(combine([a, b]), axis=1)
    assert ((np.abs(lengths - 1) < 1e-4) | (lengths < 1e-6)).all()


def test_every_encoder_counts_alike_in_the_common_space() -> None:
    random = np.random.default_rng(0)
    small = random.normal(size=(50, 3)).astype(np.float32)
    squeezed = (random.normal(size=(50, 200)) * 0.01 + 0.9).astype(np.float32)
    placed = combine([small, squeezed])
    assert np.allclose(np.linalg.norm(placed[:, :3], axis=1), np.sqrt(0.5), atol=1e-5)


def test_other_texts_are_placed_by_the_means_of_the_corpus() -> None:
    random = np.random.default_rng(0)
    corpus = [random.normal(size=(20, 5)).astype(np.float32)]
    space = Space.of(corpus)
    assert (space.place([corpus[0][:3]]) == space.place(corpus)[:3]).all()


def test_tables_on_disk_hold_the_same_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    texts = [f"tekst {n}" for n in range(9000)]
    places = {text: n for n, text in enumerate(texts)}
    blocks = [random.normal(size=(9000, width)).astype(np.float32) for width in (3, 5)]
    some = [texts[n] for n in random.permutation(9000)[:8500]]

    def placed() -> tuple[Vectors, Vectors]:
        kept = TextVectors(places, blocks, tmp_path / "work")
        encoded = embed(texts[:300], Letters(), tmp_path / "work" / "vectors.sqlite")
        return kept.placed(some, kept.space(some)), encoded

    in_memory = placed()
    monkeypatch.setattr(vector_table, "IN_MEMORY", 1000)
    on_disk = placed()
    assert [type(table) for table in on_disk] == [np.memmap, np.memmap]
    assert all((a == b).all() for a, b in zip(in_memory, on_disk, strict=True))
    rows = [places[text] for text in some]
    assert (in_memory[0] == combine([block[rows] for block in blocks])).all()
    assert {one.suffix for one in (tmp_path / "work").iterdir()} == {".sqlite", ".lock"}


def test_a_table_for_which_there_is_no_room_on_disk_is_in_memory(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, before[1]))
    try:
        table = vector_table.vector_table(2**14, 2**14, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert type(table) is np.ndarray and table.shape == (2**14, 2**14)


def test_blocks_of_another_number_of_encoders_are_refused() -> None:
    space = Space.of([np.ones((2, 3), dtype=np.float32)])
    with pytest.raises(ValueError, match="0 blocks"):
        space.place([])
