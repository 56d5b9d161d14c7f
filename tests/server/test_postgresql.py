"""Label Studio of a study with PostgreSQL: the right database or none, copied and filled.

All other tests of this folder run with it too: ``THEMECODER_TEST_DATABASE=postgresql``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import postgres_cluster
import pytest
from fault_proxy import FaultProxy
from killed_command import run_killed
from migrated import name_database
from postgres_cluster import SECRET, Cluster, write_password
from real_server import (
    Server,
    find_label_studio,
    make_study,
    opened,
    running_server,
    tasks_of,
)

from commands import themecoder
from themecoder.backup.study_backup import backup_study
from themecoder.backup.study_restore import restore_study
from themecoder.coding.label_studio import push
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import TOKEN, embedded, serve, stop
from themecoder.coding.label_studio.local_server import EXECUTABLE
from themecoder.coding.label_studio.postgresql import PASSWORD
from themecoder.coding.label_studio.results import Result, write_result
from themecoder.coding.label_studio.study_database import ready_database
from themecoder.coding.label_studio.sync import push_questions
from themecoder.errors import InputError
from themecoder.messages import render
from themecoder.settings.database import PostgresAddress
from themecoder.workspace.folder import StudyFolder

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(bool(postgres_cluster.missing()), reason="no PostgreSQL on this machine"),
]


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return postgres_cluster.cluster()


@pytest.fixture(autouse=True)
def only_this_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXECUTABLE, find_label_studio())
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.delenv(PASSWORD, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_study(tmp_path / "studie")


def with_database(root: Path, address: PostgresAddress, secret: str = SECRET) -> StudyFolder:
    name_database(root, str(address))
    write_password(StudyFolder.open(root).paths.server, secret)
    return StudyFolder.open(root)


def refused(study: StudyFolder, act: Callable[[StudyFolder], object] = ready_database) -> str:
    """The key of the one problem; what is said of it shows no password."""
    with pytest.raises(InputError) as caught:
        act(study)
    (problem,) = caught.value.problems
    assert SECRET not in render(problem, "nl") + render(problem, "en")
    return problem.key.removeprefix("server.")


def test_what_is_missing_is_said_before_anything_is_started(
    root: Path, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = with_database(root, cluster.database(), "een ander wachtwoord")
    said = themecoder(root, "serve")
    assert said.returncode == 2 and str(cluster.port) in said.stderr and not said.stdout
    assert refused(study) == "database_connect"
    password = study.paths.database_password
    password.chmod(0o644)
    assert refused(study) == "database_password_open"
    password.unlink()
    assert refused(study) == "database_connect", "none where one is asked"
    monkeypatch.setenv(PASSWORD, SECRET)
    monkeypatch.setenv("DJANGO_DB", "default")
    assert refused(study) == "database_in_environment"
    monkeypatch.delenv("DJANGO_DB")
    program = find_label_studio()
    others = tmp_path / "others" / "bin"
    others.mkdir(parents=True)
    (others / "python").symlink_to(os.path.realpath(sys.executable))
    (others / "label-studio").touch(0o700)
    monkeypatch.setenv(EXECUTABLE, str(others / "label-studio"))
    assert refused(study) == "database_driver"
    monkeypatch.setenv(EXECUTABLE, program)
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.9")  # would lead elsewhere
    assert ready_database(study) is not None
    gone = with_database(make_study(tmp_path / "weg"), cluster.address("niemands"))
    assert refused(gone) == "database_connect"
    assert not (study.paths.server / "server.json").exists()


def test_no_study_works_on_a_database_that_is_not_its_own(
    root: Path, tmp_path: Path, cluster: Cluster
) -> None:
    address = cluster.database()
    study = with_database(root, address)
    database = ready_database(study)
    assert database is not None and database.look().key
    assert ready_database(study) is not None, "again"
    assert refused(with_database(make_study(tmp_path / "b"), address)) == "database_others"
    # somebody else's tables
    theirs = cluster.database()
    cluster.sql("CREATE TABLE klanten (naam text)", theirs.name)
    assert refused(with_database(make_study(tmp_path / "c"), theirs)) == "database_others"
    # nothing may be made there
    closed = cluster.database()
    cluster.sql(f"ALTER DATABASE {closed.name} OWNER TO postgres")
    assert refused(with_database(make_study(tmp_path / "d"), closed)) == "database_rights"
    # study.toml names another database, or none, than the server worked with
    text = study.paths.config.read_text("utf-8")
    for other, key in (
        (text.replace(address.name, theirs.name), "database_moved"),
        (text.replace(f'database = "{address}"', ""), "database_was_postgresql"),
    ):
        study.paths.config.write_text(other, encoding="utf-8")
        assert refused(StudyFolder.open(root)) == key
    study.paths.config.write_text(text, encoding="utf-8")
    # a server that was ready once, and a database that was made again under its name
    embedded(study).accounts.keep_token("een-token")
    cluster.sql("DROP TABLE themecoder_study", address.name)
    assert refused(StudyFolder.open(root)) == "database_emptied"
    # what coders made is in a file
    of_file = make_study(tmp_path / "e")
    file = StudyFolder.open(of_file).paths.server_sqlite
    file.parent.mkdir(parents=True)
    file.touch()
    assert refused(with_database(of_file, cluster.database())) == "database_was_sqlite"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """A study whose server works with PostgreSQL and the password of a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(postgres_cluster.SWITCH, "postgresql")
        root = tmp_path_factory.mktemp("postgres") / "studie"
        with running_server(root) as server:
            yield root, server
        os.environ.pop(TOKEN, None)


