"""What a person does on Label Studio's pages, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect
from real_server import Server


def begin(page: Page, server: Server, project: int, email: str, tab: str | None) -> None:
    """Log in, open the tab (else that of all), label all tasks, read the instructions away."""
    page.goto(f"{server.url}/user/login/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", server.passwords[email])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)
    page.goto(f"{server.url}/projects/{project}/data")
    if tab is not None:
        page.get_by_text(tab, exact=True).first.click()
    page.get_by_text("Label All Tasks").first.click()
    expect(page.get_by_text("Labeling Instructions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Labeling Instructions")).not_to_be_visible()


def button(page: Page, text: str) -> Locator:
    return page.locator("button", has_text=text).first


def mark(page: Page, label: str, part: str) -> None:
    """Choose a code below the text and drag over a part of it."""
    chosen = page.locator(".lsf-label", has_text=label).first
    if not chosen.is_visible():
        page.get_by_text("Citaten markeren").click()
    chosen.click()
    box = page.evaluate(
        """part => {
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
        }""",
        part,
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, steps=4)
    page.mouse.move(box[2], box[3], steps=4)
    page.mouse.up()
