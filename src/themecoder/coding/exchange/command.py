"""``themecoder coding``: coding from other tools and people, and back to them."""

from __future__ import annotations

import typer

from themecoder.coding.exchange.export_command import export
from themecoder.coding.exchange.import_command import import_coding
from themecoder.coding.exchange.sheet_command import sheet

coding = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
coding.command("import")(import_coding)
coding.command()(export)
coding.command()(sheet)
