"""Where a study keeps what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from themecoder.storage.access import WORK

NOT_FOR_GIT = ("data/", f"{WORK}/", "server/", "backups/", "reports/internal/", "/masked*.csv")
"""What a study keeps out of git: answers, secrets, copies, and what tells of single respondents."""


@dataclass(frozen=True, slots=True)
class StudyPaths:
    """The files and folders of the study in folder ``root``; none of them is made or read here."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "study.toml"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def codebook(self, codebook: str) -> Path:
        """The folder with the versions of a codebook."""
        return self.root / "codebooks" / codebook

    def code_mapping(self, codebook: str, name: str) -> Path:
        """Which code of a codebook each code of a file from elsewhere is."""
        return self.codebook(codebook) / "mappings" / f"{name}.csv"

    @property
    def annotations(self) -> Path:
        return self.root / "annotations"

    def coding(self, question: str, coder: str) -> Path:
        """What one coder coded of one question."""
        return self.annotations / question / f"{coder}.jsonl"

    @property
    def queue(self) -> Path:
        """The coding that waits for its coder after a change of the codebook."""
        return self.annotations / "queue.csv"

    @property
    def plan(self) -> Path:
        """Who codes which answers."""
        return self.annotations / "plan.csv"

    @property
    def project_keys(self) -> Path:
        """The keys by which the project of each question on a server is recognised."""
        return self.annotations / "label_studio.json"

    @property
    def backups(self) -> Path:
        """Copies of coding before it was changed, and of the server's database; never in git."""
        return self.root / "backups"

    @property
    def archives(self) -> Path:
        """Archives of the whole study that nobody gave another place."""
        return self.backups / "study"

    @property
    def put_aside(self) -> Path:
        """What was there before an archive was restored."""
        return self.backups / "before-restore"

    @property
    def restored_files(self) -> Path:
        """Files of an archive that are on their way to their place."""
        return self.put_aside / ".under-way" / "new"

    @property
    def restore_journal(self) -> Path:
        """What a restore is to do, there as long as it is not done."""
        return self.put_aside / ".under-way" / "journal.json"

    @property
    def database_copies(self) -> Path:
        """Dated copies of the embedded server's database."""
        return self.backups / "server"

    @property
    def server(self) -> Path:
        """The embedded server: its database, its accounts, its log. What coders made there exists
        once until it is pulled; never in git."""
        return self.root / "server"

    def coding_files(self, question: str) -> list[Path]:
        """The files of a question's coders, sorted; each is named after its coder."""
        return sorted((self.annotations / question).glob("*.jsonl"))

    def coding_history(self, question: str, coder: str) -> Path:
        """Earlier coding of a coder, which later coding replaced."""
        return self.annotations / "history" / question / f"{coder}.jsonl"

    def coding_histories(self, question: str) -> list[Path]:
        """The files of earlier coding of a question's coders, sorted."""
        return sorted((self.annotations / "history" / question).glob("*.jsonl"))

    def unread_coding(self, question: str) -> Path:
        """What a server had that could not be read as coding."""
        return self.annotations / "history" / "unread" / f"{question}.jsonl"

    def adjudicated(self, question: str) -> Path:
        return self.annotations / "adjudicated" / f"{question}.jsonl"

    @property
    def machine(self) -> Path:
        """What the machine coded, of all questions."""
        return self.annotations / "machine.json"

    def themes(self, question: str) -> Path:
        """The folder with the candidate themes of a question's last run."""
        return self.root / "themes" / question

    def suggestions(self, question: str) -> Path:
        return self.suggestions_folder / f"{question}.csv"

    @property
    def suggestions_folder(self) -> Path:
        return self.root / "suggestions"

    def assistant_opinions(self, question: str) -> Path:
        """Which codes the assistant gave to which answers; no text of them."""
        return self.suggestions_folder / "assistant" / f"{question}.csv"

    @property
    def assistant_made_with(self) -> Path:
        """Which model gave the opinions on each question."""
        return self.suggestions_folder / "assistant" / "made_with.json"

    @property
    def assistant_texts(self) -> Path:
        """What was asked of the assistant and what it said: the words of answers, masked."""
        return self.internal / "assistant"

    @property
    def assistant_lock(self) -> Path:
        """Held by the one command that asks the assistant."""
        return self.work / "assistant.lock"

    @property
    def mask_decisions(self) -> Path:
        """What a person decided on masks."""
        return self.root / "masking.csv"

    @property
    def mask_steps(self) -> Path:
        """The last steps of that, so that they can be taken back."""
        return self.work / "mask_steps.json"

    @property
    def templates(self) -> Path:
        """The study's own templates of the report."""
        return self.root / "templates"

    @property
    def quotes(self) -> Path:
        """Which quotes a person chose."""
        return self.root / "quotes.yaml"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def internal(self) -> Path:
        """Files that tell of single respondents, for those who work on the study only."""
        return self.reports / "internal"

    @property
    def work(self) -> Path:
        """Caches and locks: can be thrown away, never in git."""
        return self.root / WORK

    @property
    def lock(self) -> Path:
        """Held by the one command that writes."""
        return self.work / "lock"

    @property
    def assist_lock(self) -> Path:
        """Held by the process that assists coders."""
        return self.work / "assist.lock"

    @property
    def lock_holder(self) -> Path:
        """Which process holds the lock, since when, and for what."""
        return self.work / "lock.json"

    @property
    def codebook_lock(self) -> Path:
        """Held while the codebook's files change."""
        return self.work / "codebook.lock"

    @property
    def masks_cache(self) -> Path:
        return self.work / "masks.sqlite"

    @property
    def vectors_cache(self) -> Path:
        return self.work / "vectors.sqlite"

    @property
    def lemmas_cache(self) -> Path:
        return self.work / "lemmas.sqlite"

    @property
    def hiding_cache(self) -> Path:
        """Which counts are not shown, by what was counted."""
        return self.work / "hiding.sqlite"

    @property
    def label_studio(self) -> Path:
        """What this study and a server last agreed on."""
        return self.work / "label_studio"

    @property
    def while_server_runs(self) -> tuple[Path, ...]:
        """What is only true as long as the embedded server runs, and its log."""
        names = ("server.json", "server.log", "owner.json", "database.pgpass")
        return tuple(self.server / name for name in names)

    @property
    def server_sqlite(self) -> Path:
        """The embedded server's database, where study.toml names no other."""
        return self.server / "data" / "label_studio.sqlite3"

    @property
    def server_database(self) -> Path:
        """Which PostgreSQL database the embedded server works with, and the key it has there."""
        return self.server / "database.json"

    @property
    def database_password(self) -> Path:
        """The password of that database, where its owner keeps it here; in no archive."""
        return self.server / "database_password"

    @property
    def archived_database(self) -> Path:
        """What an archive of the study has of that database, until it is put into one."""
        return self.server / "database.dump"

    @property
    def loading_database(self) -> Path:
        """The same while it is being put into the database."""
        return self.server / "database.loading"

    @property
    def finished_steps(self) -> Path:
        """The steps of ``run`` that ended, and the state of the files that each was made from."""
        return self.work / "run.json"
