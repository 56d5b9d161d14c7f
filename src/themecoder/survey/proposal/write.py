"""A proposal as a commented study.toml, in the language of the person who will correct it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from themecoder.expressions import Expression
from themecoder.messages import message
from themecoder.settings.model import ROW_ID
from themecoder.survey.proposal.closed import ProposedClosed
from themecoder.survey.proposal.languages import LANGUAGES
from themecoder.survey.proposal.propose import ProposedAttribute, ProposedQuestion, StudyProposal


def write_study_toml(
    proposal: StudyProposal,
    language: str = "nl",
    *,
    file: str | None = None,
    sha256: str = "",
    questionnaire: str = "",
) -> str:
    """The text of a study.toml that ``load_study`` takes, with comments in ``language``.

    ``file`` is the export's path as study.toml should name it (from the study's folder, with /);
    the bare file name where it is None. ``sha256``: that of the export, whose rows are the ids
    where no column has any. ``questionnaire``: the path of the file that named the questions.
    """
    lines = _lines(proposal, language, file or proposal.source, sha256, questionnaire)
    return "\n".join(lines) + "\n"


def _lines(
    proposal: StudyProposal, language: str, file: str, sha256: str, questionnaire: str
) -> Iterator[str]:
    comment = _Comments(language)
    yield from comment("head", source=proposal.source, rows=proposal.n_rows)
    yield ""
    yield f"id = {_toml(proposal.study_id)}"
    yield f"title = {_toml(proposal.study_id)}"
    yield from comment("language", languages=", ".join(LANGUAGES))
    yield f"language = {_toml(proposal.language)}"
    yield from ("seed = 1", "")
    yield from _survey(proposal, comment, file, sha256, questionnaire)
    yield from comment("questions")
    if not proposal.questions:
        yield from comment("no_questions")
        yield from ("# [[questions]]", '# id = "q1"', '# column = "…"', "")
    for question in proposal.questions:
        yield from _question(question, comment)
    for kind in ("short", "other", "copy"):
        names = [name for name, column_kind in proposal.kinds.items() if column_kind == kind]
        if names:
            yield from comment(f"{kind}_texts", columns=", ".join(names))
            yield ""
    yield from comment("attributes")
    for attribute in proposal.attributes:
        yield from _attribute(attribute)
    if proposal.closed:
        yield from comment("closed")
    for closed in proposal.closed:
        yield from _closed(closed, comment)
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

    def text(self, name: str) -> str:
        """A word of the catalogue that becomes part of the study."""
        return message(f"proposal.{name}", self._language)

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


def _survey(
    proposal: StudyProposal, comment: _Comments, file: str, sha256: str, questionnaire: str
) -> Iterator[str]:
    yield from ("[survey]", f"file = {_toml(file)}")
    details = ", ".join(f"{name}: {value}" for name, value in sorted(proposal.details.items()))
    yield from comment(
        "read_as", format=proposal.format, details=f" ({details})" if details else ""
    )
    yield from comment("id" if proposal.id else "no_id")
    yield f"id = {_toml(proposal.id or ROW_ID)}"
    if not proposal.id and sha256:
        yield f"sha256 = {_toml(sha256)}"
    for name, cells in proposal.unclear.items():
        yield from comment("unclear", column=name, values=", ".join(cells[:5]))
    if proposal.unclear:
        yield '# decimal = ","'
    if proposal.markup:
        yield from comment("markup", n=proposal.markup)
        yield "clean_text = true"
    if questionnaire:
        yield f"questionnaire = {_toml(questionnaire)}"
    for told in proposal.rows_told:
        expression = str(Expression(told.keep)) if told.keep is not None else ""
        yield from comment(
            f"rows_{told.reason}",
            n=told.n,
            column=told.column,
            values=", ".join(told.values),
            expression=expression,
        )
    yield from comment("include", included=proposal.n_included, rows=proposal.n_rows)
    yield from (f"include = {_toml(str(proposal.include))}", "")


def _closed(closed: ProposedClosed, comment: _Comments) -> Iterator[str]:
    yield from ("[[closed]]", f"id = {_toml(closed.id)}", f"kind = {_toml(closed.kind)}")
    by_column = closed.kind == "multiple" and not closed.separator
    in_one = closed.kind in ("single", "number") or bool(closed.separator)
    if in_one and closed.columns[0] != closed.id:
        yield f"column = {_toml(closed.columns[0])}"
    if closed.label != closed.id:
        yield f"text = {_toml(closed.label)}"
    yield from comment(
        "closed_asked" if closed.asked is not None else "closed_unknown",
        asked=closed.n_asked,
        answered=closed.n_answered,
    )
    yield f"asked = {_toml(str(closed.asked or 'all'))}"
    if closed.separator:
        yield f"separator = {_toml(closed.separator)}"
    if closed.other:
        yield f"other = {_toml(comment.text('other'))}"
    if closed.mentions:
        yield f"mentions = {_list(closed.mentions)}"
    if closed.ticked and by_column:
        yield f"ticked = {_list(closed.ticked)}"
    if closed.filled:
        yield f"filled = {_list(closed.filled)}"
    for name in ("options", "items", "values"):
        labels = getattr(closed, name)
        if labels:
            yield f"[closed.{name}]"
            for value, label in labels.items():
                yield f"{_key(value)} = {_toml(label)}"
    yield ""


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_toml, values))}]"


def _key(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z0-9_-]+", value) else _toml(value)


def _question(question: ProposedQuestion, comment: _Comments) -> Iterator[str]:
    yield from (
        "[[questions]]",
        f"id = {_toml(question.id)}",
        f"column = {_toml(question.column)}",
    )
    if question.language:
        yield f"language = {_toml(question.language)}"
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
            yield f"{_key(value)} = {_toml(label)}"
    yield ""


def _toml(value: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for delete, which JSON leaves bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
