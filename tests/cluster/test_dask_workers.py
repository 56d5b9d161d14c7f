"""Workers of dask give what one process gives, whatever becomes of them, and compute nothing twice
but what was under way. Schedulers, workers and the network between are real."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import pytest
import trustme
from counted_task import Counted, begun, processes
from dask_processes import DaskProcesses, Network, free_port

from themecoder.cluster import connection
from themecoder.cluster.address import Cluster, Keys
from themecoder.cluster.dask_workers import DaskWorkers
from themecoder.embeddings import cache as vectors_cache
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Encoder, Vectors
from themecoder.errors import InputError
from themecoder.masking import store as mask_store
from themecoder.masking.store import mask_all

pytestmark = [pytest.mark.slow, pytest.mark.long(90)]
pytest.importorskip("distributed")

TEXTS = [
    f"Bij {a} helpt het mij om {b}, nummer {n}"
    for n, (a, b) in enumerate(
        (a, b)
        for a in ("angst", "werk", "school", "slapen", "rouw", "stress", "ruzie", "pijn")
        for b in ("te ordenen", "te praten", "te schrijven", "rustig te worden", "te begrijpen")
    )
] * 2
BATCHES = 20


@dataclass(frozen=True)
class Answer:
    answer_id: str
    text: str


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("use-multilingual-v3")


@pytest.fixture(scope="module")
def in_one_process(encoder: Encoder) -> Vectors:
    return embed(TEXTS, encoder)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Batches are small, and each that is worked on is a line in this file."""
    file = tmp_path / "batches"
    file.touch()
    for module in (vectors_cache, mask_store):
        monkeypatch.setattr(module, "_BATCH", 2)
    return file


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskProcesses]:
    with DaskProcesses(tmp_path) as processes:
        yield processes


def entries(cache: Path) -> dict[bytes, bytes]:
    with sqlite3.connect(cache) as store:
        return dict(store.execute("SELECT key, value FROM entries"))


def at(events: dict[int, Callable[[], object]]) -> Callable[[int, int], None]:
    """Something happens when so many texts are done."""

    def advance(done: int, _: int) -> None:
        for when in [when for when in events if done >= when]:
            events.pop(when)()

    return advance


def test_two_workers_on_this_machine_give_the_bytes_of_one_process(
    tmp_path: Path, log: Path, encoder: Encoder, in_one_process: Vectors
) -> None:
    """Also where one of them is killed in the middle. They listen to this machine only."""
    answers = [
        Answer(str(n), f"{t}. Vraag Jan de Wit, 06-1234567{n % 10}") for n, t in enumerate(TEXTS)
    ]
    expected = mask_all(answers, cache=tmp_path / "one.sqlite")
    open_to: set[str] = set()

    def look_and_kill() -> None:
        children = psutil.Process().children(recursive=True)
        for process in (psutil.Process(), *children):
            sockets = process.net_connections(kind="inet")
            open_to.update(one.laddr.ip for one in sockets if one.status == "LISTEN")
        os.kill(processes(log)[0], signal.SIGKILL)

    with DaskWorkers(Cluster(None, workers=2)) as workers:
        two = tmp_path / "two.sqlite"
        masked = mask_all(answers, cache=two, workers=workers)
        assert masked == expected
        counted = Counted(workers, log)
        vectors = embed(TEXTS, encoder, advance=at({10: look_and_kill}), workers=counted)
    assert vectors.tobytes() == in_one_process.tobytes()
    assert BATCHES <= len(begun(log)) <= BATCHES + 4
    assert entries(tmp_path / "one.sqlite") == entries(tmp_path / "two.sqlite")
    assert open_to == {"127.0.0.1"}
    assert len(processes(log)) >= 2
    left = [" ".join(one.cmdline()) for one in psutil.Process().children(recursive=True)]
    assert not [line for line in left if "spawn_main" in line]


