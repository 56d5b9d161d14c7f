"""A study at one moment: who was asked, what was coded, and under which codebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, from_codings
from themecoder.coding.migration import migrate
from themecoder.coding.model import Coding
from themecoder.coding.settled import settle
from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import ASKED, CONTENT


@dataclass(frozen=True, slots=True)
class QuestionState:
    """One open question.

    - rule: what study.toml says about who is in its base, as one text
    - asked, content: respondents, as in ``CodedQuestion``; content may be empty where no base is
      made of it
    - answers: answer_id -> a digest of the answer, for everyone who was asked and typed something
    - votes: coder -> codings; decisions, suggested: the other codings that can be counted
    """

    question: str
    rule: str = ""
    asked: tuple[str, ...] = ()
    content: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, Sequence[Coding]] = field(default_factory=dict)
    decisions: Sequence[Coding] = ()
    suggested: Sequence[Coding] = ()

    def members(self, base: str) -> frozenset[str]:
        """The respondents of the base: asked, or content."""
        return self.content if base == CONTENT else frozenset(self.asked)

    def coded(self, source: CodingSource, book: Codebook) -> CodedQuestion:
        """The respondents' codes according to ``source``, from the codings under the version of
        ``book``, as in ``Study.coded``."""
        settled = settle(source, self.votes, self.decisions, self.suggested, None, book)
        return self._coded(settled.codings.values(), book)

    def votes_of(self, book: Codebook) -> dict[str, CodedQuestion]:
        """Each coder's own codes."""
        return {coder: self._coded(codings, book) for coder, codings in self.votes.items()}

    def carried(self, releases: Sequence[Codebook], to: str) -> QuestionState:
        """The same with all coding carried to version ``to`` of the codebook, where it can be."""
        known = {book.version for book in releases}
        if to not in known:
            return self

        def carry(codings: Sequence[Coding]) -> tuple[Coding, ...]:
            released = [coding for coding in codings if coding.codebook in known]
            rest = [coding for coding in codings if coding.codebook not in known]
            return (*migrate(released, releases, to).codings, *rest)

        return replace(
            self,
            votes={coder: carry(codings) for coder, codings in self.votes.items()},
            decisions=carry(self.decisions),
            suggested=carry(self.suggested),
        )

    def _coded(self, codings: Iterable[Coding], book: Codebook) -> CodedQuestion:
        usable = [code.id for code in book.usable]
        return from_codings(self.question, self.asked, self.content, codings, usable, book.version)


@dataclass(frozen=True, slots=True)
class State:
    """A study at one moment.

    ``source``: whose coding is counted; ``base``: the base of the percents; ``releases``: those of
    the codebook, oldest first; ``rows``: respondent of the export (also those screened out) -> the
    cells that decide who is in a base. Two states that are compared have the same columns there.
    ``unknown``: the number of codings left out, since the export does not have their answers.
    """

    source: CodingSource
    book: Codebook
    base: str = ASKED
    releases: tuple[Codebook, ...] = ()
    rows: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    questions: Mapping[str, QuestionState] = field(default_factory=dict)
    unknown: int = 0

    def question(self, question: str) -> QuestionState:
        """The state of a question; an empty one where this state does not have the question."""
        return self.questions.get(question) or QuestionState(question)
