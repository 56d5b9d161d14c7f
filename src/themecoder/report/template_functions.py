"""What a template can ask for: ``{{ n("privacy", "q18") }}`` is a number of the data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from themecoder.agreement.rows import AgreementRow
from themecoder.counts.count_rows import Count
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.errors import InputError
from themecoder.output.did_you_mean import did_you_mean
from themecoder.output.numbers import NO_NUMBER, number_text, percent_text, span_text
from themecoder.quotes.model import Quotes, SelectedQuote
from themecoder.report.plots import PlotFigure, bars, dots
from themecoder.report.template_errors import TemplateErrors

HIDDEN = "x"


@dataclass(frozen=True, slots=True)
class TemplateFunctions:
    """The functions of a template, which tell ``asked`` of what is not there.

    ``of_export``: (expression, base or None) -> n and base of them in the export.

    A count that is not shown is a problem, unless ``hidden`` says what to print in its place.
    """

    asked: TemplateErrors
    found_quotes: Quotes
    agreement: tuple[AgreementRow, ...]
    of_export: Callable[[str, str | None], tuple[int, int]]
    language: str
    decimals: int

    def functions(self) -> dict[str, Callable[..., object]]:
        """Name -> function, as templates call them."""
        mine = (
            self.n, self.base, self.pct, self.ci, self.weighted, self.rank, self.shown, self.label,
            self.figure, self.figure_n, self.quotes, self.alpha, self.alpha_ci, self.bars,
            self.groups,
        )  # fmt: skip
        return {one.__name__: self._called_rightly(one) for one in mine}

    def _called_rightly(self, function: Callable[..., object]) -> Callable[..., object]:
        """``function``, which tells where it is called with what it does not take. Names that a
        template has not are text here, which tells of them."""
        form = inspect.signature(function)

        def called(*given: object, **named: object) -> object:
            texts = [_plain(one) for one in given]
            more = {name: _plain(one) for name, one in named.items()}
            try:
                form.bind(*texts, **more)
            except TypeError:
                names = ", ".join(form.parameters)
                self.asked.tell("report.call", found=f"{function.__name__}({names})")
                return ""
            return function(*texts, **more)

        return called

    def n(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """Respondents with a code: 35."""
        row = self._shown(code, question, subgroup, hidden)
        return self._number(row.n) if row else hidden or HIDDEN

    def base(self, question: str = ALL_QUESTIONS, subgroup: str = ALL_RESPONDENTS) -> str:
        """Of how many respondents the percentages are."""
        found = self.asked.base(question, subgroup)
        return HIDDEN if found is None else self._number(found)

    def pct(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """A code's percentage: 7,3%. A dash where nobody is in the base."""
        row = self._shown(code, question, subgroup, hidden)
        if row is None or row.n is None:
            return hidden or HIDDEN
        return percent_text(row.n, row.base_n, self.decimals, self.language)

    def ci(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """The interval of a code's percentage: 5,3–10,0%."""
        row = self._shown(code, question, subgroup, hidden)
        if row is None:
            return hidden or HIDDEN
        if row.ci_low is None or row.ci_high is None:
            return NO_NUMBER
        return span_text(row.ci_low, row.ci_high, self.decimals, self.language) + "%"

    def weighted(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """A code's percentage by the study's weights."""
        if self.asked.counts.effective_base is None:
            self.asked.tell("report.no_weights")
        row = self._shown(code, question, subgroup, hidden)
        if row is None:
            return hidden or HIDDEN
        if row.weighted is None:
            return NO_NUMBER
        return number_text(row.weighted.percent, self.decimals, self.language) + "%"

    def rank(self, code: str, question: str = ALL_QUESTIONS, *, hidden: str | None = None) -> str:
        """A code's place among the codes, options or values of a question: 1 is the most."""
        row = self._shown(code, question, ALL_RESPONDENTS, hidden)
        if row is None or row.n is None:
            return hidden or HIDDEN
        others = self.asked.beside(row, list(self.found_quotes.labels))
        if any(other.suppressed == "guard" for other in others):
            # one that is hidden to guard another may be the larger
            if hidden is None:
                self.asked.tell_hidden(code, question)
            return hidden or HIDDEN
        return str(1 + sum(other.n > row.n for other in others if other.n is not None))

    def shown(
        self, code: str, question: str = ALL_QUESTIONS, subgroup: str = ALL_RESPONDENTS
    ) -> bool:
        """Whether a count may be shown: ``{% if shown("privacy", "q18") %}``."""
        row = self.asked.count(code, question, subgroup)
        return row is not None and row.suppressed is None

    def label(self, code: str, question: str = ALL_QUESTIONS) -> str:
        """What a reader sees for a code or an option."""
        self.asked.count(code, question, ALL_RESPONDENTS)
        return self.asked.label(code, question)

    def figure(
        self,
        expression: str,
        base: str | None = None,
        decimals: int | None = None,
        *,
        hidden: str | None = None,
    ) -> str:
        """The percentage of an expression over the closed questions: figure("q6_d", "q3=a"). Of the
        target group, or of ``base`` in the whole export, as a quoted figure has it."""
        found = self._of_export(expression, base, hidden)
        places = self.decimals if decimals is None else decimals
        return found if isinstance(found, str) else percent_text(*found, places, self.language)

    def figure_n(
        self, expression: str, base: str | None = None, *, hidden: str | None = None
    ) -> str:
        """How many respondents ``figure`` is about."""
        found = self._of_export(expression, base, hidden)
        return found if isinstance(found, str) else self._number(found[0])

    def quotes(self, code: str, most: int | None = None) -> tuple[SelectedQuote, ...]:
        """The chosen quotes of a code, each with before, quote and after."""
        known = self.found_quotes.labels
        if code not in known:
            self.asked.tell("report.code", found=code, near=did_you_mean(code, list(known)))
            return ()
        return self.found_quotes.of(code)[:most]

    def alpha(self, code: str = ALL_RESPONDENTS, question: str = ALL_RESPONDENTS) -> str:
        """Krippendorff's alpha of a code, or over sets of codes; a dash where undefined."""
        row = self._of_agreement(code, question)
        return HIDDEN if row is None else number_text(row.value, 2, self.language)

    def alpha_ci(self, code: str = ALL_RESPONDENTS, question: str = ALL_RESPONDENTS) -> str:
        """The interval of ``alpha``; a dash where there is none."""
        row = self._of_agreement(code, question)
        if row is None or row.ci_low is None or row.ci_high is None:
            return HIDDEN if row is None else NO_NUMBER
        return span_text(row.ci_low, row.ci_high, 2, self.language)

    def bars(
        self,
        codes: Sequence[str],
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        caption: str = "",
    ) -> PlotFigure | None:
        """A plot for ``picture``: the share of each code, as many as are named."""
        known = self.asked.labelled(codes, question, subgroup)
        if not known:
            return None
        return bars(
            self.asked.counts, known, self.asked.question(question), self.asked.group(subgroup),
            caption, self.language, self.decimals,
        )  # fmt: skip

    def groups(
        self,
        attribute: str,
        codes: Sequence[str],
        question: str = ALL_QUESTIONS,
        *,
        caption: str = "",
    ) -> PlotFigure | None:
        """A plot for ``picture``: the share of each code by the groups of an attribute."""
        counts = self.asked.counts
        names = list(
            dict.fromkeys(
                s.partition("=")[0] for s in counts.subgroup_labels if s != ALL_RESPONDENTS
            )
        )
        if attribute not in names:
            self.asked.tell(
                "report.attribute", found=attribute, near=did_you_mean(attribute, names)
            )
        known = self.asked.labelled(codes, question, ALL_RESPONDENTS)
        return dots(
            counts, known, self.asked.question(question), attribute, caption, self.language,
            self.decimals,
        )  # fmt: skip

    def _number(self, number: int | None) -> str:
        return number_text(number, 0, self.language)

    def _shown(self, code: str, question: str, subgroup: str, hidden: str | None) -> Count | None:
        """A count that may be shown; of another one is told, or ``hidden`` says what to print."""
        row = self.asked.count(code, question, subgroup)
        if row is None or row.suppressed is None:
            return row
        if hidden is None:
            self.asked.tell_hidden(code, question, subgroup)
        return None

    def _of_export(
        self, expression: str, base: str | None, hidden: str | None
    ) -> tuple[int, int] | str:
        try:
            n, of = self.of_export(expression, base)
        except InputError as error:
            for problem in error.problems:
                self.asked.tell(problem.key, **problem.params)
            return HIDDEN
        if n >= self.asked.counts.smallest:
            return n, of
        if hidden is None:
            self.asked.tell_hidden(expression, base or ALL_RESPONDENTS)
        return hidden or HIDDEN

    def _of_agreement(self, code: str, question: str) -> AgreementRow | None:
        name = "krippendorff_alpha_masi" if code == ALL_RESPONDENTS else "krippendorff_alpha"
        wanted = (question, ALL_RESPONDENTS, code, name)
        for row in self.agreement:
            if (row.question, row.coder_pair, row.code, row.coefficient) == wanted:
                return row
        self.asked.tell("report.alpha", code=code, question=question)
        return None


def _plain(given: object) -> object:
    if isinstance(given, (list, tuple)):
        return [str(one) for one in given]
    return given if given is None or isinstance(given, int) else str(given)
