"""How to read a file of coding, where it should not be found out, and which names the study has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

EMPTY = ("unseen", "no_code")
ROWS = ("answer", "code")


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says of a file; empty or None = found out from it.

    ``columns``: heading -> what stands below it, as ``--column codes=Thema`` says; see
    ``headings.stated``. ``question``: that of answers that name none. ``separator`` between the
    codes in a cell. ``empty``: what an answer without codes says, one of ``EMPTY``. ``rows``:
    whether a row is all of an answer or one code of it, one of ``ROWS``. ``sheets``: only these;
    ``heading``: the row with the names of the columns.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    separator: str = ""
    empty: str = "unseen"
    rows: str = ""
    sheets: tuple[str, ...] = ()
    heading: int | None = None


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names in a study that tell what stands in a file; empty without a study.

    ``codes``: names of codes of the codebook, ids, labels and numbers; ``coders``: their ids and
    addresses; ``questions``: the id, the column and the wording of a question -> its id;
    ``respondents``: their ids, and ``respondent`` the survey's column of them; ``columns``: all
    columns of the survey. ``is_answer``: whether a text is an answer to an open question, but for
    white space and case.
    """

    codes: frozenset[str] = frozenset()
    coders: frozenset[str] = frozenset()
    questions: Mapping[str, str] = field(default_factory=dict)
    respondents: frozenset[str] = frozenset()
    respondent: str = ""
    columns: frozenset[str] = frozenset()
    is_answer: Callable[[str], bool] | None = None
