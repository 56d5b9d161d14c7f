"""The closed questions of an export, as study.toml says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import number, ticked
from themecoder.survey.export import Export
from themecoder.survey.meaning.missing import is_missing, is_technical
from themecoder.survey.proposal.bases import Bases
from themecoder.survey.proposal.grouping import option_label
from themecoder.survey.proposal.ids import new_id, wording
from themecoder.survey.proposal.profile import OTHER_TEXT, Profile

_NO_CHANCE = 10
"""So many typed texts beside one and the same tick are there because of it."""


@dataclass(frozen=True, slots=True)
class ProposedClosed:
    """A closed question, with the keys that ``[[closed]]`` has."""

    id: str
    kind: str
    label: str
    columns: tuple[str, ...]
    asked: Expression | None
    n_asked: int
    n_answered: int
    values: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    separator: str = ""
    other: bool = False
    ticked: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def propose_closed(
    content: Sequence[Profile], bases: Bases, export: Export, taken: set[str]
) -> Iterator[ProposedClosed]:
    """Every closed question, in the order of the export."""
    members: dict[str, list[Profile]] = {}
    for profile in content:
        if profile.kind in ("option", "item"):
            members.setdefault(profile.group, []).append(profile)
    texts = [p for p in content if p.kind in ("other", "short") and not p.group]
    for profile in content:
        if profile.kind in ("option", "item"):
            if profile is members[profile.group][0]:
                yield _of_several(members[profile.group], texts, bases, export, taken)
        elif profile.kind in ("single", "number", "joined"):
            yield _of_one(profile, bases, export, taken)


def _of_one(profile: Profile, bases: Bases, export: Export, taken: set[str]) -> ProposedClosed:
    asked, n_asked, n_answered = _base([profile], bases, export)
    shared = (
        new_id(profile, taken),
        {"joined": "multiple"}.get(profile.kind, profile.kind),
        wording(profile) or profile.name,
        (profile.name,),
        asked,
        n_asked,
        n_answered,
    )
    if profile.kind == "joined":
        assert profile.joined is not None
        labels = profile.column.values
        order = dict.fromkeys([*labels, *profile.joined.options])
        options = {option: labels.get(option, option) for option in order}
        return ProposedClosed(
            *shared,
            options=options,
            separator=profile.joined.separator,
            other=profile.joined.others > 0,
        )
    if profile.kind == "number":
        return ProposedClosed(*shared)
    return ProposedClosed(*shared, values=_labelled(profile.values, [profile]))


def _of_several(
    members: Sequence[Profile],
    texts: Sequence[Profile],
    bases: Bases,
    export: Export,
    taken: set[str],
) -> ProposedClosed:
    first = members[0]
    declared = next((one for one in export.sets if one.name == first.group), None)
    text = (declared.label if declared else "") or _question_of(members)
    asked, n_asked, n_answered = _base(members, bases, export)
    base = (asked, n_asked, n_answered)
    name = new_id(first, taken)
    columns = tuple(p.name for p in members)
    if first.kind == "item":
        items = {p.name: option_label(p, text or first.group) for p in members}
        found = {cell for p in members for cell in p.cells if not is_technical(cell)}
        values = _labelled(_ordered(found, members), members)
        return ProposedClosed(
            name, "matrix", text or first.group, columns, *base, items=items, values=values
        )
    if declared is not None and declared.kind == "mentions":
        labels = {v: label for p in members for v, label in p.column.values.items()}
        return ProposedClosed(
            name,
            "multiple",
            text or first.group,
            columns,
            *base,
            mentions=columns,
            values=labels,
        )
    options = {p.name: option_label(p, text or first.group) for p in members}
    filled = _typed_options(members, texts, export)
    options |= {p.name: option_label(p, text or first.group) for p in filled}
    return ProposedClosed(
        name,
        "multiple",
        text or first.group,
        tuple(options),
        *base,
        options=options,
        ticked=(declared.counted,) if declared is not None and declared.counted else (),
        filled=tuple(p.name for p in filled),
    )


def _question_of(members: Sequence[Profile]) -> str:
    """The question above the options: the file's question, or what their wordings begin with."""
    first = members[0]
    labels = [p.column.label or p.name for p in members]
    if all(label.startswith(first.group) for label in labels) and " " in first.group:
        return first.group
    shared = "".join(
        letters[0]
        for letters in takewhile(lambda one: len(set(one)) == 1, zip(*labels, strict=False))
    )
    cut = max(shared.rfind(mark) for mark in (" - ", "? ", ": ", " [", " (", "?"))
    return shared[: cut + 1].rstrip(" -:[(").strip() if cut > 0 else first.group


def _typed_options(
    members: Sequence[Profile], others: Sequence[Profile], export: Export
) -> list[Profile]:
    """The other-texts of a question that stand for an option themselves: there is no tick beside
    what was typed."""
    found = []
    last = members[-1].position
    for profile in others:
        in_set = bool(profile.column.group) and profile.column.group == members[0].column.group
        if not in_set and not _is_part(profile, members, last):
            continue
        texts = export.frame[profile.name].tolist()
        own = np.array([bool(t) and not is_missing(t) for t in texts], dtype=bool)
        if not own.any():
            continue
        if not any(_is_text_of(profile, own, p, export) for p in members):
            found.append(profile)
    return found


def _is_text_of(
    text: Profile, filled: npt.NDArray[np.bool_], option: Profile, export: Export
) -> bool:
    """Whether a text is what was typed at an option: it is there only where that is ticked, and
    the option is called so, or that is no chance."""
    if (filled & ~_chosen(option, export)).sum() > 0.05 * filled.sum():
        return False
    named = text.name.startswith(option.name) or any(
        OTHER_TEXT.search(words.strip()) for words in (option.name, option.column.label)
    )
    return named or filled.sum() >= _NO_CHANCE


def _is_part(profile: Profile, members: Sequence[Profile], last: int) -> bool:
    """Whether a text right behind the options begins as they do."""
    stem = members[0].group
    return profile.position == last + 1 and profile.name.startswith(stem)


def _chosen(profile: Profile, export: Export) -> npt.NDArray[np.bool_]:
    cells = export.frame[profile.name].tolist()
    return np.array([bool(cell) and ticked(str(cell)) for cell in cells], dtype=bool)


def _labelled(values: Sequence[str], profiles: Sequence[Profile]) -> dict[str, str]:
    labels = {v: label for p in profiles for v, label in p.column.values.items()}
    return {value: labels.get(value, value) for value in values if not is_technical(value)}


def _ordered(found: set[str], members: Sequence[Profile]) -> list[str]:
    """Numbers by size, else as the file's labels have them, else text."""
    if all(number(value) is not None for value in found):
        return sorted(found, key=lambda value: number(value) or 0)
    declared = dict.fromkeys(v for p in members for v in p.column.values if v in found)
    return [*declared, *sorted(found - set(declared))]


def _base(
    members: Sequence[Profile], bases: Bases, export: Export
) -> tuple[Expression | None, int, int]:
    of_each = [p.filled for p in members]
    if export.format == "redcap" and members[0].kind == "option":
        # a box that nobody was shown is a 0 there, too: who ticked any is all that can be seen
        of_each = [_chosen(p, export) for p in members]
    filled = np.any(of_each, axis=0) & bases.included
    asked = bases.asked_closed(members[0].position, filled)
    n_asked = 0
    if asked is not None and isinstance(asked.root, nodes.All):
        n_asked = int(bases.included.sum())
    elif asked is not None:
        n_asked = int((asked.evaluate(export.frame) & bases.included).sum())
    return asked, n_asked, int(filled.sum())
