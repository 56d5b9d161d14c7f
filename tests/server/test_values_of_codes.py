"""Values of codes on the real server: asked where the code is ticked, and in the coding after a
pull; of a code that is unticked again nothing stays."""

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
BOOK = """id: buurt
version: 1.0.0
language: nl
title: Wat er met de buurt is
codes:
- id: geluid
  label: Geluid, en trillingen
  definition: Last van geluid.
  scale: ordinal
  values:
  - {id: 1, label: Weinig}
  - {id: 2, label: Veel}
- id: groen
  label: Groen
  definition: Bomen en planten.
  scale: nominal
  values:
  - {id: voor, label: Meer groen}
  - {id: tegen, label: Minder groen}
- id: verkeer
  label: Verkeer
  definition: Auto's en bussen.
"""


def test_a_value_is_asked_where_its_code_is_ticked_and_comes_back(
    server: Server, client: Client, page: Page, tmp_path: Path
) -> None:
    folder = make_study(tmp_path / "waarden", ["Te veel lawaai, te weinig bomen"], BOOK)
    write_plan(opened(folder).paths.plan, [Planned("q1", "R01:q1", "coder_a", blind=True, place=1)])
    opened(folder).push(["q1"], server.url)
    begin(page, server, project_of(folder, client).title, email_of("coder_a"))
    keys = code_hotkeys(opened(folder).codebooks.read("1.0.0"))
    value = page.locator(".tc-value .lsf-choice__item")
    much, more = value.filter(has_text="Veel"), value.filter(has_text="Meer groen")
    expect(page.locator(".tc-codes .lsf-choice")).to_have_count(3)
    expect(much).not_to_be_visible()
    page.keyboard.press(keys["geluid"])
    expect(page.locator(".tc-codes input:checked")).to_have_count(1)
    much.click()
    page.keyboard.press(keys["groen"])
    more.click()
    page.keyboard.press(keys["verkeer"])
    page.keyboard.press(keys["groen"])
    expect(more).not_to_be_visible()
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()
    (pulled,) = opened(folder).pull(["q1"], server.url)
    assert (pulled.added, pulled.unread, pulled.notes) == (1, 0, ())
    (coding,) = coding_by_coder(opened(folder), "q1")["coder_a"]
    assert (coding.codes, coding.values) == (("geluid", "verkeer"), {"geluid": "2"})
