"""Changes and differences in words, in the language of who reads them."""

from __future__ import annotations

from themecoder.codebook.changes import Change, Merge, Move, Redefine, Rename, Split
from themecoder.codebook.diff import MEANING, CodeDifference, diff
from themecoder.codebook.model import Codebook
from themecoder.messages import message


def in_words(change: Change, book: Codebook, language: str) -> str:
    """A typed change as one sentence, with its why."""

    def label(code: str) -> str:
        known = book.find(code)
        return f"{code} ({known.label})" if known else code

    params: dict[str, str] = {}
    kind = change.kind
    match change:
        case Merge():
            params = {"codes": ", ".join(map(label, change.codes)), "into": label(change.into)}
        case Split():
            params = {"code": label(change.code), "into": ", ".join(map(label, change.into))}
        case Rename():
            params = {"code": change.code, "before": change.before, "after": change.after}
        case Move():
            places = (change.from_parent, change.before), (change.to_parent, change.after)
            before, after = (label(parent) if parent else group for parent, group in places)
            params = {"code": label(change.code), "before": before, "after": after}
            if change.to_parent:
                kind = "move_below"
            elif change.from_parent:
                kind = "move_out"
        case Redefine():
            params = {"code": label(change.code)}
            kind = "redefine" if change.recode else "reword"
        case _:
            params = {"code": label(change.code)}
    return message(f"codebook.change.{kind}", language, why=change.why, **params)


def difference_in_words(differing: CodeDifference, language: str) -> str:
    """A difference as one sentence, without the code's id."""
    fixed = ("added", "gone", "retired", "revived", "merged", "split", "reordered")
    key = differing.what if differing.what in fixed else "field"
    params = {"before": differing.before or "-", "after": differing.after or "-"}
    if key == "field":
        params["field"] = message(f"codebook.field.{differing.what}", language)
    text = message(f"codebook.difference.{key}", language, **params)
    return f"{text} ({differing.why})" if differing.why else text


def changelog(book: Codebook, base: Codebook | None) -> str:
    """The lines of a release: its typed changes, then what else differs from the version before."""
    language = book.language
    if base is None:
        counts = {"codes": len(book.usable), "groups": len(book.groups)}
        return "- " + message("codebook.changelog.first", language, **counts)
    # what typed changes tell already, and the order, which is no change of content
    told = ("added", "retired", "merged", "split", "label", "group", "parent", "reordered")
    typed = {*told, *MEANING}
    lines = [in_words(change, book, language) for change in book.changes]
    for differing in diff(base, book, book.changes):
        if differing.group or differing.what not in typed:
            name = differing.code or differing.group
            lines.append(f"{name}: {difference_in_words(differing, language)}")
    return "\n".join(f"- {line}" for line in lines)
