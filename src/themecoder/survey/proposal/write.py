"""A proposal as a commented study.toml, in the language of the person who will correct it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from themecoder.expressions import Expression
from themecoder.messages import message
from themecoder.settings.model import ROW_ID
from themecoder.settings.toml_text import toml_key, toml_value
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
    comment = Comments(language)
    yield from comment("head", source=proposal.source, rows=proposal.n_rows)
    yield ""
    yield f"id = {toml_value(proposal.study_id)}"
    yield f"title = {toml_value(proposal.study_id)}"
    yield from comment("language", languages=", ".join(LANGUAGES))
    yield f"language = {toml_value(proposal.language)}"
    yield from ("seed = 1", "")
    yield from _survey(proposal, comment, file, sha256, questionnaire)
    yield from comment("questions")
    if not proposal.questions:
        yield from comment("no_questions")
        yield from ("# [[questions]]", '# id = "q1"', '# column = "…"', "")
    for question in proposal.questions:
        yield from question_lines(question, comment)
    for kind in ("short", "other", "copy"):
        names = [name for name, column_kind in proposal.kinds.items() if column_kind == kind]
        if names:
            yield from comment(f"{kind}_texts", columns=", ".join(names))
            yield ""
    yield from comment("attributes")
    for attribute in proposal.attributes:
        yield from attribute_lines(attribute)
    if proposal.closed:
        yield from comment("closed")
    for closed in proposal.closed:
        yield from closed_lines(closed, comment)
    yield from comment("codebook", folder=f"codebooks/{proposal.study_id}/")
    yield from ("[codebook]", f"id = {toml_value(proposal.study_id)}", "")
    yield from comment("mining")
    yield from ("[mining]", 'themes = "auto"', "")
    yield from comment("masking")
    yield from ("[masking]", "allow = []", "forbid = []", "")
    yield from comment("coding")
    yield from ("[coding]", "coders = []", "blind_share = 0.2", "")
    yield from comment("report")
    yield from ("[report]", "smallest_cell = 5")


class Comments:
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
    proposal: StudyProposal, comment: Comments, file: str, sha256: str, questionnaire: str
) -> Iterator[str]:
    yield from ("[survey]", f"file = {toml_value(file)}")
    details = ", ".join(f"{name}: {value}" for name, value in sorted(proposal.details.items()))
    yield from comment(
        "read_as", format=proposal.format, details=f" ({details})" if details else ""
    )
    yield from comment("id" if proposal.id else "no_id")
    yield f"id = {toml_value(proposal.id or ROW_ID)}"
    if not proposal.id and sha256:
        yield f"sha256 = {toml_value(sha256)}"
    for name, cells in proposal.unclear.items():
        yield from comment("unclear", column=name, values=", ".join(cells[:5]))
    if proposal.unclear:
        yield '# decimal = ","'
    if proposal.markup:
        yield from comment("markup", n=proposal.markup)
        yield "clean_text = true"
    if questionnaire:
        yield f"questionnaire = {toml_value(questionnaire)}"
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
    yield from (f"include = {toml_value(str(proposal.include))}", "")


def closed_lines(closed: ProposedClosed, comment: Comments) -> Iterator[str]:
    """A ``[[closed]]`` table of study.toml."""
    yield from ("[[closed]]", f"id = {toml_value(closed.id)}", f"kind = {toml_value(closed.kind)}")
    by_column = closed.kind == "multiple" and not closed.separator
    in_one = closed.kind in ("single", "number") or bool(closed.separator)
    if in_one and closed.columns[0] != closed.id:
        yield f"column = {toml_value(closed.columns[0])}"
    if closed.label != closed.id:
        yield f"text = {toml_value(closed.label)}"
    yield from comment(
        "closed_asked" if closed.asked is not None else "closed_unknown",
        asked=closed.n_asked,
        answered=closed.n_answered,
    )
    yield f"asked = {toml_value(str(closed.asked or 'all'))}"
    if closed.separator:
        yield f"separator = {toml_value(closed.separator)}"
    if closed.other:
        yield f"other = {toml_value(comment.text('other'))}"
    if closed.mentions:
        yield f"mentions = {toml_value(closed.mentions)}"
    if closed.ticked and by_column:
        yield f"ticked = {toml_value(closed.ticked)}"
    if closed.filled:
        yield f"filled = {toml_value(closed.filled)}"
    for name in ("options", "items", "values"):
        labels = getattr(closed, name)
        if labels:
            yield f"[closed.{name}]"
            for value, label in labels.items():
                yield f"{toml_key(value)} = {toml_value(label)}"
    yield ""


def question_lines(question: ProposedQuestion, comment: Comments) -> Iterator[str]:
    """A ``[[questions]]`` table of study.toml."""
    yield from (
        "[[questions]]",
        f"id = {toml_value(question.id)}",
        f"column = {toml_value(question.column)}",
    )
    if question.language:
        yield f"language = {toml_value(question.language)}"
    if question.text:
        yield f"text = {toml_value(question.text)}"
    counts = {"asked": question.n_asked, "answered": question.n_answered}
    yield from comment("asked" if question.asked else "asked_unknown", **counts)
    yield from (f"asked = {toml_value(str(question.asked or 'all'))}", "")


def attribute_lines(attribute: ProposedAttribute) -> Iterator[str]:
    """An ``[[attributes]]`` table of study.toml."""
    yield from ("[[attributes]]", f"id = {toml_value(attribute.id)}")
    yield f"column = {toml_value(attribute.column)}"
    yield f"label = {toml_value(attribute.label)}"
    if attribute.bands:
        yield f"bands = {list(attribute.bands)}"
    else:
        yield "[attributes.values]"
        for value, label in attribute.values.items():
            yield f"{toml_key(value)} = {toml_value(label)}"
    yield ""
