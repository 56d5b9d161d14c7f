"""``Study``: the public face: a study folder, and all that can be asked of it, in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from themecoder.adjudication import study_adjudication as adjudication
from themecoder.adjudication.label_studio import project as adjudication_project
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.study_agreement import study_agreement, write_agreement
from themecoder.codebook.html.page import write_codebook_page
from themecoder.codebook.model import Codebook
from themecoder.coding import read
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.exchange.study_exchange import CodingExchange
from themecoder.coding.label_studio.pull import Pulled
from themecoder.coding.label_studio.push import Pushed
from themecoder.coding.label_studio.status import CodingStatus, coding_status
from themecoder.coding.label_studio.sync import pull_questions, push_questions
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.source import CodingSource
from themecoder.coding.study_migration import Migrated, migrate_study
from themecoder.compare.revisions import at_revision
from themecoder.compare.state_differences import StateDifferences, state_differences
from themecoder.counts.ppi.study_ppi import PpiShares
from themecoder.counts.result import Counts
from themecoder.counts.study_counts import study_counts, write_counts
from themecoder.counts.study_trend import study_trend
from themecoder.counts.trend import WaveChange
from themecoder.figures.drafts.model import MatchedNumber
from themecoder.figures.study_check import CheckedReport, check_draft_of, check_study, write_check
from themecoder.masking.review import MaskInContext, Reply
from themecoder.next_step.model import NextStep
from themecoder.next_step.way import next_step
from themecoder.priorities.claims import Standing
from themecoder.priorities.study_claims import study_claims
from themecoder.priorities.study_order import NEXT, plan_next
from themecoder.quotes.chosen import revise_choices
from themecoder.quotes.model import Quotes
from themecoder.quotes.study_quotes import study_quotes, write_quotes
from themecoder.report.drawn import Drawn, plot_of
from themecoder.report.manifest import Changed, changed_since
from themecoder.report.write import new_templates, write_report
from themecoder.run.steps import Step, run_study
from themecoder.survey.data_frame import write_data_frame
from themecoder.survey.init_study import init_study
from themecoder.themes.corpus import Corpus, build_corpus
from themecoder.themes.html.content import write_themes_page
from themecoder.themes.mine import mine_question, study_topic_model
from themecoder.themes.store import StoredThemes, stored_themes
from themecoder.themes.study_steps import ThemeWork
from themecoder.themes.tables import ThemeTables, theme_tables
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import review_masks, write_masked

if TYPE_CHECKING:
    import pandas


class Study(StudyFolder):
    """A study opened from its folder. What is read or computed once is kept for the session.

    >>> from themecoder import Study
    >>> study = Study.open(".")
    >>> themes = study.mine("q18")       # pandas tables: themes.themes, themes.assignments
    """

    @classmethod
    def init(
        cls,
        export: str | Path | pandas.DataFrame,
        folder: str | Path = ".",
        *,
        language: str = "nl",
        force: bool = False,
    ) -> Study:
        """A new study in ``folder`` from a survey export: a file, or a DataFrame, which is kept as
        ``data/export.csv``. Read and correct the study.toml that it proposes. InputError where one
        is there, unless ``force``, which keeps the old one as study.toml.bak."""
        root = Path(folder)
        if not isinstance(export, (str, Path)):
            export = write_data_frame(export, root, force=force)
        init_study(Path(export), root, language=language, force=force)
        return cls.open(root)

    def review_masks(self, ask: Callable[[MaskInContext], Reply]) -> int:
        """Put every undecided mask before a person and keep each decision; returns how many."""
        return review_masks(self, ask)

    def write_masked(self, file: Path) -> None:
        """Write ``answer_id, masked`` for every answer, as CSV that no spreadsheet runs."""
        write_masked(self, file)

    @property
    def corpus(self) -> Corpus:
        """The answers with content of all questions, masked, cut into segments and embedded."""
        return self.once(build_corpus)

    def mine(
        self, question: str, themes: str | int | None = None, guided: bool | None = None
    ) -> ThemeTables:
        """Find the candidate themes of a question and keep them in ``themes/<question>/``; see
        ``themes.mine``. ``themes``: auto, few, many or a number. ``guided``: start from the codes.
        """
        return mine_question(self, question, themes, guided)

    def themes(self, question: str) -> ThemeTables:
        """The candidate themes of the last run, as tables. Raises InputError before the first."""
        return theme_tables(self, question)

    def stored_themes(self, question: str) -> StoredThemes | None:
        """The candidate themes of the last run, as they are on disk; None before the first."""
        return stored_themes(self, question)

    def write_themes_page(self) -> Path:
        """Write ``reports/themes.html`` from the themes of all questions that have been mined."""
        return write_themes_page(self)

    def bertopic(self, question: str) -> Any:
        """The last run's themes as a BERTopic model, so that its own tools work on them."""
        return study_topic_model(self, self.question(question))

    @property
    def theme_work(self) -> ThemeWork:
        """What a person does with themes: merge, split, name, adopt …, step by step, with undo."""
        return ThemeWork(self)

    # The codebook and the coding.

    def codebook_page(self, book: Codebook) -> Path:
        """Write ``reports/codebook.html``: ``book`` as a page for coders to print."""
        return write_codebook_page(self.codebooks, book, self.paths)

    def migrate(self, to: str | None = None, apply: bool = False) -> Migrated:
        """Carry all coding to a codebook version; writes, after a copy, only with ``apply``."""
        with self.locked():
            return migrate_study(self, to, apply)

    def plan(
        self,
        double: float | None = None,
        blind: float | None = None,
        contentless: bool = False,
        by: str | None = None,
        n: int = NEXT,
        recheck: int = 0,
    ) -> tuple[Planned, ...]:
        """Plan who codes what and keep it in ``annotations/plan.csv``; see ``plan_next``."""
        return plan_next(self, double, blind, contentless, by, n, recheck).plan.rows

    def claims(self) -> tuple[Standing, ...]:
        """How the report's claims on codes stand: settled, or what would settle them."""
        return study_claims(self).standings

    def push(
        self,
        questions: Sequence[str] = (),
        url: str | None = None,
        insecure: bool = False,
        remove_orphans: bool = False,
        first: int | None = None,
    ) -> list[Pushed]:
        """Send what is planned and not there to Label Studio; ``insecure``: by http to anywhere;
        ``remove_orphans``: take away what the plan does not know, where nobody worked on it;
        ``first``: only the first so many tasks of each coder."""
        return push_questions(self, questions, url, insecure, remove_orphans, first)

    def pull(
        self,
        questions: Sequence[str] = (),
        url: str | None = None,
        accept_deletions: bool = False,
        insecure: bool = False,
        accept_changes: bool = False,
    ) -> list[Pulled]:
        """Take what coders made in Label Studio into ``annotations/``."""
        return pull_questions(self, questions, url, accept_deletions, insecure, accept_changes)

    def status(self, url: str | None = None, insecure: bool = False) -> CodingStatus:
        """How far the coding is, here and on the server."""
        return coding_status(self, url, insecure)

    def disagreements(self, questions: Sequence[str] = ()) -> list[adjudication.Adjudication]:
        """Per question what the coders say of each answer, what is decided and what is open."""
        return adjudication.disagreements(self, questions)

    def disagreements_page(self, found: Sequence[adjudication.Adjudication], file: Path) -> None:
        """Write what is open of ``found`` as a page, masked and without the coders' names."""
        adjudication.write_disagreements_page(found, file)

    def accept(
        self, rules: Sequence[str], questions: Sequence[str] = ()
    ) -> adjudication.AdjudicationResult:
        """Decide by rule: unanimous, majority, single. A person's decision is never touched."""
        return adjudication.accept(self, rules, questions)

    def read_decisions(self, file: Path, by: str | None = None) -> adjudication.AdjudicationResult:
        """Take over a list that ``by``, or study.toml's adjudicator, filled in; whole or not."""
        return adjudication.read_decisions(self, file, by)

    def push_disagreements(
        self, questions: Sequence[str] = (), url: str | None = None, insecure: bool = False
    ) -> list[adjudication_project.PushedCases]:
        """Send what is open to a Label Studio project in which a person decides."""
        return adjudication_project.push_disagreements(self, questions, url, insecure)

    def pull_decisions(
        self, questions: Sequence[str] = (), url: str | None = None, insecure: bool = False
    ) -> list[adjudication_project.PulledDecisions]:
        """Take what was decided in Label Studio into ``annotations/adjudicated/``."""
        return adjudication_project.pull_judgements(self, questions, url, insecure)

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
    ) -> AgreementFindings:
        """How far the coders agree, on ``questions`` (all) and of ``coders`` (all).

        ``machine``: compare suggestions as if a coder's, the study's own (True) or those in a file,
        from score ``threshold``. ``width``: say how many answers must be coded twice for intervals
        of ``coefficient`` so wide. Intervals of what coders do differently and of what suggestions
        do rest on ``resamples`` draws of respondents.
        Raises InputError where nothing is coded or an argument makes no sense.
        """
        return study_agreement(
            self,
            _several(questions),
            _several(coders),
            machine=machine,
            threshold=threshold,
            width=width,
            coefficient=coefficient,
            resamples=resamples,
        )

    def write_agreement(self, found: AgreementFindings) -> list[Path]:
        """Write ``reports/agreement.csv`` and what goes with it; the files that now hold it."""
        return write_agreement(self, found)

    @property
    def exchange(self) -> CodingExchange:
        """Coding from and to other tools, and workbooks to code in."""
        return CodingExchange(self)

    # What is worked out of the coding.

    def source(self, wanted: str | None = None) -> CodingSource:
        """Whose coding is counted: ``wanted``, else study.toml's, else decided. ``ppi`` is none but
        an estimate: for ``check``, ``report`` and ``run``; its shares are ``ppi.shares``."""
        return read.source_for(self, wanted, ppi=True)

    def codings(self, question: str, source: CodingSource | str | None = None) -> dict[str, Coding]:
        """answer_id -> the coding that ``source`` has of it; see ``source``."""
        return read.codings(self, self.question(question), self._whose(source))

    def coded(self, question: str, source: CodingSource | str | None = None) -> CodedQuestion:
        """The respondents who were asked, and the codes that ``source`` gives them."""
        return read.coded(self, self.question(question), self._whose(source))

    def _whose(self, source: CodingSource | str | None) -> CodingSource:
        return source if isinstance(source, CodingSource) else read.source_for(self, source)

    def counts(
        self,
        questions: Sequence[str] = (),
        source: CodingSource | str | None = None,
        by: Sequence[str] | None = None,
        base: str | None = None,
    ) -> Counts:
        """The counts of ``questions`` (all, open and closed), by ``by`` (every attribute); one of
        them may be given as text.

        ``source``: see ``source``; ``base``: asked or content. Small counts are hidden, and what
        would give them away. Raises InputError for unknown names, weights, unreadable coding.
        """
        if isinstance(source, str):
            source = read.source_for(self, source, machine=True)
        return study_counts(self, _several(questions), source, _several(by), base)

    def plot(self, found: Counts, question: str, by: str | None = None) -> Drawn | None:
        """A plot of what is counted of a question, as the report has it; ``by`` an attribute: its
        groups side by side, None where too few may be shown. A notebook shows it; it has ``save``.
        """
        language, decimals = self.config.interface_language, self.config.counts.decimals
        return plot_of(found, question, by, language, decimals)

    def write_counts(self, found: Counts, formats: Sequence[str] = ("csv", "xlsx")) -> list[Path]:
        """Write ``reports/counts.*``: csv, xlsx, docx, tex, the 0/1 matrix, sav; the files."""
        return write_counts(self, found, formats)

    def trend(self, found: Counts, waves: str) -> list[WaveChange]:
        """How each share of ``found`` changed over ``waves``, an attribute that it is broken down
        by. Raises InputError where that has fewer than two groups."""
        return study_trend(found, waves)

    @property
    def ppi(self) -> PpiShares:
        """Estimated shares, from the machine's codes and the random part that people coded."""
        return PpiShares(self)

    def check(
        self,
        figures: Path | None = None,
        claims: Path | None = None,
        source: CodingSource | None = None,
    ) -> CheckedReport:
        """Rebuild the quoted figures and claims in ``reports/``, or in the files given.

        Figures are of all rows of the export; claims on codes rest on the coding of ``source``.
        Raises InputError with every row that can't be checked as it stands.
        """
        return check_study(self, figures, claims, source)

    def check_draft(self, draft: Path, found: CheckedReport) -> list[MatchedNumber]:
        """The numbers and words of quantity in a draft, tied to the figures and claims checked."""
        return check_draft_of(self, draft, found)

    def write_check(self, found: CheckedReport) -> Path:
        """Write ``reports/check.csv``, every figure and claim with its verdict."""
        return write_check(self, found)

    def quotes(
        self,
        codes: Sequence[str] = (),
        questions: Sequence[str] = (),
        source: CodingSource | None = None,
        per_code: int | None = None,
    ) -> Quotes:
        """The quotes of ``codes`` (all that say something), at most ``per_code`` of each, masked.

        First a person's choices in quotes.yaml, then coders' favourites, then as diverse as can be;
        never somebody twice for a code, never without consent. ``source`` as for counts.
        Raises InputError where there is no codebook, and with every problem in quotes.yaml.
        """
        return study_quotes(self, _several(codes), _several(questions), source, per_code)

    def write_quotes(
        self, found: Quotes, formats: Sequence[str] = (), everything: bool = False
    ) -> list[Path]:
        """Write ``reports/quotes.*``; with ``everything`` also the quotes that were not chosen."""
        return write_quotes(self, found, formats, everything)

    def choose_quotes(
        self,
        choose: Sequence[tuple[str, str]] = (),
        never: Sequence[tuple[str, str]] = (),
        forget: Sequence[tuple[str, str]] = (),
        source: CodingSource | None = None,
    ) -> bool:
        """Keep a person's choices, (code, answer_id) each, in quotes.yaml; whether it changed.
        ``answer_id@start-end`` is one of several. InputError with what can't be shown."""
        return revise_choices(self, choose, never, forget, source)

    def report(
        self,
        source: CodingSource | None = None,
        formats: Sequence[str] = ("html", "docx"),
        resamples: int = 1000,
        language: str | None = None,
        accept_partial: bool = False,
    ) -> list[Path]:
        """Write ``reports/report.*`` and its manifest, from the shipped templates or study.toml's.

        ``language``: nl or en, by default study.toml's; in another one it is ``report.en.*``. One
        changed by hand is kept. Raises InputError for what a template names and is not there, and
        for coded answers that are left out, unless ``accept_partial``.
        """
        return write_report(self, source, formats, resamples, language, accept_partial)

    def new_templates(self) -> list[Path]:
        """Put copies of the shipped templates into ``templates/``; never over one that is there."""
        return new_templates(self)

    def changed_since_report(self) -> list[Changed]:
        """What is not as it was when the report was made. Raises InputError without a report."""
        return changed_since(self)

    def run(
        self,
        source: CodingSource | None = None,
        resamples: int = 1000,
        again: bool = False,
        accept_partial: bool = False,
    ) -> Iterator[Step]:
        """Everything from the export to the report; yields each step as it ends. What is up to date
        stays, unless ``again``. Raises InputError where a step fails, see ``report`` too."""
        return run_study(self, source, resamples, again, accept_partial)

    def next_step(self) -> NextStep:
        """What comes next on the way from the export to the report, and the command for it."""
        return next_step(self.paths.root)

    def diff(
        self,
        before: str = "HEAD",
        after: str | None = None,
        *,
        source: str | None = None,
        questions: Sequence[str] = (),
    ) -> StateDifferences:
        """Which counts differ between two revisions in git, which answers did it, and why.

        ``after`` None: the folder as it is now. Counted by ``source``, else by what each counts by
        itself; of ``questions`` (all). Nothing is written. InputError for what can't be read.
        """
        return state_differences(self, before, after, source, questions)

    @contextmanager
    def at_revision(self, revision: str) -> Iterator[Study]:
        """This study as it was at a revision in git, as long as the block lasts.
        >>> with study.at_revision("HEAD~3") as before:
        ...     before.coded("q18", before.source())
        """
        with at_revision(self, revision) as state:
            yield Study(state.study.paths.root, state.study.config, self.progress)


@overload
def _several(names: Sequence[str]) -> Sequence[str]: ...
@overload
def _several(names: Sequence[str] | None) -> Sequence[str] | None: ...
def _several(names: Sequence[str] | None) -> Sequence[str] | None:
    """``names``; one name alone is a sequence of letters otherwise."""
    return (names,) if isinstance(names, str) else names
