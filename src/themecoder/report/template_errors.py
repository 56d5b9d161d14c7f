"""Look-ups of what a template names in the counts. What does not exist is kept with its line, so
that all mistakes of a template are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from themecoder.counts.count_rows import Count
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import ALL_QUESTIONS, Counts
from themecoder.errors import Problem
from themecoder.output.did_you_mean import did_you_mean


class TemplateErrors:
    """``line`` gives the line of the template that is being rendered; ``problems`` are the names
    that do not exist and the counts that may not be shown."""

    def __init__(
        self, counts: Counts, template: Path | str, line: Callable[[], int | None]
    ) -> None:
        self.counts, self.template, self.line = counts, template, line
        self.problems: list[Problem] = []
        self._rows = {(r.question, r.code, r.subgroup): r for r in counts.rows}
        # the codes of each question, and its groups, in their order
        self._codes: dict[str, dict[str, None]] = {}
        self._groups: dict[str, dict[str, None]] = {}
        for row in counts.rows:
            self._codes.setdefault(row.question, {})[row.code] = None
            self._groups.setdefault(row.question, {})[row.subgroup] = None
        # a group by its value, as the counts have it, or by its label
        self._by_label = {
            f"{subgroup.partition('=')[0]}={label.partition(': ')[2]}": subgroup
            for subgroup, label in counts.subgroup_labels.items()
            if subgroup != ALL_RESPONDENTS and not subgroup.endswith("=")
        }

    def keep(self, problem: Problem) -> None:
        """Keep a problem, once for each line where it occurs."""
        if problem not in self.problems:
            self.problems.append(problem)

    def tell(self, key: str, **params: object) -> None:
        """Keep a problem of the line that is being rendered."""
        self.keep(Problem(key, params, self.template, self.line()))

    def tell_hidden(self, *named: str) -> None:
        """Keep that the template names a count that may not be shown."""
        quoted = ", ".join(f'"{name}"' for name in named if name != ALL_RESPONDENTS)
        self.tell("report.hidden", found=quoted, smallest=self.counts.smallest)

    def question(self, question: str) -> str:
        """The id of a question; in a study of one open question, "all" questions are that one."""
        single = question == ALL_QUESTIONS and ALL_QUESTIONS not in self._codes
        return self.counts.bases[0].question if single else question

    def group(self, subgroup: str) -> str:
        """A group by its value or its label, as the counts have it."""
        known = subgroup in self.counts.subgroup_labels
        return subgroup if known else self._by_label.get(subgroup, subgroup)

    def count(self, code: str, question: str, subgroup: str) -> Count | None:
        """The count, or None with a problem kept where there is none."""
        known_question, group = self.question(question), self.group(subgroup)
        row = self._rows.get((known_question, code, group))
        if row is None:
            codes = list(self._codes.get(known_question, ()))
            if codes and code not in codes:
                self.tell("report.code", found=code, near=did_you_mean(code, codes))
            self._has_group(known_question, group)
        return row

    def base(self, question: str, subgroup: str) -> int | None:
        """The respondents that percentages are of; None with a problem kept as by ``count``."""
        known_question, group = self.question(question), self.group(subgroup)
        if not self._has_group(known_question, group):
            return None
        return next(
            r.base_n for (q, _, s), r in self._rows.items() if (q, s) == (known_question, group)
        )

    def coded(self, question: str, subgroup: str) -> int | None:
        """How many of the base are coded; None where there is no such number, with a problem kept
        where there is no such question or group."""
        known_question, group = self.question(question), self.group(subgroup)
        if not self._has_group(known_question, group):
            return None
        rows = self._rows.items()
        return next(r.coded_n for (q, _, s), r in rows if (q, s) == (known_question, group))

    def ranked_with(self, row: Count, themes: Sequence[str]) -> list[Count]:
        """The counts of themes, options or values that ``row`` is to be ranked with, and it."""
        place = (row.question, row.subgroup)
        rows_beside = [r for r in self._rows.values() if (r.question, r.subgroup) == place]
        if row.code in themes:
            return [other for other in rows_beside if other.code in themes]
        return [
            other
            for other in rows_beside
            if not _is_several_codes(other.code) and _item(other) == _item(row)
        ]

    def labelled(self, codes: Sequence[str], question: str, subgroup: str) -> list[tuple[str, str]]:
        """(code, label) of the codes that exist; for each other one a problem is kept."""
        names = [codes] if isinstance(codes, str) else list(codes)
        return [
            (code, self.label(code, question))
            for code in names
            if self.count(code, question, subgroup) is not None
        ]

    def label(self, code: str, question: str) -> str:
        """What a reader sees for a code or an option of a question that has it."""
        return self.counts.code_labels.get((self.question(question), code), code)

    def _has_group(self, question: str, subgroup: str) -> bool:
        groups = self._groups.get(question)
        if groups is None:
            self.tell(
                "report.question", found=question, near=did_you_mean(question, list(self._groups))
            )
        elif subgroup not in groups:
            known = [*self._by_label, *groups]
            self.tell("report.subgroup", found=subgroup, near=did_you_mean(subgroup, known))
        return groups is not None and subgroup in groups


def _is_several_codes(code: str) -> bool:
    """Whether a row is of several codes together."""
    return code == "any" or code.startswith("net:")


def _item(row: Count) -> str:
    """The item of a matrix that a row is about; empty of other questions."""
    return row.code.rpartition("=")[0]
