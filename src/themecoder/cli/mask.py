"""``themecoder mask``: answers without what tells who someone is, and a person's check of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from themecoder.console import (
    ClusterOption,
    JsonOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.masking.model import KINDS, LEVELS
from themecoder.masking.review import (
    MaskInContext,
    Reply,
    WholeAnswer,
    contexts,
    missed_contexts,
)
from themecoder.masking.steps import MaskStep, mask_words, undo_words
from themecoder.messages import lookup, message
from themecoder.workspace.cluster import computing_on
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import (
    AnswerToCheck,
    answers_to_check,
    review_masks,
    take_back_mask_step,
    take_mask_step,
    write_masked,
)

if TYPE_CHECKING:
    from rich.text import Text


def mask(
    study: StudyOption = Path(),
    csv: Annotated[Path | None, typer.Option("--csv")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    every: Annotated[bool, typer.Option("--all")] = False,
    list_all: Annotated[bool, typer.Option("--list")] = False,
    add: Annotated[str | None, typer.Option("--add")] = None,
    kind: Annotated[str, typer.Option("--kind")] = "name",
    undo: Annotated[str | None, typer.Option("--undo")] = None,
    back: Annotated[bool, typer.Option("--back")] = False,
    level: Annotated[str | None, typer.Option("--level")] = None,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mask names, places, institutions and numbers; check the masks and keep the decisions."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        if level is not None:
            opened.mask_at_level(_known_level(level))
        _mask_on(opened, cluster)
        if add is not None:
            opened, step = take_mask_step(
                opened,
                lambda now: mask_words(now.masked_texts(), now.mask_decisions(), add, kind),
            )
            _print_step(step, language, as_json)
        if undo is not None:
            opened, step = take_mask_step(
                opened, lambda now: undo_words(now.masked_texts(), now.mask_decisions(), undo)
            )
            _print_step(step, language, as_json)
        if back:
            opened, taken = take_back_mask_step(opened)
            if taken is not None:
                _print_step(taken.reverse, language, as_json)
        if check and not list_all and sys.stdin.isatty():
            prompt = _Prompt(language)
            decided = review_masks(opened, prompt, prompt.whole if every else None)
            typer.echo(message("masking.check.kept", language, n=decided))
        masked = opened.masked_texts()
        stale = opened.stale_decisions()
        if csv is not None:
            write_masked(opened, csv)
        in_context = list(contexts(masked, opened.mask_decisions()))
        answers = answers_to_check(opened)
        if as_json:
            print_json(
                {
                    "answers": len(masked),
                    "masks": len(in_context),
                    "with_masks": sum(bool(text.masks) for text in masked.values()),
                    "possibly_missed": sum(len(one.missed) for one in answers),
                    "stale_decisions": [
                        {
                            "answer_id": entry.decision.answer_id,
                            "start": entry.decision.start,
                            "reason": entry.reason,
                        }
                        for entry in stale
                    ],
                }
            )
            return
        if list_all or (check and not sys.stdin.isatty()):
            _print_list(answers, in_context, every, language)
        typer.echo(
            message(
                "masking.summary",
                language,
                answers=len(masked),
                masks=len(in_context),
                touched=sum(bool(text.masks) for text in masked.values()),
            )
        )
        if missed := sum(len(one.missed) for one in answers):
            typer.echo(message("masking.check.may_be_missed", language, n=missed))
        if csv is not None:
            typer.echo(message("masking.written", language, file=csv))
        for entry in stale:
            decision = entry.decision
            span = {"start": decision.start, "end": decision.end}
            key = f"masking.stale.{entry.reason}"
            typer.echo(message(key, language, answer=decision.answer_id, **span), err=True)


def _mask_on(opened: StudyFolder, cluster: str | None) -> None:
    """Find all masks on the workers of ``cluster``; they are kept, and nothing is left to do."""
    if cluster is not None:
        with computing_on(opened, cluster):
            opened.found_masks()


def _known_level(level: str) -> str:
    if level not in LEVELS:
        refused = {"found": level, "expected": ", ".join(LEVELS)}
        raise InputError(Problem("masking.unknown_level", refused))
    return level


def _print_list(
    answers: Sequence[AnswerToCheck],
    in_context: Sequence[MaskInContext],
    every: bool,
    language: str,
) -> None:
    """Masks, and words that may have been missed, of the answers with most to doubt first; where
    ``every`` is, the answers without any too."""
    items: dict[str, list[MaskInContext]] = {}
    missed = {one.answer_id: one.missed for one in answers}
    texts = {one.answer_id: one.text for one in answers}
    for item in (*in_context, *missed_contexts(texts, missed)):
        items.setdefault(item.answer_id, []).append(item)
    rows: list[tuple[str, str, str, str, str, str | None]] = []
    for one in answers:
        own = sorted(items.get(one.answer_id, ()), key=lambda item: item.mask.start)
        rows += [
            (
                item.answer_id,
                item.before,
                item.mask.text,
                item.after,
                f"{_kind(item, language)} ({_why(item, language)})",
                item.decision,
            )
            for item in own
        ]
        if every and not own:
            rows.append((one.answer_id, one.text.original, "", "", "", None))
    print_table(message("masking.check.header", language).split("|"), rows)


def _print_step(step: MaskStep, language: str, as_json: bool) -> None:
    """In how many places words are masked now, and in how many no longer."""
    masked = sum(one.decision != "undo" for one in step.put)
    undone = max(len(step.put) - masked, len(step.drop) - masked if not step.put else 0)
    typer.echo(message("masking.check.step", language, masked=masked, undone=undone), err=as_json)


class _Prompt:
    """Asks at the terminal; one key per mask, and Enter alone accepts."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, item: MaskInContext) -> Reply:
        from rich.text import Text

        line = Text(f"{item.answer_id}  ", style="dim")
        line.append("…" + _one_line(item.before), style="")
        style = "bold underline" if item.missed else "bold reverse"
        line.append(_one_line(item.mask.text), style=style)
        line.append(_one_line(item.after) + "…", style="")
        line.append(f"   {_kind(item, self.language)} ({_why(item, self.language)})", style="dim")
        self._show(line, item.equals)
        if item.missed:
            # Enter alone is no reply here: what was missed is not passed unseen
            choice = self._key("missed_", ("mask", "accept", "skip", "each", "back", "stop"), "")
            return Reply(choice, kind=self._kind_of() if choice == "mask" else "other")
        # Enter alone accepts: most masks are right
        choice = self._key("", ("accept", "undo", "add", "skip", "each", "back", "stop"), "accept")
        return self._added(item.answer) if choice == "add" else Reply(choice)

    def whole(self, answer: WholeAnswer) -> Reply:
        from rich.text import Text

        line = Text(f"{answer.answer_id}  ", style="dim")
        line.append(_one_line(answer.answer), style="")
        self._show(line, answer.equals)
        choice = self._key("answer_", ("accept", "add", "back", "stop"), "accept")
        return self._added(answer.answer) if choice == "add" else Reply(choice)

    def _show(self, line: Text, equals: int) -> None:
        from rich.console import Console

        if equals > 1:
            line.append(f"  {equals} ×", style="bold")
        Console(highlight=False).print(line)

    def _key(self, about: str, choices: Sequence[str], on_enter: str) -> str:
        keys = message(f"masking.check.{about}keys", self.language).split("|")
        default = keys[choices.index(on_enter)] if on_enter else ""
        asked = message(f"masking.check.{about}ask", self.language)
        key = None
        while key not in keys:
            key = typer.prompt(asked, default=default, show_default=False).strip().lower()
        return choices[keys.index(key)]

    def _added(self, answer: str) -> Reply:
        missed = ""
        while not missed.strip() or missed not in answer:
            missed = typer.prompt(message("masking.check.missed", self.language))
        return Reply("add", missed, self._kind_of())

    def _kind_of(self) -> str:
        kinds = {message(f"masking.kind.{kind}", self.language): kind for kind in KINDS}
        asked = message("masking.check.kind", self.language, kinds=", ".join(kinds))
        kind = ""
        while kind not in KINDS:
            said = typer.prompt(asked)
            kind = kinds.get(said.strip().lower(), said)
        return kind


def _one_line(text: str) -> str:
    return text.replace("\n", " ⏎ ")


def _kind(item: MaskInContext, language: str) -> str:
    if item.missed:
        return message("masking.check.possibly", language)
    return message(f"masking.kind.{item.mask.kind}", language)


def _why(item: MaskInContext, language: str) -> str:
    """What found the mask, in words; a rule's own name where there are none."""
    room = item.mask.rule.partition(".")[0]
    return lookup(f"masking.why.{room}", language) or item.mask.rule
