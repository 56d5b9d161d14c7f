"""Where a study keeps what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
        return self.work / "backups"

    def coding_files(self, question: str) -> list[Path]:
        """The files of a question's coders, sorted; each is named after its coder."""
        return sorted((self.annotations / question).glob("*.jsonl"))

    def coding_history(self, question: str, coder: str) -> Path:
        """Earlier coding of a coder, which later coding replaced."""
        return self.annotations / "history" / question / f"{coder}.jsonl"

    def unread_coding(self, question: str) -> Path:
        """What a server had that could not be read as coding."""
        return self.annotations / "history" / "unread" / f"{question}.jsonl"

    def adjudicated(self, question: str) -> Path:
        return self.annotations / "adjudicated" / f"{question}.jsonl"

    def themes(self, question: str) -> Path:
        """The folder with the candidate themes of a question's last run."""
        return self.root / "themes" / question

    def suggestions(self, question: str) -> Path:
        return self.suggestions_folder / f"{question}.csv"

    @property
    def suggestions_folder(self) -> Path:
        return self.root / "suggestions"

    @property
    def mask_decisions(self) -> Path:
        """What a person decided on masks."""
        return self.root / "masking.csv"

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
    def work(self) -> Path:
        """Caches, locks, backups: can be thrown away, never in git."""
        return self.root / ".themecoder"

    @property
    def lock(self) -> Path:
        """Held by the one command that writes."""
        return self.work / "lock"

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
    def label_studio(self) -> Path:
        """The embedded server's data, and what this study and a server last agreed on."""
        return self.work / "label_studio"

    @property
    def finished_steps(self) -> Path:
        """The steps of ``run`` that ended, and the state of the files that each was made from."""
        return self.work / "run.json"
