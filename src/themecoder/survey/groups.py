"""The groups of respondents that an attribute of study.toml makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from themecoder.expressions.cells import is_empty, number
from themecoder.settings.model import AttributeSettings
from themecoder.survey.export import Column

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one attribute.

    ``labels`` maps each group that has respondents to its label, in the order to show them;
    ``of`` maps a respondent to a group. Who has no value is in no group.
    """

    attribute: str
    label: str
    labels: Mapping[str, str]
    of: Mapping[str, str]

    def members(self, group: str) -> tuple[str, ...]:
        """The respondents of a group, in file order."""
        return tuple(respondent for respondent, group_id in self.of.items() if group_id == group)


def group(config: AttributeSettings, column: Column | None, frame: pandas.DataFrame) -> Groups:
    """The groups of an attribute among the respondents that index ``frame``.

    By value: in the order of study.toml's ``values``, then of the file's labels, then numbers by
    size, then text. By bands: [18, 25] gives <18, 18-24 and 25+; a cell without a number is in no
    band. By expressions: in their order; who fits several is in the first.
    """
    respondents = [str(name) for name in frame.index]
    group_of: dict[str, str] = {}
    labels: dict[str, str] = {}
    if config.groups:
        labels = {name: name for name in config.groups}
        for name, expression in config.groups.items():
            for respondent, holds in zip(respondents, expression.evaluate(frame), strict=True):
                if holds:
                    group_of.setdefault(respondent, name)
    else:
        cells = frame[config.column].tolist()
        known = zip(respondents, cells, strict=True)
        filled = {who: str(cell).strip() for who, cell in known if not is_empty(cell)}
        if config.bands:
            names = band_names(config.bands)
            labels = {name: name for name in names}
            for respondent, cell in filled.items():
                value = number(cell)
                if value is not None:
                    group_of[respondent] = names[sum(value >= bound for bound in config.bands)]
        else:
            group_of = filled
            declared = dict(column.values) if column else {}
            order = ordered_values(filled.values(), config.values, declared)
            labels = {value: value for value in order} | declared | config.values
    used = set(group_of.values())
    shown = {name: text for name, text in labels.items() if name in used}
    return Groups(config.id, config.label, shown, group_of)


def ordered_values(
    present: Iterable[str], listed: Iterable[str], declared: Iterable[str]
) -> list[str]:
    """The values of a question in the order to show them: as ``listed`` in study.toml, then as
    ``declared`` by the file, then numbers by size, then text.

    A scale of numbers of which the file labels some, such as its ends, is shown by size.
    """
    listed, declared, present = list(listed), list(declared), set(present)
    rest = sorted(present - set(listed), key=_by_size)
    if declared and not present <= set(declared) and None not in map(number, (*present, *declared)):
        ordered = sorted({*declared, *rest} - set(listed), key=_by_size)
    else:
        ordered = [*declared, *rest]
    return list(dict.fromkeys([*listed, *ordered]))


def _by_size(value: str) -> tuple[bool, float, str]:
    found = number(value)
    return found is None, found or 0, value


def band_names(bounds: tuple[float, ...]) -> list[str]:
    """Names of the bands that ``bounds`` cut, one more than there are bounds.

    Between whole numbers a band is named by its first and last whole number, 18-24; else by its
    bounds, the upper one left out, 1.5-<2.5.
    """
    whole = all(float(bound).is_integer() for bound in bounds)
    names = [f"<{bounds[0]:g}"]
    for low, high in pairwise(bounds):
        if not whole:
            names.append(f"{low:g}-<{high:g}")
        else:
            names.append(f"{low:g}" if high - low == 1 else f"{low:g}-{high - 1:g}")
    return [*names, f"{bounds[-1]:g}+"]
