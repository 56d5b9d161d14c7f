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
    def marks(self) -> Path:
        """By which mark each question's project on a server is known."""
        return self.annotations / "label_studio.json"

    @property
    def backups(self) -> Path:
        return self.work / "backups"

    def adjudicated(self, question: str) -> Path:
        return self.annotations / "adjudicated" / f"{question}.jsonl"

    def themes(self, question: str) -> Path:
        """The folder with the candidate themes of a question's last run."""
        return self.root / "themes" / question

    def suggestions(self, question: str) -> Path:
        return self.root / "suggestions" / f"{question}.csv"

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
