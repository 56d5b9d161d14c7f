"""``themecoder codebook``: look at the codebook, change its draft, release it, exchange it."""

from __future__ import annotations

import typer

from themecoder.cli.codebook.adoption import adopt, discard
from themecoder.cli.codebook.change import (
    add,
    memo,
    merge,
    move,
    redefine,
    release,
    rename,
    retire,
    split,
    take_back_change,
)
from themecoder.cli.codebook.exchange import export_codebook, import_codebook
from themecoder.cli.codebook.look import check, diff, log, show
from themecoder.cli.codebook.whatif import whatif

codebook = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
_LOOK = (check, show, diff, log)
_CHANGE = (add, rename, redefine, memo, merge, split, retire, move, release)
for command in (*_LOOK, *_CHANGE, adopt, discard):
    codebook.command()(command)
codebook.command("take-back")(take_back_change)
codebook.command("export")(export_codebook)
codebook.command("import")(import_codebook)
codebook.add_typer(whatif, name="whatif")
