"""The functions of a template: ``{{ n("privacy", "q18") }}`` is a number of the data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from themecoder.agreement.rows import AgreementRow
from themecoder.counts.count_rows import Count, size_of
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
    """The functions of a template, which put what does not exist into ``errors``.

    ``count_in_export``: (expression, base or None) -> n and base of them in the export.

    A count that is not shown is a problem, unless ``hidden`` says what to print in its place.
    """

    errors: TemplateErrors
    chosen_quotes: Quotes
    agreement: tuple[AgreementRow, ...]
    count_in_export: Callable[[str, str | None], tuple[int, int]]
    language: str
    decimals: int

    def functions(self) -> dict[str, Callable[..., object]]:
        """Name -> function, as templates call them."""
        counts = (self.n, self.base, self.pct, self.ci, self.weighted, self.rank, self.shown)
        others = (self.label, self.figure, self.figure_n, self.quotes, self.alpha, self.alpha_ci)
        functions = (*counts, self.coded_n, self.worth_n, *others, self.bars, self.groups)
        return {function.__name__: self._checked_call(function) for function in functions}

    def _checked_call(self, function: Callable[..., object]) -> Callable[..., object]:
        """``function`` with a problem kept where it is called with arguments that it does not take.

        Arguments become plain text first, which keeps a problem for a name that does not exist.
        """
        signature = inspect.signature(function)

        def called(*given: object, **by_name: object) -> object:
            texts = [_plain(value) for value in given]
            texts_by_name = {name: _plain(value) for name, value in by_name.items()}
            try:
                signature.bind(*texts, **texts_by_name)
            except TypeError:
                names = ", ".join(signature.parameters)
                self.errors.tell("report.call", found=f"{function.__name__}({names})")
                return ""
            return function(*texts, **texts_by_name)

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
        row = self._count_if_shown(code, question, subgroup, hidden)
        if row and row.n is None:
            self.errors.tell("report.no_n", code=code)
        return self._number(row.n) if row else hidden or HIDDEN

    def base(self, question: str = ALL_QUESTIONS, subgroup: str = ALL_RESPONDENTS) -> str:
        """Of how many respondents the percentages are."""
        size = self.errors.base(question, subgroup)
        return HIDDEN if size is None else self._number(size)

    def pct(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """A code's percentage: 7,3%. A dash where nobody is in the base, or nobody is coded."""
        row = self._count_if_shown(code, question, subgroup, hidden)
        if row is None:
            return hidden or HIDDEN
        if row.percent is None:
            return NO_NUMBER
        return number_text(row.percent, self.decimals, self.language) + "%"

    def ci(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """The interval of a code's percentage: 5,3–10,0%."""
        row = self._count_if_shown(code, question, subgroup, hidden)
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
        if self.errors.counts.effective_base is None:
            self.errors.tell("report.no_weights")
        row = self._count_if_shown(code, question, subgroup, hidden)
        if row is None:
            return hidden or HIDDEN
        if row.weighted is None:
            return NO_NUMBER
        return number_text(row.weighted.percent, self.decimals, self.language) + "%"

    def rank(self, code: str, question: str = ALL_QUESTIONS, *, hidden: str | None = None) -> str:
        """A code's place among the codes, options or values of a question: 1 is the most."""
        row = self._count_if_shown(code, question, ALL_RESPONDENTS, hidden)
        if row is None:
            return hidden or HIDDEN
        others = self.errors.ranked_with(row, list(self.chosen_quotes.labels))
        if any(other.suppressed == "guard" for other in others):
            # a count that is hidden to protect another one may be the larger
            if hidden is None:
                self.errors.tell_hidden(code, question)
            return hidden or HIDDEN
        return str(1 + sum(size_of(other) > size_of(row) for other in others))

    def coded_n(self, question: str = ALL_QUESTIONS, subgroup: str = ALL_RESPONDENTS) -> str:
        """Of the base, those who gave an answer with content that is coded."""
        size = self.errors.coded(question, subgroup)
        return HIDDEN if size is None else self._number(size)

    def worth_n(
        self,
        code: str,
        question: str = ALL_QUESTIONS,
        subgroup: str = ALL_RESPONDENTS,
        *,
        hidden: str | None = None,
    ) -> str:
        """Of an estimate from machine codes, how many human codings it is worth."""
        if self.errors.counts.estimate is None:
            self.errors.tell("report.no_estimate")
        row = self._count_if_shown(code, question, subgroup, hidden)
        return number_text(row.worth_n, 0, self.language) if row else hidden or HIDDEN

    def shown(
        self, code: str, question: str = ALL_QUESTIONS, subgroup: str = ALL_RESPONDENTS
    ) -> bool:
        """Whether a count may be shown: ``{% if shown("privacy", "q18") %}``."""
        row = self.errors.count(code, question, subgroup)
        return row is not None and row.suppressed is None

    def label(self, code: str, question: str = ALL_QUESTIONS) -> str:
        """What a reader sees for a code or an option."""
        self.errors.count(code, question, ALL_RESPONDENTS)
        return self.errors.label(code, question)

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
        counted = self._count_of_export(expression, base, hidden)
        places = self.decimals if decimals is None else decimals
        return (
            counted if isinstance(counted, str) else percent_text(*counted, places, self.language)
        )

    def figure_n(
        self, expression: str, base: str | None = None, *, hidden: str | None = None
    ) -> str:
        """How many respondents ``figure`` is about."""
        counted = self._count_of_export(expression, base, hidden)
        return counted if isinstance(counted, str) else self._number(counted[0])

    def quotes(self, code: str, most: int | None = None) -> tuple[SelectedQuote, ...]:
        """The chosen quotes of a code, each with before, quote and after."""
        known = self.chosen_quotes.labels
        if code not in known:
            self.errors.tell("report.code", found=code, near=did_you_mean(code, list(known)))
            return ()
        return self.chosen_quotes.of(code)[:most]

    def alpha(self, code: str = ALL_RESPONDENTS, question: str = ALL_RESPONDENTS) -> str:
        """Krippendorff's alpha of a code, or over sets of codes; a dash where undefined."""
        row = self._agreement_row(code, question)
        return HIDDEN if row is None else number_text(row.value, 2, self.language)

    def alpha_ci(self, code: str = ALL_RESPONDENTS, question: str = ALL_RESPONDENTS) -> str:
        """The interval of ``alpha``; a dash where there is none."""
        row = self._agreement_row(code, question)
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
        known = self.errors.labelled(codes, question, subgroup)
        if not known:
            return None
        counts, group = self.errors.counts, self.errors.group(subgroup)
        question = self.errors.question(question)
        return bars(counts, known, question, group, caption, self.language, self.decimals)

    def groups(
        self,
        attribute: str,
        codes: Sequence[str],
        question: str = ALL_QUESTIONS,
        *,
        caption: str = "",
    ) -> PlotFigure | None:
        """A plot for ``picture``: the share of each code by the groups of an attribute."""
        counts = self.errors.counts
        names = list(
            dict.fromkeys(
                s.partition("=")[0] for s in counts.subgroup_labels if s != ALL_RESPONDENTS
            )
        )
        if attribute not in names:
            self.errors.tell(
                "report.attribute", found=attribute, near=did_you_mean(attribute, names)
            )
        known = self.errors.labelled(codes, question, ALL_RESPONDENTS)
        question = self.errors.question(question)
        return dots(counts, known, question, attribute, caption, self.language, self.decimals)

    def _number(self, number: int | None) -> str:
        return number_text(number, 0, self.language)

    def _count_if_shown(
        self, code: str, question: str, subgroup: str, hidden: str | None
    ) -> Count | None:
        """The count if it may be shown; for another one a problem is kept, unless ``hidden`` is
        given, which is printed in its place."""
        row = self.errors.count(code, question, subgroup)
        if row is None or row.suppressed is None:
            return row
        if hidden is None:
            self.errors.tell_hidden(code, question, subgroup)
        return None

    def _count_of_export(
        self, expression: str, base: str | None, hidden: str | None
    ) -> tuple[int, int] | str:
        try:
            n, base_n = self.count_in_export(expression, base)
        except InputError as error:
            for problem in error.problems:
                self.errors.tell(problem.key, **problem.params)
            return HIDDEN
        if n >= self.errors.counts.smallest:
            return n, base_n
        if hidden is None:
            self.errors.tell_hidden(expression, base or ALL_RESPONDENTS)
        return hidden or HIDDEN

    def _agreement_row(self, code: str, question: str) -> AgreementRow | None:
        name = "krippendorff_alpha_masi" if code == ALL_RESPONDENTS else "krippendorff_alpha"
        key = (question, ALL_RESPONDENTS, code, name)
        for row in self.agreement:
            if (row.question, row.coder_pair, row.code, row.coefficient) == key:
                return row
        self.errors.tell("report.alpha", code=code, question=question)
        return None


def _plain(given: object) -> object:
    if isinstance(given, (list, tuple)):
        return [str(value) for value in given]
    return given if given is None or isinstance(given, int) else str(given)
