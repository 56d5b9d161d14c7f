"""Which attributes of a quoted respondent may be shown without pointing to a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from themecoder.quotes.model import ShownAttribute
from themecoder.survey.groups import Groups


@dataclass(frozen=True, slots=True)
class AttributeDisclosure:
    """Shows attributes only as far as enough people share them.

    ``attributes``: the most important first. ``named``: attributes whose name is shown too, since
    their groups do not speak for themselves (25-34). ``asked``: question -> the respondents who
    were asked it. ``smallest``: fewer people than this may not be pointed at. ``unseen``: the
    counts (question, code, subgroup) that are not shown: a quote with the subgroup would tell that
    somebody is in it.
    """

    attributes: Sequence[Groups]
    named: frozenset[str]
    asked: Mapping[str, Sequence[str]]
    smallest: int
    unseen: Collection[tuple[str, str, str]] = ()
    _alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, respondent: str, question: str, code: str) -> tuple[ShownAttribute, ...]:
        """The attributes of a respondent that at least ``smallest`` of those asked share.

        The last attributes are dropped until that holds. An attribute for which the respondent has
        no value is left out.
        """
        own = [
            (groups, groups.of[respondent]) for groups in self.attributes if respondent in groups.of
        ]
        alike = [self._sharing(question, own[:n]) for n in range(len(own) + 1)]
        enough = max((n for n, many in enumerate(alike) if many >= self.smallest), default=0)
        return tuple(
            ShownAttribute(groups.attribute, groups.labels[group], self._text(groups, group))
            for groups, group in own[:enough]
            if (question, code, f"{groups.attribute}={group}") not in self.unseen
        )

    def _sharing(self, question: str, told: Sequence[tuple[Groups, str]]) -> int:
        """How many of those asked are in all these groups."""
        key = (question, tuple(groups.attribute for groups, _ in told), tuple(g for _, g in told))
        if key not in self._alike:
            self._alike[key] = sum(
                all(groups.of.get(who) == group for groups, group in told)
                for who in self.asked[question]
            )
        return self._alike[key]

    def _text(self, attribute: Groups, group: str) -> str:
        label = attribute.labels[group]
        return f"{attribute.label} {label}" if attribute.attribute in self.named else label
