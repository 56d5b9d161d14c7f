"""``StudyFolder``: a study's configuration, paths, answers, masked texts and codebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, TypeVar

from themecoder.cluster.tasks import Workers
from themecoder.codebook.files.folder import CodebookFolder
from themecoder.codebook.model import Codebook
from themecoder.errors import InputError, Problem
from themecoder.language.contentless import contentless
from themecoder.masking.decisions import Decision, StaleDecision, decide_all
from themecoder.masking.model import MaskedText
from themecoder.masking.store import mask_all, read_mask_decisions
from themecoder.messages import speak
from themecoder.progress import Progress, Silent, running
from themecoder.settings.inside import check_links
from themecoder.settings.load import load_study
from themecoder.settings.model import ROW_ID, StudyConfig
from themecoder.settings.paths import StudyPaths
from themecoder.storage.access import share_with_group
from themecoder.survey.export import Export
from themecoder.survey.model import Answer, QuestionOverview, Survey, build_survey
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.survey.readers.questionnaires import is_questionnaire, name_columns
from themecoder.survey.row_ids import check_same_file
from themecoder.workspace.lock import finish_annotations, study_lock

T = TypeVar("T")


class StudyFolder:
    """A study opened from its folder. What is read or computed once is kept for the session."""

    def __init__(self, root: Path, config: StudyConfig, progress: Progress | None = None) -> None:
        self.paths = StudyPaths(root)
        self.config = config
        self.progress: Progress = progress or Silent()
        self.workers: Workers | None = None
        """Who computes what is heavy and goes answer by answer; None: this process."""
        self._masking_level: str | None = None
        self._made_once: dict[Callable[[Any], object], Any] = {}
        self._made_of_answers: dict[tuple[object, ...], Any] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.config.id}, in {self.paths.root})"

    @classmethod
    def open(cls, root: str | Path = ".", progress: Progress | None = None) -> Self:
        """The study in folder ``root``. Raises InputError with every problem in its study.toml,
        and where something in it leads out of it (``settings.inside``)."""
        folder = Path(root)
        if StudyPaths(folder).restore_journal.is_file():
            raise InputError(Problem("backup.unfinished", file=folder))
        check_links(folder)
        config = load_study(StudyPaths(folder).config)
        finish_annotations(StudyPaths(folder))
        share_with_group(folder, config.group_readable)
        speak(config.interface_language)
        return cls(folder, config, progress)

    # The survey and its answers.

    @property
    def export(self) -> Export:
        """The export as read, nothing in it held against study.toml."""
        return self.once_of_answers(_read_export)

    @property
    def survey(self) -> Survey:
        """The export, read whole and checked. Raises InputError with every problem found."""
        return self.once_of_answers(_build_survey)

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of the open questions, in the order of study.toml."""
        return tuple(question.id for question in self.config.questions)

    def question(self, question: str) -> str:
        """``question`` if the study has it. Raises InputError that lists those it has."""
        if question not in self.questions:
            raise InputError(
                Problem(
                    "cli.question_unknown",
                    {"found": question, "known": ", ".join(self.questions)},
                )
            )
        return question

    def overview(self) -> tuple[QuestionOverview, ...]:
        """Per open question: asked, answered, empty, without content."""
        return self.once_of_answers(_overview)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """The answers to a question as typed, sorted by answer_id."""
        return self.survey.answers(self.question(question))

    @cached_property
    def contentless(self) -> Callable[[str], bool]:
        """Whether an answer says nothing ("nee", "n.v.t.", "-"), in a language of the study."""
        languages = self.config.answer_languages
        if len(languages) == 1:
            return partial(contentless, language=languages[0])
        return lambda text: any(contentless(text, language=language) for language in languages)

    # Masked answers.

    def found_masks(self, questions: Iterable[str] | None = None) -> dict[str, MaskedText]:
        """What the rules mask in the answers to ``questions``, else in all, before a person decided
        on anything."""
        asked = self.questions if questions is None else questions
        return {
            name: text
            for question in asked
            for name, text in self.once_of_answers(_masked_by_rules, question).items()
        }

    @cached_property
    def _masks(self) -> tuple[dict[str, MaskedText], list[StaleDecision]]:
        return decide_all(self.found_masks(), self.mask_decisions())

    def masked_texts(self, questions: Iterable[str] | None = None) -> Mapping[str, MaskedText]:
        """Every answer, or those to ``questions``, with its identifying details masked, by
        answer_id; decisions applied."""
        if questions is None:
            return self._masks[0]
        return decide_all(self.found_masks(questions), self.mask_decisions())[0]

    def mask_alone(self, question: str, text: str) -> str:
        """``text`` masked by itself: words that are in no answer to ``question`` any more."""
        known = question in self.questions
        language = self.config.language_of(question) if known else self.config.language
        return self.mask_by_rules([Answer("", "", question, text)], language)[""].masked

    def mask_by_rules(self, answers: Sequence[Answer], language: str) -> dict[str, MaskedText]:
        """Answers masked as study.toml says, whatever a person decided."""
        return mask_all(
            answers,
            language=language,
            allow=self.config.masking.allow,
            forbid=self.config.masking.forbid,
            level=self._masking_level or self.config.masking.level,
            cache=self.paths.masks_cache,
            advance=self.progress.advance,
            notice=self.notice,
            workers=self.workers,
        )

    def mask_decisions(self) -> list[Decision]:
        """What a person decided on masks: ``masking.csv`` of the study (positions, no text)."""
        return read_mask_decisions(self.paths.mask_decisions)

    def stale_decisions(self) -> list[StaleDecision]:
        """The decisions that no longer fit: the answer changed, is gone, or has no such mask."""
        return self._masks[1]

    def mask_at_level(self, level: str) -> None:
        """Mask at ``level`` as long as the study is open, whatever study.toml says."""
        self._masking_level = level
        self._made_of_answers = {
            made: kept for made, kept in self._made_of_answers.items() if len(made) == 1
        }
        self.forget_masks()

    def forget_masks(self) -> None:
        """Work the masked texts out again at the next call: a decision on them was changed."""
        self.__dict__.pop("_masks", None)

    def with_new_decisions(self) -> Self:
        """This study after a decision on masks, with nothing that was made of them before; the
        export and what the rules mask are not read again."""
        fresh = type(self)(self.paths.root, self.config, self.progress)
        fresh._masking_level = self._masking_level
        fresh.workers = self.workers
        fresh.take_answers_of(self)
        return fresh

    def take_answers_of(self, read: StudyFolder) -> None:
        """Share what is read of the answers and masked in them by rules: of the same study, whose
        settings and export are as they were."""
        self._made_of_answers = read._made_of_answers

    # The codebook.

    @property
    def codebook(self) -> Codebook | None:
        """The version of the codebook that study.toml names, else the newest release, else the
        draft; None where the study has none yet.

        Raises InputError where its file can't be read or is no longer as it was released.
        """
        if self.config.codebook is None:
            return None
        folder = self.codebooks
        version = self.config.codebook.version or folder.newest
        return folder.read(version) if version is not None else None

    def required_codebook(self) -> Codebook:
        """The study's codebook. Raises InputError where it has none."""
        book = self.codebook
        if book is None:
            raise InputError(Problem("codebook.none", {"id": self.config.id}, self.paths.config))
        return book

    @cached_property
    def codebooks(self) -> CodebookFolder:
        """The versions of the study's codebook and its draft.

        Raises InputError where study.toml has no ``[codebook]``.
        """
        if self.config.codebook is None:
            raise InputError(Problem("codebook.none", {"id": self.config.id}, self.paths.config))
        return CodebookFolder(
            self.paths.codebook(self.config.codebook.id),
            self.paths.codebook_lock,
            title=self.config.title,
            language=self.config.interface_language,
        )

    # What operations share.

    def once(self, work_out: Callable[[StudyFolder], T]) -> T:
        """What ``work_out`` makes of this folder: made at the first call, kept for the session."""
        if work_out not in self._made_once:
            self._made_once[work_out] = work_out(self)
        kept: T = self._made_once[work_out]
        return kept

    def once_of_answers(self, work_out: Callable[..., T], *question: str) -> T:
        """What ``work_out`` makes of this folder (and of a ``question``), of nothing but its
        answers and what rules mask in them: made at the first call, kept as long as these stay,
        whatever is decided on masks."""
        made = (work_out, *question)
        if made not in self._made_of_answers:
            self._made_of_answers[made] = work_out(self, *question)
        kept: T = self._made_of_answers[made]
        return kept

    def notice(self, key: str) -> None:
        """Tell the person something that changes no result, such as a cache that can't be kept."""
        self.progress.notice(key)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; see ``study_lock``."""
        with study_lock(self.paths):
            yield


def _read_export(study: StudyFolder) -> Export:
    file, root = study.config.survey, study.paths.root
    with running(study.progress, "read"):
        options = ExportOptions(
            format=file.format,
            delimiter=file.delimiter,
            encoding=file.encoding,
            sheet=file.sheet,
            heading=file.heading,
            decimal=file.decimal,
            as_typed=frozenset([file.id]),
        )
        if file.id == ROW_ID:
            check_same_file(root / file.file, file.sha256, study.paths.config)
        read = read_export(root / file.file, options)
        questionnaire = root / (file.questionnaire or "")
        if file.questionnaire and is_questionnaire(questionnaire):
            read = name_columns(read, questionnaire)
        return read


def _build_survey(study: StudyFolder) -> Survey:
    return build_survey(study.export, study.config)


def _overview(study: StudyFolder) -> tuple[QuestionOverview, ...]:
    return study.survey.overview(study.contentless)


def _masked_by_rules(study: StudyFolder, question: str) -> dict[str, MaskedText]:
    with running(study.progress, "mask", question):
        return study.mask_by_rules(study.answers(question), study.config.language_of(question))
