"""What a person does on Label Studio's pages, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from real_server import Server


def begin(page: Page, server: Server, project: str, email: str) -> None:
    """What docs/coding.md tells coders: log in, choose the question, label all tasks."""
    page.goto(server.url)
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", server.passwords[email])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)
    page.goto(f"{server.url}/projects")
    page.get_by_text(project).first.click()
    page.get_by_text("Label All Tasks").first.click()
    expect(page.get_by_text("Labeling Instructions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Labeling Instructions")).not_to_be_visible()


def button(page: Page, text: str) -> Locator:
    return page.locator("button", has_text=text).first


def mark(page: Page, label: str, part: str) -> None:
    """Choose a code below the text and drag over a part of it, until it is marked.

    The list of codes opens with a movement that pushes the page about, and a busy machine draws it
    late: a person waits till the code is lit and the text stands still, and drags again when
    nothing was marked. So does this.
    """
    chosen = page.locator(".lsf-label", has_text=label).first
    if not chosen.is_visible():
        page.get_by_text("Citaten markeren").click()
    chosen.click()
    marks = page.locator(".lsf-htx-richtext .htx-highlight")
    before = marks.count()
    for _ in range(3):
        expect(chosen).to_have_class(re.compile("lsf-label_selected"))
        _drag(page, _standing_still(page, part))
        try:
            expect(marks).to_have_count(before + 1)
            return
        except AssertionError:
            continue
    expect(marks).to_have_count(before + 1)


def _standing_still(page: Page, part: str) -> list[float]:
    """Where the part begins and ends on the page (x, y, x, y), once it no longer moves."""
    place = page.evaluate(PLACE, part)
    for _ in range(50):
        page.wait_for_timeout(100)
        before, place = place, page.evaluate(PLACE, part)
        if place == before:
            break
    return list(place)


def _drag(page: Page, place: list[float]) -> None:
    left, top, right, bottom = place
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=4)
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


PLACE = """part => {
  const root = document.querySelector('.lsf-htx-richtext');
  const nodes = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let all = '';
  while (walk.nextNode()) {
    nodes.push([walk.currentNode, all.length]);
    all += walk.currentNode.textContent;
  }
  const at = offset => nodes.filter(([, start]) => start <= offset).at(-1);
  const start = all.indexOf(part), end = start + part.length - 1;
  const range = document.createRange();
  const [first, a] = at(start), [last, b] = at(end);
  range.setStart(first, start - a);
  range.setEnd(last, end - b + 1);
  const boxes = [...range.getClientRects()];
  const [l, r] = [boxes[0], boxes.at(-1)];
  return [l.left + 1, l.top + l.height / 2, r.right - 1, r.top + r.height / 2];
}"""
"""JavaScript: the middle of the first and of the last letter of a part of the shown text."""
