"""A real workbench for tests: the server in a thread, the page in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

from themecoder.workbench.server import Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

SERIOUS = ("serious", "critical")


@contextmanager
def a_workbench(study: Path) -> Iterator[Workbench]:
    """A workbench for ``study`` that answers."""
    bench = Workbench(study)
    answering = Thread(target=bench.run, daemon=True)
    answering.start()
    try:
        yield bench
    finally:
        bench.stop()
        answering.join(15)
        while bench.busy:  # libraries below a job don't bear that the process ends around it
            time.sleep(0.05)


@contextmanager
def a_bench(study: Path) -> Iterator[str]:
    """The address, with its token, of a workbench for ``study``."""
    with a_workbench(study) as bench:
        yield bench.url


@contextmanager
def a_page(browser: Browser, url: str, **looks: str | bool) -> Iterator[Page]:
    """A page of the workbench on which nothing may go wrong unseen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **looks)  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if _is_wrong(said) else None)
    page.goto(url)
    try:
        yield page
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def go_to(page: Page, address: str) -> None:
    """Open a page, and wait for what it needs where that is worked out first."""
    page.goto(address)
    if "/job" not in address:
        gone_on(page)


def gone_on(page: Page) -> None:
    """Wait where something is prepared: its page leads on by itself."""
    page.wait_for_url(lambda url: "/job?needs=" not in url, timeout=400_000)


def _is_wrong(said: ConsoleMessage) -> bool:
    # an answer that refuses something is no fault of the page
    refused = ("Failed to load resource", "Response Status Error Code 422")
    return said.type == "error" and not said.text.startswith(refused)


def serious_faults(page: Page) -> list[str]:
    """What axe-core finds serious on the page as it is now: the rule and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
