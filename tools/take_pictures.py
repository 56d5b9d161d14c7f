"""Take the pictures of pages in docs/ anew: python tools/take_pictures.py STUDY

STUDY is a folder with the shipped study and its reports, as ``themecoder demo STUDY`` makes it. The
pages are opened in chromium ($CHROMIUM, or the one on the path). The pictures of the workbench are
taken by tests/workbench/test_whole_way.py; report-word.png is a picture of Word.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
# picture, page, width and height, what stands at the top of it
PICTURES = (
    ("themes", "themes", 1280, 900, "#q18"),
    ("agreement", "agreement", 1280, 1000, "#codes"),
    ("report-html", "report", 822, 1242, "#section-2 ~ h3"),
)


def main(study: Path) -> None:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for picture, page, width, height, top in PICTURES:
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.goto((study.resolve() / "reports" / f"{page}.html").as_uri())
            tab.locator(top).first.evaluate("found => found.scrollIntoView()")
            tab.screenshot(path=DOCS / f"{picture}.png")
            tab.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