def test_a_cut_network_a_new_scheduler_and_a_killed_worker_change_nothing(
    tmp_path: Path,
    log: Path,
    encoder: Encoder,
    in_one_process: Vectors,
    dask: DaskProcesses,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All in one run; then workers stay away, and the next run goes on from there."""
    monkeypatch.setattr(connection, "_ANSWER", 2.0)
    port = free_port()
    scheduler = [dask.scheduler(port)]
    address = f"tcp://127.0.0.1:{port}"
    workers = [dask.worker(address), dask.worker(address)]
    notices: list[str] = []
    before: list[tuple[set[str], int]] = []

    with Network(port) as network:

        def cut() -> None:
            network.cut()
            threading.Timer(1.0, network.mend).start()

        def stall() -> None:
            network.stall()
            threading.Timer(3.0, network.mend).start()

        def new_scheduler() -> None:
            for process in (*scheduler, *workers):
                dask.kill(process)
            scheduler[:] = [dask.scheduler(port)]
            workers[:] = [dask.worker(address), dask.worker(address)]

        faults = (cut, stall, new_scheduler, lambda: dask.kill(workers.pop()))
        cluster = Cluster(f"tcp://127.0.0.1:{network.port}", wait=60)
        with DaskWorkers(cluster, notices.append) as computing:
            counted = Counted(computing, log)

            def happen(fault: Callable[[], object]) -> None:
                # the last two of each worker may be under way: dask may not know that they came
                before.append((set(counted.done[:-4]), len(begun(log))))
                fault()

            events = {6 + 8 * n: partial(happen, fault) for n, fault in enumerate(faults)}
            vectors = embed(TEXTS, encoder, tmp_path / "all", at(events), workers=counted)
        assert not events
        assert vectors.tobytes() == in_one_process.tobytes()
        assert notices.count("cluster.waiting") >= 3
        assert set(begun(log)) == set(counted.done)
        assert len(counted.done) == BATCHES
        for done, lines in before:
            assert not done & set(begun(log)[lines:])  # what was back is not worked on again

        half = tmp_path / "half"
        dead = {14: lambda: [dask.kill(one) for one in (*scheduler, *workers)]}
        with (
            DaskWorkers(Cluster(cluster.address, wait=1)) as computing,
            pytest.raises(InputError) as refused,
        ):
            embed(TEXTS, encoder, half, at(dead), workers=computing)
        assert [problem.key for problem in refused.value.problems] == ["cluster.away"]
        kept = len(entries(half)) // 2
        assert 7 <= kept < BATCHES
        scheduler[:], workers[:] = [dask.scheduler(port)], [dask.worker(address)]
        log.write_text("")
        with DaskWorkers(cluster) as computing:
            again = embed(TEXTS, encoder, half, workers=Counted(computing, log))
        assert again.tobytes() == in_one_process.tobytes()
        assert len(begun(log)) == BATCHES - kept
        assert b"angst" in network.seen
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_over_tls_nobody_on_the_way_reads_an_answer(
    tmp_path: Path,
    log: Path,
    encoder: Encoder,
    in_one_process: Vectors,
    dask: DaskProcesses,
) -> None:
    """With dask's own security; and a machine of another authority is not spoken to."""
    keys, others = (certificates(tmp_path / name) for name in ("ours", "theirs"))
    options = ("--tls-ca-file", str(keys.ca), "--tls-cert", str(keys.cert))
    options += ("--tls-key", str(keys.key))
    port = free_port()
    dask.scheduler(port, *options, tls=True)
    dask.worker(f"tls://127.0.0.1:{port}", *options)
    with Network(port) as network:
        address = f"tls://127.0.0.1:{network.port}"
        with DaskWorkers(Cluster(address, keys, wait=60)) as workers:
            vectors = embed(TEXTS, encoder, workers=workers)
        assert vectors.tobytes() == in_one_process.tobytes()
        assert len(network.seen) > vectors.nbytes // 2
        assert b"angst" not in network.seen
        assert b"themecoder" not in network.seen
        with (
            DaskWorkers(Cluster(address, others, wait=60)) as workers,
            pytest.raises(InputError) as refused,
        ):
            embed(TEXTS, encoder, workers=workers)
    assert [problem.key for problem in refused.value.problems] == ["cluster.tls_refused"]


def certificates(folder: Path) -> Keys:
    folder.mkdir()
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    own.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    return Keys(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")


def test_no_worker_gets_an_answer_that_would_do_otherwise_or_leak(
    tmp_path: Path, log: Path, encoder: Encoder, dask: DaskProcesses
) -> None:
    """Another version, none, one that spills to disk, one that listens to the network in the
    clear."""
    port = free_port()
    dask.scheduler(port)
    address = f"tcp://127.0.0.1:{port}"
    other, none = tmp_path / "other", tmp_path / "none"
    for folder in (other, none / "themecoder"):
        folder.mkdir(parents=True)
    (other / "sitecustomize.py").write_text(
        "import themecoder.version\nthemecoder.version.__version__ = '0.0.1'\n"
    )
    (none / "themecoder" / "__init__.py").touch()
    src = Path(vectors_cache.__file__).parents[2]

    def refusal(**how: object) -> tuple[str, str]:
        worker = dask.worker(address, **how)  # type: ignore[arg-type]
        with (
            DaskWorkers(Cluster(address, wait=60)) as workers,
            pytest.raises(InputError) as refused,
        ):
            embed(TEXTS[:4], encoder, workers=Counted(workers, log))
        dask.kill(worker)
        return refused.value.problems[0].key, str(refused.value)

    key, said = refusal(path=(other, src))
    assert key == "cluster.other_version"
    assert "0.0.1" in said
    assert refusal(path=(none,))[0] == "cluster.other_version"
    assert refusal(memory=("--no-nanny", "--memory-limit", "2GB"))[0] == "cluster.spills"
    if elsewhere := network_address():
        assert refusal(options=("--host", elsewhere))[0] == "cluster.worker_in_the_clear"
    assert begun(log) == []
    assert "angst" not in dask.log.read_text()


def network_address() -> str | None:
    """An address of this machine in a network."""
    return next(
        (
            one.address
            for known in psutil.net_if_addrs().values()
            for one in known
            if one.family == socket.AF_INET and not one.address.startswith("127.")
        ),
        None,
    )
