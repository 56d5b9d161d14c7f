"""What differs between two versions of a codebook, code by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.changes import Change, Merge, Split, concerned
from themecoder.codebook.model import Code, Codebook

TEXTS = (
    *("label", "group", "parent", "definition", "include", "exclude"),
    *("color", "hotkey", "number", "memo"),
)
FIELDS = (*TEXTS, "exclusive", "questions", "examples", "scale", "values")
MEANING = ("definition", "include", "exclude", "exclusive", "scale", "values")
"""What a code covers: a change of one of these is a redefinition."""


@dataclass(frozen=True, slots=True)
class CodeDifference:
    """One difference of one code (of one group: ``code`` is then empty and ``group`` its id).

    ``what``: added, gone, retired, revived, merged, split, reordered, or the field that differs.
    ``before`` and ``after`` are texts as a person reads them; for merged and split ``after`` holds
    the ids of the codes that take over. ``why``: of the typed changes that say so.
    """

    code: str
    what: str
    before: str = ""
    after: str = ""
    why: str = ""
    group: str = ""


def diff(
    before: Codebook, after: Codebook, changes: Sequence[Change] = ()
) -> tuple[CodeDifference, ...]:
    """The differences from ``before`` to ``after``; ``changes`` all typed changes on the way."""
    differences: list[CodeDifference] = []
    olds = {code.id: code for code in before.codes}
    news = {code.id: code for code in after.codes}
    for code in after.codes:
        if code.id not in olds:
            differences.append(
                CodeDifference(
                    code.id, "added", after=code.label, why=_reasons(changes, code.id, "add")
                )
            )
        else:
            differences += _code_differences(olds[code.id], code, changes)
    differences += [
        CodeDifference(code.id, "gone", before=code.label)
        for code in before.codes
        if code.id not in news
    ]
    differences += _group_differences(before, after)
    both = [code.id for code in after.codes if code.id in olds]
    if both != [code.id for code in before.codes if code.id in news]:
        differences.append(CodeDifference("", "reordered"))
    return tuple(differences)


def _code_differences(old: Code, new: Code, changes: Sequence[Change]) -> list[CodeDifference]:
    differences = []
    if new.retired and not old.retired:
        for change in changes:
            if isinstance(change, Merge) and new.id in change.codes:
                differences.append(
                    CodeDifference(new.id, "merged", old.label, change.into, why=change.why)
                )
            elif isinstance(change, Split) and new.id == change.code:
                into = ", ".join(change.into)
                differences.append(CodeDifference(new.id, "split", old.label, into, why=change.why))
        if not differences:
            why = _reasons(changes, new.id, "retire")
            differences.append(CodeDifference(new.id, "retired", before=old.label, why=why))
    elif old.retired and not new.retired:
        differences.append(CodeDifference(new.id, "revived", after=new.label))
    kinds = {
        "label": "rename",
        **dict.fromkeys(("group", "parent"), "move"),
        **dict.fromkeys(MEANING, "redefine"),
    }
    for name in FIELDS:
        # below another code the group is that of the top, and follows it
        if getattr(old, name) != getattr(new, name) and not (name == "group" and new.parent):
            why = _reasons(changes, new.id, kinds[name]) if name in kinds else ""
            differences.append(
                CodeDifference(new.id, name, shown(old, name), shown(new, name), why=why)
            )
    return differences


def _group_differences(before: Codebook, after: Codebook) -> list[CodeDifference]:
    olds = {group.id: group.label for group in before.groups}
    news = {group.id: group.label for group in after.groups}
    changed = [
        CodeDifference(
            "", "label" if group in olds else "added", olds.get(group, ""), label, "", group
        )
        for group, label in news.items()
        if olds.get(group) != label
    ]
    gone = [
        CodeDifference("", "gone", before=label, group=group)
        for group, label in olds.items()
        if group not in news
    ]
    return changed + gone


def shown(code: Code, name: str) -> str:
    """A field of a code as one line of text."""
    value = getattr(code, name)
    if name == "examples":
        return " / ".join(f"{e.text}{' (±)' if e.borderline else ''}" for e in value)
    if name == "values":
        return " / ".join(f"{one.id} {one.label}" for one in value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _reasons(changes: Sequence[Change], code: str, kind: str) -> str:
    whys = [change.why for change in changes if change.kind == kind and code in concerned(change)]
    return "; ".join(dict.fromkeys(whys))