@pytest.mark.long(40)
def test_a_push_that_is_killed_between_parts_goes_on_and_sends_nothing_twice(
    served: tuple[Path, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = served[1]
    monkeypatch.setenv(TOKEN, server.token)
    root = make_study(tmp_path / "veel", [f"Antwoord nummer {n} over groen." for n in range(1300)])
    opened(root).plan(double=0.0)
    running = embedded(StudyFolder.open(served[0])).running()
    assert running is not None
    with FaultProxy(running.url) as proxy:
        words = ["push", "-q", "q1", "--study", str(root), "--url", proxy.url]

        def imports() -> int:
            return sum("/import" in path for _, path in proxy.seen)

        run_killed(words, server.token, lambda: imports() < 2, 0.0)
        assert imports() == 2, "killed in the middle"
        pushed = opened(root).push(["q1"], proxy.url)
    assert 0 < pushed[0].sent < 1300
    with Client(running.url, server.token) as client:
        assert len(tasks_of(root, client)) == 1300


@pytest.mark.long(60)
def test_coding_goes_through_copies_archives_and_another_database(
    served: tuple[Path, Server],
    tmp_path: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, server = served
    study = opened(root)
    planned = [row for row in study.plan() if row.question == "q1"]
    coders = {row.coder for row in planned}
    with monkeypatch.context() as few:
        few.setattr(push, "MOST", 3)
        assert refused(study, lambda one: push_questions(one, ["q1"])) == "push.many"
        assert not study.paths.project_keys.exists(), "nothing was made"
        (pushed,) = study.push(["q1"], first=1)
        assert pushed.sent == len(coders) < len(planned)
        assert pushed.notes == (("left", {"n": len(planned) - len(coders)}),)
    (pushed,) = study.push(["q1"])
    assert pushed.sent == len(planned) - len(coders) and not pushed.notes
    with Client(server.url, server.token) as client:
        tasks = tasks_of(root, client)
    (_, coder, _), task = next(iter(tasks.items()))
    server.code(coder, task, write_result(Result(("groen",))))
    backup_study(StudyFolder.open(root), tmp_path / "studie.zip")
    assert stop(study)
    (copy,) = study.paths.database_copies.glob("*-stop.dump")
    listed = subprocess.run(["pg_restore", "--list", copy], capture_output=True, check=True)
    assert b"TABLE DATA public task_completion" in listed.stdout
    status = opened(root).status()
    assert [(one.coded, one.not_here) for one in status.offline] == [(1, 1)]

    new = tmp_path / "terug"
    restore_study(tmp_path / "studie.zip", new)
    paths = StudyFolder.open(new).paths
    assert not paths.database_password.exists(), "no archive holds the password"
    write_password(paths.server)
    assert refused(StudyFolder.open(new)) == "database_not_empty", "the live one stays as it is"
    before = StudyFolder.open(root).config.label_studio.database
    other = cluster.database()
    text = paths.config.read_text("utf-8").replace(before, str(other))
    paths.config.write_text(text, encoding="utf-8")
    waiting = paths.archived_database
    kept = waiting.read_bytes()
    with zipfile.ZipFile(backup_study(StudyFolder.open(new), tmp_path / "weer.zip").file) as again:
        assert again.read("server/database.dump") == kept, "what waits for its database goes along"
    assert ready_database(StudyFolder.open(new)) is not None
    assert not waiting.exists() and not paths.loading_database.exists()
    # killed when it had filled the database and had not said so
    paths.loading_database.write_bytes(kept)
    assert ready_database(StudyFolder.open(new)) is not None
    assert not paths.loading_database.exists()
    try:
        serve(StudyFolder.open(new), 8600)
        opened(new).pull(["q1"])
        (line,) = paths.coding("q1", coder).read_text("utf-8").splitlines()
        assert '"groen"' in line
    finally:
        stop(StudyFolder.open(new))
    assert opened(new).status().not_here == 0
    assert opened(root).status().not_here == 1, "the first one's database is as it was"
