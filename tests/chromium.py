"""A real browser for the tests of pages: chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# a test needs no network, and asks the browser not to look for one of its own accord
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """The browser at $CHROMIUM, or the first found on the path; a failure where there is none."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if not found:
        pytest.fail(
            "No chromium: these tests run the page in a real browser. Get it with"
            " 'sudo apt-get install chromium', or set CHROMIUM to the path of Chrome or Chromium.",
            pytrace=False,
        )
    from playwright.sync_api import sync_playwright  # the tests without a page need not wait for it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with a_chromium() as browser:
        yield browser
