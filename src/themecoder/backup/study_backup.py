"""The whole study into one archive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from themecoder.backup.contents import study_contents
from themecoder.backup.formats.archive import write_archive
from themecoder.coding.label_studio.connect import embedded
from themecoder.coding.label_studio.database_copies import snapshot_database
from themecoder.coding.label_studio.study_database import opened_database
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder, private_files
from themecoder.storage.leftovers import JOURNAL
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What is in the archive ``file``. ``links`` lead out of the study and are not in it."""

    file: Path
    files: int
    size: int
    links: tuple[str, ...]


def backup_study(
    study: StudyFolder, file: Path | None = None, password: str | None = None
) -> BackedUp:
    """Write the whole study to ``file``, or to a new one in ``backups/study/``.

    The server's database goes along as it is at this moment, also where the server runs. Raises
    InputError where ``file`` is there already: an earlier archive is never written over; and where
    a database in PostgreSQL can't be copied.
    """
    paths = study.paths
    with study.locked(), private_files():
        server = embedded(study)
        if file is None:
            file = _new_file(study, ".zip" if password is None else ".zip.age")
        elif file.exists():
            raise InputError(Problem("backup.exists", file=file))
        for journal in paths.root.rglob(JOURNAL):
            files.finish_pending_write(journal.parent)
        contents = study_contents(paths)
        sources = {path: paths.root / path for path in contents.files}
        database = server.database.relative_to(paths.root).as_posix()
        snapshot = paths.work / "backup.database"
        snapshot.unlink(missing_ok=True)  # of a backup that was killed
        try:
            journals = [path for path in sources if path.startswith(f"{database}-")]
            if database in sources and (journals or server.alive()):
                # the file alone is then no state that the database ever had
                snapshot_database(server.database, snapshot)
                sources[database] = snapshot
                for path in journals:
                    del sources[path]
            # one that came with an archive and is in no database yet is what counts
            if not (paths.archived_database.exists() or paths.loading_database.exists()):
                postgresql = opened_database(study)
                if postgresql is not None:
                    postgresql.dump(snapshot)
                    archived = paths.archived_database.relative_to(paths.root).as_posix()
                    sources[archived] = snapshot
            entries = write_archive(file, study.config.id, sources, password)
        finally:
            snapshot.unlink(missing_ok=True)
    return BackedUp(file, len(entries), file.stat().st_size, contents.links)


def _new_file(study: StudyFolder, suffix: str) -> Path:
    make_folder(study.paths.backups)
    folder = study.paths.archives
    make_folder(folder)
    name = f"{study.config.id}-{datetime.date.today()}"
    file, number = folder / f"{name}{suffix}", 2
    while file.exists():
        file, number = folder / f"{name}-{number}{suffix}", number + 1
    return file
