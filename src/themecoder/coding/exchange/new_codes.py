"""What the codebook lacks of another tool's coding, into its draft: codes, a project's memo."""

from __future__ import annotations

from dataclasses import replace

from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import edit_codebook
from themecoder.codebook.edits import add
from themecoder.codebook.memo import read_memo
from themecoder.codebook.model import Code
from themecoder.codebook.origins import fresh_id
from themecoder.coding.exchange.code_mapping import NEW, CodeMatch
from themecoder.coding.exchange.study_import import CodingImport, write_mapping
from themecoder.workspace.folder import StudyFolder


def add_new_codes(study: StudyFolder, planned: CodingImport, why: str) -> tuple[Code, ...]:
    """Add to the draft what is not known and resembles nothing, or what the mapping says is new;
    the mapping then names the new codes. Returns them, in the order of the mapping. The memo of a
    project goes into a draft that has none.

    What resembles a code is left to a person, who says in the mapping which it is, or ``new``.
    """
    known = {code.name: code for code in planned.foreign.codes}
    memo = planned.foreign.memo
    made: dict[str, Code] = {}

    def with_codes(draft: Draft) -> Draft:
        for match in planned.matches:
            if not _is_new(match):
                continue
            taken = [code.id for code in draft.book.codes]
            label = match.label or " ".join(match.name.split())
            foreign = known.get(match.name)
            code = Code(
                fresh_id(label, taken),
                label,
                color=foreign.color if foreign else "",
                **(read_memo(foreign.memo)[0] if foreign else {}),
            )
            draft = add(draft, code, why)
            made[match.name] = code
        return draft if draft.book.memo else replace(draft, book=replace(draft.book, memo=memo))

    anything_new = any(map(_is_new, planned.matches))
    if anything_new or memo:
        edit_codebook(study.codebooks, with_codes)
    if anything_new:
        matches = tuple(
            replace(match, code=made[match.name].id, how=NEW) if match.name in made else match
            for match in planned.matches
        )
        write_mapping(replace(planned, matches=matches))
    return tuple(made.values())


def _is_new(match: CodeMatch) -> bool:
    return match.code == NEW or not (match.code or match.proposed)
