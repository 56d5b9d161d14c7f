"""A proposal as a commented study.toml, in the language of the person who will correct it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

from themecoder.messages import message
from themecoder.survey.proposal.propose import ProposedAttribute, ProposedQuestion, StudyProposal

NO_COLUMN = "?"  # no export has it, so that reading it says what to fill in


def write_study_toml(
    proposal: StudyProposal, language: str = "nl", *, file: str | None = None
) -> str:
    """The text of a study.toml that ``load_study`` takes, with comments in ``language``.

    ``file`` is the export's path as study.toml should name it (from the study's folder, with /);
    the bare file name where it is None. An export without open questions gives a question that has
    to be filled in.
    """
    return "\n".join(_lines(proposal, language, file or proposal.source)) + "\n"


def _lines(proposal: StudyProposal, language: str, file: str) -> Iterator[str]:
    comment = _Comments(language)
    yield from comment("head", source=proposal.source, rows=proposal.n_rows)
    yield ""
    yield f"id = {_toml(proposal.study_id)}"
    yield f"title = {_toml(proposal.study_id)}"
    yield f"language = {_toml(language)}"
    yield from ("seed = 1", "")
    yield from _survey(proposal, comment, file)
    yield from comment("questions")
    if not proposal.questions:
        yield from comment("no_questions")
        yield from ("[[questions]]", 'id = "v1"', f"column = {_toml(NO_COLUMN)}", "")
    for question in proposal.questions:
        yield from _question(question, comment)
    for kind in ("short", "other", "joined"):
        names = [name for name, column_kind in proposal.kinds.items() if column_kind == kind]
        if names:
            yield from comment(f"{kind}_texts", columns=", ".join(names))
            yield ""
    yield from comment("attributes")
    for attribute in proposal.attributes:
        yield from _attribute(attribute)
    if proposal.multiple:
        yield from comment("multiple")
    for multiple in proposal.multiple:
        yield from (
            "[[multiple]]",
            f"id = {_toml(multiple.id)}",
            f"label = {_toml(multiple.label)}",
        )
        yield f"columns = [{', '.join(_toml(column) for column in multiple.columns)}]"
        yield ""
    yield from comment("codebook", folder=f"codebooks/{proposal.study_id}/")
    yield from ("[codebook]", f"id = {_toml(proposal.study_id)}", "")
    yield from comment("mining")
    yield from ("[mining]", 'themes = "auto"', "")
    yield from comment("masking")
    yield from ("[masking]", "allow = []", "forbid = []", "")
    yield from comment("coding")
    yield from ("[coding]", "coders = []", "blind_share = 0.2", "")
    yield from comment("report")
    yield from ("[report]", "smallest_cell = 5")


class _Comments:
    """Comment lines from the catalogue, in one language, no wider than a screen."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, name: str, **params: object) -> Iterator[str]:
        # names of columns come from the file: control characters may not stand in a comment
        clean = {
            key: "".join(c if c.isprintable() else " " for c in value)
            if isinstance(value, str)
            else value
            for key, value in params.items()
        }
        for line in message(f"proposal.{name}", self._language, **clean).splitlines():
            for part in textwrap.wrap(line, 96, break_long_words=False) or [""]:
                yield f"# {part}".rstrip()


def _survey(proposal: StudyProposal, comment: _Comments, file: str) -> Iterator[str]:
    yield from ("[survey]", f"file = {_toml(file)}")
    details = ", ".join(f"{name}: {value}" for name, value in sorted(proposal.details.items()))
    yield from comment(
        "read_as", format=proposal.format, details=f" ({details})" if details else ""
    )
    yield from comment("id" if proposal.id else "no_id")
    yield f"id = {_toml(proposal.id or NO_COLUMN)}"
    yield from comment("include", included=proposal.n_included, rows=proposal.n_rows)
    yield from (f"include = {_toml(str(proposal.include))}", "")


def _question(question: ProposedQuestion, comment: _Comments) -> Iterator[str]:
    yield from (
        "[[questions]]",
        f"id = {_toml(question.id)}",
        f"column = {_toml(question.column)}",
    )
    if question.text:
        yield f"text = {_toml(question.text)}"
    counts = {"asked": question.n_asked, "answered": question.n_answered}
    yield from comment("asked" if question.asked else "asked_unknown", **counts)
    yield from (f"asked = {_toml(str(question.asked or 'all'))}", "")


def _attribute(attribute: ProposedAttribute) -> Iterator[str]:
    yield from ("[[attributes]]", f"id = {_toml(attribute.id)}")
    yield f"column = {_toml(attribute.column)}"
    yield f"label = {_toml(attribute.label)}"
    if attribute.bands:
        yield f"bands = {list(attribute.bands)}"
    else:
        yield "[attributes.values]"
        for value, label in attribute.values.items():
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", value)
            yield f"{value if bare else _toml(value)} = {_toml(label)}"
    yield ""


def _toml(value: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for delete, which JSON leaves bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
