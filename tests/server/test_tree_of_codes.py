"""Codes below codes on the real server: a coder sees the tree, and the coding comes back by id."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_moves import begin, button
from playwright.sync_api import Page, expect
from real_server import Server, make_study, opened, project_of

from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import code_hotkeys
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.planning import coding_by_coder

pytestmark = [pytest.mark.server, pytest.mark.browser]
TREE = """id: buurt
version: 1.0.0
language: nl
title: Wat er met de buurt is
groups:
- id: buiten
  label: Buiten
codes:
- id: geluid
  label: Geluid
  group: buiten
  definition: Last van geluid.
- id: groen
  label: Groen
  group: buiten
  definition: Bomen en planten.
- id: verkeer
  label: Verkeer
  parent: geluid
  definition: Auto's en bussen.
- id: motoren
  label: Motoren
  parent: verkeer
  definition: Motoren en brommers.
"""


def test_a_code_below_others_stands_in_and_is_coded_with(
    server: Server, client: Client, page: Page, tmp_path: Path
) -> None:
    folder = make_study(tmp_path / "boom", ["De brommers rijden af en aan"], TREE)
    write_plan(opened(folder).paths.plan, [Planned("q1", "R01:q1", "coder_a", blind=True, place=1)])
    opened(folder).push(["q1"], server.url)
    begin(page, server, project_of(folder, client).title, email_of("coder_a"))
    shown = page.locator(".tc-codes .lsf-choice")
    expect(shown).to_have_count(4)
    boxes = {}
    for n, label in enumerate(("Geluid", "Verkeer", "Motoren", "Groen")):
        expect(shown.nth(n)).to_contain_text(label)
        boxes[label] = shown.nth(n).bounding_box()
    left = {label: round(box["x"]) for label, box in boxes.items() if box}
    assert left["Geluid"] == left["Groen"] == left["Verkeer"] - 16 == left["Motoren"] - 32
    keys = code_hotkeys(opened(folder).codebooks.read("1.0.0"))
    page.keyboard.press(keys["motoren"])
    page.keyboard.press(keys["geluid"])
    expect(page.locator(".tc-codes input:checked")).to_have_count(2)
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()
    (pulled,) = opened(folder).pull(["q1"], server.url)
    assert (pulled.added, pulled.unread, pulled.notes) == (1, 0, ())
    (coding,) = coding_by_coder(opened(folder), "q1")["coder_a"]
    assert coding.codes == ("geluid", "motoren")
