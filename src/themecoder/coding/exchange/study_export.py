"""A study's coding written for other tools, and what each of them has no place for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.coding.exchange.beside import ALL
from themecoder.coding.exchange.formats.coding_csv import (
    CSV_HOLDS,
    MATRIX_HOLDS,
    coding_csv,
    coding_matrix,
)
from themecoder.coding.exchange.formats.label_studio_tasks import (
    TASKS_HOLD,
    label_studio_tasks,
    labelling_page,
)
from themecoder.coding.exchange.formats.people_workbook import WORKBOOK_HOLDS, people_workbook
from themecoder.coding.exchange.formats.refi_write import QDPX_HOLDS, write_qdpx
from themecoder.coding.exchange.outgoing import Outgoing, lost
from themecoder.coding.exchange.respondent_tables import coding_sav
from themecoder.coding.exchange.study_outgoing import outgoing
from themecoder.coding.read import source_for
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import write_together
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """``ending`` of its files, what of ``outgoing.PARTS`` it ``holds``, and what is written: the
    ending of each file beside the first -> its content. ``write`` is None for SPSS, which has a row
    per respondent."""

    ending: str
    holds: Collection[str]
    write: Callable[[Outgoing], Mapping[str, str | bytes]] | None


FORMATS: Mapping[str, ExportFormat] = {
    "xlsx": ExportFormat(".xlsx", WORKBOOK_HOLDS, lambda made: {"": people_workbook(made)}),
    "csv": ExportFormat(".csv", CSV_HOLDS, lambda made: {"": coding_csv(made)}),
    "matrix": ExportFormat(".csv", MATRIX_HOLDS, lambda made: {"": coding_matrix(made)}),
    "sav": ExportFormat(".sav", frozenset(("beside", "values")), None),
    "label-studio": ExportFormat(
        ".json",
        TASKS_HOLD,
        lambda made: {"": label_studio_tasks(made), "_page.xml": labelling_page(made)},
    ),
    "qdpx": ExportFormat(".qdpx", QDPX_HOLDS, lambda made: {"": write_qdpx(made)}),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``lost``: what the format has no place for -> how often it is there;
    ``stale``: quotes left behind, for their answers changed; ``unasked``: what is known of
    respondents, has a place in the format and was not asked for; ``internal``: whether the files
    are where those of single respondents belong."""

    format: str
    files: tuple[Path, ...]
    answers: int
    codings: int
    coders: tuple[str, ...]
    lost: Mapping[str, int]
    stale: int
    unasked: tuple[str, ...]
    internal: bool


def export_coding(
    study: StudyFolder,
    file: str,
    form: str | None = None,
    questions: Sequence[str] = (),
    source: str | None = None,
    with_columns: Sequence[str] = (),
) -> Exported:
    """Write the coding of ``questions`` (all) to ``file``: each coder's own, or that of ``source``.

    A bare name is a file in ``reports/internal/``, for it tells of single respondents. ``form``:
    one of ``FORMATS``, by the file's ending where it is None. ``with_columns``: attributes and
    closed questions beside the answers, or ``beside.ALL``; none unless it is said, for together
    they may tell who somebody is. SPSS has one coding per answer: that which is counted, unless
    ``source`` says otherwise. Raises InputError where the format is not
    known or nothing is coded.
    """
    name = _format_of(file, form)
    write = FORMATS[name].write
    chosen = source_for(study, source) if source or write is None else None
    made, stale = outgoing(study, questions, chosen, with_columns)
    if not made.codings:
        raise InputError(Problem("outgoing.nothing", file=study.paths.annotations))
    target = Path(file)
    internal = target.name == file
    if internal:
        target = study.paths.internal / file
    if write is not None:
        parts = write(made)
    else:
        whose = chosen or source_for(study)
        parts = {"": coding_sav(study, whose, tuple(made.questions), with_columns)}
    contents = {
        f"{target.stem}{ending}" if ending else target.name: content
        for ending, content in parts.items()
    }
    notice = {INTERNAL_NOTICE: internal_notice(made.language)} if internal else {}
    write_together(target.parent, contents | notice)
    return Exported(
        name,
        tuple(target.parent / one for one in contents),
        len(made.answers),
        len(made.codings),
        made.coders,
        lost(made, FORMATS[name].holds),
        stale,
        _unasked(study, name, with_columns),
        internal,
    )


def _unasked(study: StudyFolder, form: str, with_columns: Sequence[str]) -> tuple[str, ...]:
    """What a format has a place for, but nobody asked for."""
    if ALL in with_columns or "beside" not in FORMATS[form].holds:
        return ()
    known = [attribute.id for attribute in study.config.attributes]
    if FORMATS[form].write is None:
        known += [closed.id for closed in study.survey.closed]
    return tuple(name for name in dict.fromkeys(known) if name not in with_columns)


def _format_of(file: str, form: str | None) -> str:
    """The format that is asked for, else that of the file's ending."""
    ending = Path(file).suffix.lower()
    endings = {one.ending: name for name, one in reversed(list(FORMATS.items()))}
    found = form or endings.get(ending)
    if found is None or found not in FORMATS:
        params = {"found": form or ending or file, "known": ", ".join(FORMATS)}
        raise InputError(Problem("outgoing.format", params))
    if ending != FORMATS[found].ending:
        params = {"found": file, "ending": FORMATS[found].ending}
        raise InputError(Problem("outgoing.ending", params))
    return found
