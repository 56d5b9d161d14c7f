"""Label Studio started, filled, coded in and stopped from the workbench, with a real server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest
from migrated import prepare_server
from real_server import Server, find_label_studio, make_study

from benches import a_bench, a_page, serious_faults
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import embedded, stop
from themecoder.coding.label_studio.local_server import EXECUTABLE
from themecoder.coding.label_studio.project import find_project
from themecoder.coding.label_studio.server_tasks import list_tasks
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.long(90)]


def press(page: Page, action: str) -> str:
    """Press a button of the page and wait until its job is over; what is said of it."""
    page.locator(f'form[action="/server/{action}"] button').click()
    page.wait_for_url("**/job")
    page.locator("main a.button").wait_for(timeout=300_000)
    assert page.locator(".problems li").all_inner_texts() == []
    said = page.locator(".done").inner_text()
    page.locator("main a.button").click()
    page.wait_for_url("**/server")
    return said


def test_a_server_a_plan_tasks_and_coding_from_the_page(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_study(tmp_path / "studie")
    for name in ("plan.csv", "label_studio.json"):
        (folder / "annotations" / name).unlink(missing_ok=True)
    (folder / "masking.csv").write_text("answer_id,start,end,kind,decision,check\n")
    program = find_label_studio()
    monkeypatch.setenv(EXECUTABLE, program)
    prepare_server(program, folder)
    study = StudyFolder.open(folder)
    try:
        with a_bench(folder) as url, a_page(chromium, url) as page:
            assert page.locator("aside.next a").get_attribute("href") == "/server"
            page.goto(urljoin(url, "/server"))
            assert serious_faults(page) == []
            local = embedded(study)
            said = press(page, "serve")
            assert local.running().url in said  # type: ignore[union-attr]
            page.locator("details summary").nth(1).click()
            assert page.locator("details code").nth(1).inner_text() == embedded(
                study
            ).accounts.password("coder_a@themecoder.local")
            page.fill("#double", "150%")
            page.locator('form[action="/server/plan"] button').click()
            page.wait_for_url("**/job")
            page.locator(".problems").wait_for()
            assert not study.paths.plan.exists()
            page.goto(urljoin(url, "/server"))
            page.fill("#double", "50%")
            assert "50%" in press(page, "plan")
            assert study.paths.plan.is_file()
            assert "q1" in press(page, "push")
            assert serious_faults(page) == []
            _code_one_answer(study)
            assert "q1" in press(page, "pull")
            rows = page.locator("section:last-of-type tbody tr").all_inner_texts()
            assert any("coder_a" in row and row.split("\t")[4:5] == ["1"] for row in rows)
            assert study.paths.coding("q1", "coder_a").is_file()
            _let_others_in(page)
            assert "http://127.0.0.1" in press(page, "assist")
            assert page.locator('form[action="/server/assist"]').count() == 0
            press(page, "assist_no_more")
            assert page.locator('form[action="/server/assist"]').count() == 1
            press(page, "stop")
            assert not local.alive()
            assert "Label Studio" in page.locator("aside.next").inner_text()  # it must run again
    finally:
        stop(study)


def _let_others_in(page: Page) -> None:
    """Open the server to the network, print invitations, and close it."""
    page.locator('form[action="/server/open"] button').click()
    assert page.url.endswith("/server")  # nothing is opened without the confirmation
    page.check("[name=sure]")
    said = press(page, "open")
    address = page.locator(".done strong").inner_text()
    assert address in said
    assert "Label Studio" in httpx.get(f"{address}/user/login", verify=False).text
    assert serious_faults(page) == []
    page.get_by_role("link", name="Uitnodigingen").click()
    sheets = page.locator(".invitation").all_inner_texts()
    assert len(sheets) == 3 and all(address in sheet for sheet in sheets)
    assert "owner" not in "".join(sheets).lower()
    assert serious_faults(page) == []
    page.get_by_role("link", name="Terug").click()
    press(page, "close")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/user/login", verify=False)
    assert page.locator(".done strong").count() == 0


def _code_one_answer(study: StudyFolder) -> None:
    local = embedded(study)
    emails = [f"coder_{letter}@themecoder.local" for letter in "abc"]
    passwords = {email: local.accounts.password(email) for email in emails}
    running = local.running()
    assert running is not None
    server = Server(running.url, local.accounts.token, passwords)
    with Client(running.url, server.token) as client:
        project = find_project(client, project_key(study.paths.project_keys, "q1") or "")
        assert project is not None
        tasks = list_tasks(client, project)
        mine = next(task for task in tasks if task.data["coder"] == "coder_a")
        result = {"from_name": "codes", "to_name": "text", "type": "choices"}
        server.code("coder_a", mine.id, [{**result, "value": {"choices": ["groen"]}}])
