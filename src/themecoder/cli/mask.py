"""``themecoder mask``: answers without what tells who someone is, and a person's check of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import (
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
from themecoder.masking.review import MaskInContext, Reply, contexts
from themecoder.masking.steps import MaskStep, mask_words, undo_words
from themecoder.messages import lookup, message
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import (
    review_masks,
    take_back_mask_step,
    take_mask_step,
    write_masked,
)


def mask(
    study: StudyOption = Path(),
    csv: Annotated[Path | None, typer.Option("--csv")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    list_all: Annotated[bool, typer.Option("--list")] = False,
    add: Annotated[str | None, typer.Option("--add")] = None,
    kind: Annotated[str, typer.Option("--kind")] = "name",
    undo: Annotated[str | None, typer.Option("--undo")] = None,
    back: Annotated[bool, typer.Option("--back")] = False,
    level: Annotated[str | None, typer.Option("--level")] = None,
    as_json: JsonOption = False,
) -> None:
    """Mask names, places, institutions and numbers; check the masks and keep the decisions."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        if level is not None:
            if level not in LEVELS:
                refused = {"found": level, "expected": ", ".join(LEVELS)}
                raise InputError(Problem("masking.unknown_level", refused))
            opened.mask_at_level(level)
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
            decided = review_masks(opened, _Prompt(language))
            typer.echo(message("masking.check.kept", language, n=decided))
        masked = opened.masked_texts()
        stale = opened.stale_decisions()
        if csv is not None:
            write_masked(opened, csv)
        in_context = list(contexts(masked, opened.mask_decisions()))
        if as_json:
            print_json(
                {
                    "answers": len(masked),
                    "masks": len(in_context),
                    "with_masks": sum(bool(text.masks) for text in masked.values()),
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
            print_table(
                message("masking.check.header", language).split("|"),
                [
                    (
                        item.answer_id,
                        item.before,
                        item.mask.text,
                        item.after,
                        f"{_kind(item, language)} ({_why(item, language)})",
                        item.decision,
                    )
                    for item in in_context
                ],
            )
        typer.echo(
            message(
                "masking.summary",
                language,
                answers=len(masked),
                masks=len(in_context),
                touched=sum(bool(text.masks) for text in masked.values()),
            )
        )
        if csv is not None:
            typer.echo(message("masking.written", language, file=csv))
        for entry in stale:
            decision = entry.decision
            span = {"start": decision.start, "end": decision.end}
            key = f"masking.stale.{entry.reason}"
            typer.echo(message(key, language, answer=decision.answer_id, **span), err=True)


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
        from rich.console import Console
        from rich.text import Text

        console = Console(highlight=False)
        line = Text(f"{item.answer_id}  ", style="dim")
        line.append("…" + item.before.replace("\n", " ⏎ "), style="")
        line.append(item.mask.text.replace("\n", " ⏎ "), style="bold reverse")
        line.append(item.after.replace("\n", " ⏎ ") + "…", style="")
        kind, why = _kind(item, self.language), _why(item, self.language)
        line.append(f"   {kind} ({why})", style="dim")
        if item.equals > 1:
            line.append(f"  {item.equals} ×", style="bold")
        console.print(line)
        keys = message("masking.check.keys", self.language).split("|")
        choices = ("accept", "undo", "add", "skip", "each", "back", "stop")
        key = ""
        while key not in keys:
            asked = message("masking.check.ask", self.language)
            # Enter alone accepts: most masks are right
            key = typer.prompt(asked, default=keys[0], show_default=False).strip().lower()
        choice = choices[keys.index(key)]
        if choice != "add":
            return Reply(choice)
        kinds = {message(f"masking.kind.{kind}", self.language): kind for kind in KINDS}
        missed = kind = ""
        while not missed.strip() or missed not in item.answer:
            missed = typer.prompt(message("masking.check.missed", self.language))
        while kind not in KINDS:
            said = typer.prompt(
                message("masking.check.kind", self.language, kinds=", ".join(kinds))
            )
            kind = kinds.get(said.strip().lower(), said)
        return Reply("add", missed, kind)


def _kind(item: MaskInContext, language: str) -> str:
    return message(f"masking.kind.{item.mask.kind}", language)


def _why(item: MaskInContext, language: str) -> str:
    """What found the mask, in words; a rule's own name where there are none."""
    room = item.mask.rule.partition(".")[0]
    return lookup(f"masking.why.{room}", language) or item.mask.rule
