"""``Study``: a study folder, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from themecoder.adjudication.label_studio.project import Judged, ToJudge, pull_decisions, push_open
from themecoder.adjudication.of_study import (
    Bench,
    Decided,
    accept,
    bench,
    open_page,
    read_decisions,
    summed,
)
from themecoder.agreement.findings import Findings
from themecoder.agreement.of_study import study_agreement, write_agreement
from themecoder.codebook.files.folder import DRAFT, CodebookFolder
from themecoder.codebook.html.page import render
from themecoder.codebook.model import Codebook
from themecoder.coding.coded import Coded
from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.pull import Pulled, pull_question
from themecoder.coding.label_studio.push import Pushed, push_question
from themecoder.coding.label_studio.status import CodingStatus, coding_status
from themecoder.coding.migrate import Migrated, migrate_study
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.planning import plan_study, planned_questions, pushed_questions
from themecoder.coding.read import coded, codings, source_for
from themecoder.coding.source import Source
from themecoder.compare.differences import Differences, differences
from themecoder.compare.revisions import at_revision
from themecoder.counts.of_study import study_counts, write_counts
from themecoder.counts.result import Counts
from themecoder.errors import InputError, Problem
from themecoder.figures.check import Checked, check_draft_of, check_study, write_check
from themecoder.figures.drafts.model import Tied
from themecoder.language.contentless import contentless
from themecoder.masking.decisions import Decision, Stale, decide_all
from themecoder.masking.model import MaskedText
from themecoder.masking.review import InContext, Reply, review
from themecoder.masking.store import mask_all, read_decisions, write_decisions
from themecoder.progress import Progress, Silent, running
from themecoder.quotes.chosen import revise_choices
from themecoder.quotes.model import Quotes
from themecoder.quotes.of_study import study_quotes, write_quotes
from themecoder.report.manifest import Changed, changed_since
from themecoder.report.write import new_templates, write_report
from themecoder.run.steps import Step, run_study
from themecoder.settings.load import load_study
from themecoder.settings.model import StudyConfig
from themecoder.settings.paths import StudyPaths
from themecoder.storage.atomic import no_formula, write_csv, write_text
from themecoder.survey.model import Answer, QuestionOverview, Survey, build_survey
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.themes.corpus import Corpus, build_corpus
from themecoder.themes.html.content import themes_page
from themecoder.themes.html.page import render
from themecoder.themes.mine import mine_question, topic_model
from themecoder.themes.store import StoredThemes, read_themes
from themecoder.themes.tables import ThemeTables, tables_of


class Study:
    """A study opened from its folder. What is read or computed once is kept for the session.

    >>> from themecoder import Study
    >>> study = Study.open(".")
    >>> themes = study.mine("q18")       # pandas tables: themes.themes, themes.assignments
    """

    def __init__(self, root: Path, config: StudyConfig, progress: Progress | None = None) -> None:
        self.paths = StudyPaths(root)
        self.config = config
        self._progress: Progress = progress or Silent()

    @classmethod
    def open(cls, root: str | Path = ".", progress: Progress | None = None) -> Study:
        """The study in folder ``root``. Raises InputError with every problem in its study.toml."""
        folder = Path(root)
        return cls(folder, load_study(StudyPaths(folder).config), progress)

    # what came in

    @cached_property
    def survey(self) -> Survey:
        """The export, read whole and checked. Raises InputError with every problem found."""
        file = self.config.survey
        with running(self._progress, "read"):
            options = ExportOptions(
                format=file.format,
                delimiter=file.delimiter,
                encoding=file.encoding,
                sheet=file.sheet,
                decimal=file.decimal,
            )
            return build_survey(read_export(self.paths.root / file.file, options), self.config)

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
        return self.survey.overview(self.contentless)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """The answers to a question as typed, sorted by answer_id."""
        return self.survey.answers(self.question(question))

    @cached_property
    def contentless(self) -> Callable[[str], bool]:
        """Whether an answer says nothing ("nee", "n.v.t.", "-"), in the study's language."""
        return partial(contentless, language=self.config.language)

    # masking

    @cached_property
    def _masks(self) -> tuple[dict[str, MaskedText], list[Stale]]:
        answers = [answer for question in self.questions for answer in self.answers(question)]
        with running(self._progress, "mask"):
            found = mask_all(
                answers,
                language=self.config.language,
                allow=self.config.masking.allow,
                forbid=self.config.masking.forbid,
                cache=self.paths.work / "masks.sqlite",
                advance=self._progress.advance,
            )
        return decide_all(found, self.mask_decisions())

    def masked_texts(self) -> Mapping[str, MaskedText]:
        """Every answer with its identifying details masked, by answer_id; decisions applied."""
        return self._masks[0]

    def mask_decisions(self) -> list[Decision]:
        """What a person decided on masks: ``masking.csv`` of the study (positions, no text)."""
        return read_decisions(self._decisions_file)

    def stale_decisions(self) -> list[Stale]:
        """The decisions that no longer fit: the answer changed, is gone, or has no such mask."""
        return self._masks[1]

    def review_masks(self, ask: Callable[[InContext], Reply]) -> int:
        """Put every undecided mask before a person and keep the decisions; returns how many.

        Each reply is kept at once, so that nothing is lost when the review is broken off.
        """
        kept = {(d.answer_id, d.start, d.end): d for d in self.mask_decisions()}
        before = len(kept)
        for decision in review(self.masked_texts(), list(kept.values()), ask):
            kept[decision.answer_id, decision.start, decision.end] = decision
            write_decisions(self._decisions_file, kept.values())
        self.__dict__.pop("_masks", None)
        return len(kept) - before

    def write_masked(self, file: Path) -> None:
        """Write ``answer_id, masked`` for every answer, as CSV that no spreadsheet runs."""
        texts = self.masked_texts()
        write_csv(
            file,
            ("answer_id", "masked"),
            ((one, no_formula(texts[one].masked)) for one in sorted(texts)),
        )

    @property
    def _decisions_file(self) -> Path:
        return self.paths.root / "masking.csv"

    # adjudication

    def disagreements(self, questions: Sequence[str] = ()) -> list[Bench]:
        """Per question what the coders say of each answer, what is decided and what is open."""
        return [bench(self, one) for one in questions or self.questions]

    def disagreements_page(self, found: Sequence[Bench], file: Path) -> None:
        """Write what is open of ``found`` as a page, masked and without the coders' names."""
        write_text(file, open_page(found))

    def accept(self, rules: Sequence[str], questions: Sequence[str] = ()) -> Decided:
        """Decide by rule (unanimous, majority, single) into ``annotations/adjudicated/``.

        A person's decision is never touched by a rule; a second time changes nothing.
        """
        with self.locked():
            done = Decided()
            for one in questions or self.questions:
                done = summed(done, accept(self, one, rules))
            return done

    def read_decisions(self, file: Path, by: str | None = None) -> Decided:
        """Take over a list that ``by``, or study.toml's adjudicator, filled in; whole or not."""
        with self.locked():
            return read_decisions(self, file, by or self.config.coding.adjudicator or "")

    def push_disagreements(
        self, questions: Sequence[str] = (), url: str | None = None
    ) -> list[ToJudge]:
        """Send what is open to a Label Studio project in which a person decides."""
        with self.locked(), connect(self, url) as client:
            wanted = [self.question(one) for one in questions] or list(self.questions)
            return [push_open(self, client, one, self._progress) for one in wanted]

    def pull_decisions(self, questions: Sequence[str] = (), url: str | None = None) -> list[Judged]:
        """Take what was decided in Label Studio into ``annotations/adjudicated/``."""
        with self.locked(), connect(self, url) as client:
            wanted = [self.question(one) for one in questions] or list(self.questions)
            return [pull_decisions(self, client, one) for one in wanted]

    # counts

    def source(self, wanted: str | None = None) -> Source:
        """Whose coding is counted: adjudicated, majority, coder:<id> or suggestions.

        ``wanted``, else study.toml's, else what there is: decisions, the only coder, the majority.
        """
        return source_for(self, wanted)

    def codings(self, question: str, source: Source) -> dict[str, Coding]:
        """answer_id -> the coding that ``source`` has of it."""
        return codings(self, self.question(question), source)

    def coded(self, question: str, source: Source) -> Coded:
        """The respondents who were asked, and the codes that ``source`` gives them."""
        return coded(self, self.question(question), source)

    def counts(
        self,
        questions: Sequence[str] = (),
        source: Source | None = None,
        by: Sequence[str] | None = None,
        base: str | None = None,
    ) -> Counts:
        """The counts of ``questions`` (all, open and closed), by ``by`` (every attribute).

        ``source``: whose coding, see ``source``; ``base``: asked or content, study.toml's by
        default. Small counts are hidden, and with them what would give them away.
        Raises InputError for unknown names, weights that are none, coding that can't be read.
        """
        return study_counts(self, questions, source, by, base)

    def write_counts(self, found: Counts, formats: Sequence[str] = ("csv", "xlsx")) -> list[Path]:
        """Write ``reports/counts.*``: csv, xlsx, docx, tex, the 0/1 matrix, sav; what now holds it.

        Raises InputError for a format that is none.
        """
        return write_counts(self, found, formats)

    def check(
        self,
        figures: Path | None = None,
        claims: Path | None = None,
        source: Source | None = None,
    ) -> Checked:
        """Rebuild the quoted figures and claims in ``reports/``, or in the files given.

        Figures are of all rows of the export; claims on codes rest on the coding of ``source``.
        Raises InputError with every row that can't be checked as it stands.
        """
        return check_study(self, figures, claims, source)

    def check_draft(self, draft: Path, found: Checked) -> list[Tied]:
        """The numbers and words of quantity in a draft, tied to the figures and claims ``found``.

        Raises InputError for a draft that can't be read.
        """
        return check_draft_of(self, draft, found)

    def write_check(self, found: Checked) -> Path:
        """Write ``reports/check.csv``, every figure and claim with its verdict."""
        return write_check(self, found)

    # quotes

    def quotes(
        self,
        codes: Sequence[str] = (),
        questions: Sequence[str] = (),
        source: Source | None = None,
        per_code: int | None = None,
    ) -> Quotes:
        """The quotes of ``codes`` (all that say something), at most ``per_code`` of each, masked.

        First what a person chose in quotes.yaml, then coders' favourites, then as diverse as can
        be; never somebody twice for a code, never somebody without consent. ``source`` as for
        counts. Raises InputError where there is no codebook, and with every problem in quotes.yaml.
        """
        return study_quotes(self, codes, questions, source, per_code, progress=self._progress)

    def write_quotes(
        self, found: Quotes, formats: Sequence[str] = (), everything: bool = False
    ) -> list[Path]:
        """Write ``reports/quotes.csv``, .xlsx, .docx and .md, or only ``formats``; the files.

        ``everything``: also the quotes that were not chosen.
        """
        return write_quotes(self, found, formats, everything)

    def choose_quotes(
        self,
        choose: Sequence[tuple[str, str]] = (),
        never: Sequence[tuple[str, str]] = (),
        forget: Sequence[tuple[str, str]] = (),
        source: Source | None = None,
    ) -> bool:
        """Keep a person's choices, (code, answer_id) each, in quotes.yaml; whether it changed.

        ``answer_id@start-end`` means one of several quotes of an answer. Raises InputError with
        every choice that can't be shown; nothing is written then.
        """
        with self.locked():
            return revise_choices(self, choose, never, forget, source)

    def report(
        self,
        source: Source | None = None,
        formats: Sequence[str] = ("html", "docx"),
        resamples: int = 1000,
        language: str | None = None,
    ) -> list[Path]:
        """Write ``reports/report.*`` and its manifest, from the shipped templates or study.toml's.

        ``language``: nl or en, of the report's own words, study.toml's by default; in another one
        it is ``report.en.*``. A report that was changed by hand is kept beside it. Raises
        InputError with everything that a template asks for and that is not there.
        """
        return write_report(self, source, formats, resamples, language)

    def new_templates(self) -> list[Path]:
        """Put copies of the shipped templates into ``templates/``; never over one that is there."""
        return new_templates(self)

    def changed_since_report(self) -> list[Changed]:
        """What is not as it was when the report was made. Raises InputError without a report."""
        return changed_since(self)

    def run(
        self, source: Source | None = None, resamples: int = 1000, again: bool = False
    ) -> Iterator[Step]:
        """Everything from the export to the report; yields each step as it ends.

        What is up to date is left as it is (but ``again``), so that a second run does nothing, and
        a run that was broken off goes on where it was. Raises InputError where a step can't be.
        """
        return run_study(self, source, resamples, again)

    def diff(
        self,
        before: str = "HEAD",
        after: str | None = None,
        *,
        source: str | None = None,
        questions: Sequence[str] = (),
    ) -> Differences:
        """Which counts differ between two revisions in git, which answers did it, and why.

        ``after`` None: the folder as it is now. Counted by ``source``, else by what each of the two
        counts by itself; of ``questions`` (all). Nothing is written or masked. Raises InputError
        where a revision can't be read.
        """
        return differences(self, before, after, source, questions, self._progress)

    @contextmanager
    def at(self, revision: str) -> Iterator[Study]:
        """This study as it was at a revision in git, as long as the block lasts.

        >>> with study.at("HEAD~3") as before:
        ...     before.coded("q18", before.source())
        """
        with at_revision(self, revision, self._progress) as found:
            yield found.study

    # agreement

    def agreement(
        self,
        questions: Sequence[str] = (),
        coders: Sequence[str] = (),
        *,
        machine: Path | bool = False,
        threshold: float = 0.5,
        width: float | None = None,
        coefficient: str = "krippendorff_alpha",
        resamples: int = 1000,
    ) -> Findings:
        """How far the coders agree, on ``questions`` (all) and of ``coders`` (all).

        ``machine``: compare suggestions as if a coder's, the study's own (True) or those in a file,
        from score ``threshold``. ``width``: say how many answers must be coded twice for intervals
        of ``coefficient`` so wide. Intervals rest on ``resamples`` draws of respondents.
        Raises InputError where nothing is coded or an argument makes no sense.
        """
        return study_agreement(
            self,
            questions,
            coders,
            machine=machine,
            threshold=threshold,
            width=width,
            coefficient=coefficient,
            resamples=resamples,
            progress=self._progress,
        )

    def write_agreement(self, found: Findings) -> list[Path]:
        """Write ``reports/agreement.csv`` and what goes with it; the files that now hold it."""
        return write_agreement(self, found)

    # candidate themes

    @cached_property
    def corpus(self) -> Corpus:
        """The answers with content of all questions, masked, cut into segments and embedded."""
        return build_corpus(self, self._progress)

    def notice(self, key: str) -> None:
        """Tell the person something that changes no result, such as a cache that can't be kept."""
        self._progress.notice(key)

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

    @cached_property
    def codebooks(self) -> CodebookFolder:
        """The versions of the study's codebook and its draft.

        Raises InputError where study.toml has no ``[codebook]``.
        """
        if self.config.codebook is None:
            raise InputError(Problem("codebook.none", {"id": self.config.id}, self.paths.config))
        return CodebookFolder(
            self.paths.codebook(self.config.codebook.id), self.paths.work / "codebook.lock"
        )

    def codebook_page(self, book: Codebook) -> Path:
        """Write ``reports/codebook.html``: ``book`` as a page for coders to print."""
        source = self.codebooks.file(book.version if book.released else DRAFT)
        file = self.paths.reports / "codebook.html"
        write_text(file, render(book, source.relative_to(self.paths.root).as_posix()))
        return file

    def migrate(self, to: str | None = None, apply: bool = False) -> Migrated:
        """Carry all coding to a version of the codebook, the newest by default.

        Writes nothing unless ``apply``: then a copy of ``annotations/`` is kept first.
        """
        with self.locked():
            return migrate_study(self, to, apply)

    # coding

    def plan(
        self, double: float = 0.0, blind: float | None = None, contentless: bool = False
    ) -> tuple[Planned, ...]:
        """Plan who codes what and keep it in ``annotations/plan.csv``; see ``labelling.plan``."""
        with self.locked():
            return plan_study(self, double, blind, contentless)

    def push(self, questions: Sequence[str] = (), url: str | None = None) -> list[Pushed]:
        """Send what is planned to Label Studio: only what is not there yet."""
        with self.locked(), connect(self, url) as client:
            wanted = [self.question(one) for one in questions] or planned_questions(self)
            return [push_question(self, client, one, self._progress) for one in wanted]

    def pull(
        self,
        questions: Sequence[str] = (),
        url: str | None = None,
        accept_deletions: bool = False,
    ) -> list[Pulled]:
        """Take what coders made in Label Studio into ``annotations/``."""
        with self.locked(), connect(self, url) as client:
            wanted = [self.question(one) for one in questions] or pushed_questions(self)
            return [pull_question(self, client, one, accept_deletions) for one in wanted]

    def status(self, url: str | None = None) -> CodingStatus:
        """How far the coding is, here and on the server."""
        return coding_status(self, url)

    # candidate themes

    def mine(
        self, question: str, themes: str | int | None = None, guided: bool | None = None
    ) -> ThemeTables:
        """Find the candidate themes of a question and keep them in ``themes/<question>/``.

        ``themes``: auto, few, many or a number; study.toml's by default. ``guided``: start from the
        codebook's codes; by default where the study has a codebook. Themes that are the same as in
        the run before keep their ids and labels.
        """
        self.question(question)
        with self.locked():
            mine_question(self, question, themes, guided, self._progress)
        return self.themes(question)

    def stored(self, question: str) -> StoredThemes | None:
        """The candidate themes of the last run, as they are on disk; None before the first."""
        return read_themes(self.paths.themes(self.question(question)))

    def themes(self, question: str) -> ThemeTables:
        """The candidate themes of the last run, as tables. Raises InputError before the first."""
        stored = self.stored(question)
        if stored is None:
            raise InputError(
                Problem("themes.none", {"question": question}, file=self.paths.themes(question))
            )
        texts = {
            answer.answer_id: self.masked_texts()[answer.answer_id].masked
            for answer in self.answers(question)
        }
        return tables_of(stored, texts)

    def page(self) -> Path:
        """Write ``reports/themes.html`` from the themes of all questions that have been mined."""
        with running(self._progress, "page"):
            file = self.paths.reports / "themes.html"
            write_text(file, render(themes_page(self)))
        return file

    def bertopic(self, question: str) -> Any:
        """The last run's themes as a BERTopic model, so that its own tools work on them."""
        return topic_model(self, self.question(question))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the lock goes when its process does, however that ends."""
        from filelock import FileLock, Timeout

        file = self.paths.work / "lock"
        try:
            self.paths.work.mkdir(parents=True, exist_ok=True)
            with FileLock(file, timeout=0):
                yield
        except Timeout:
            raise InputError(Problem("cli.mine.locked", file=self.paths.root)) from None
        except PermissionError as error:
            raise InputError(
                Problem("files.not_writable", {"reason": error.strerror or ""}, file=file)
            ) from error
