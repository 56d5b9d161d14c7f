"use strict";
// Pointing, filtering, sorting and searching on the themes page. All texts are read from the page
// itself; nothing is made from strings of HTML, so an answer can't turn into code.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const words = document.body.dataset;
  const decimal = (text) => (words.language === "nl" ? text.replace(".", ",") : text);
  // as the catalogue's: {n} is a number, {n:one|many} what is said of one and of more
  const fill = (text, values) => text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? values[name] : String(values[name]) === "1" ? one : many);
  const card = createCard();
  const questions = [...document.querySelectorAll(".question")].map(createQuestion);
  createSearch();
  openForPrint();
  followAnchor();

  // The card shows one answer: beside its point on a wide screen, at the foot of a narrow one.
  function createCard() {
    const element = document.getElementById("card");
    const answer = element.querySelector(".answer");
    const list = element.querySelector(".of");
    let close = () => {};
    element.querySelector(".close").addEventListener("click", () => close());

    function show(question, point, pinned) {
      const source = question.answers.get(point.dataset.a);
      answer.textContent = source ? source.querySelector("p").textContent : "";
      answer.scrollTop = 0;
      list.replaceChildren(...describe(question, point));
      element.classList.toggle("pinned", pinned);
      element.hidden = false;
      if (getComputedStyle(element).position === "absolute") {
        const at = point.getBoundingClientRect();
        const size = element.getBoundingClientRect();
        const page = document.documentElement;
        const right = at.right + 12 + size.width < page.clientWidth;
        const left = right ? at.right + 12 : Math.max(12, at.left - size.width - 12);
        const top = Math.min(Math.max(8, at.top - 16), Math.max(8, page.clientHeight - size.height - 8));
        element.style.left = `${left + window.scrollX}px`;
        element.style.top = `${top + window.scrollY}px`;
      }
    }

    function describe(question, point) {
      const of = (point.dataset.t || "").split(" ").filter(Boolean);
      if (!of.length) {
        const item = document.createElement("li");
        item.textContent = words.none;
        return [item];
      }
      return of.map((pair) => {
        const [theme, strength] = pair.split(":");
        const item = document.createElement("li");
        const entry = question.legend.get(theme);
        for (const part of [".key", ".number", ".name"]) {
          item.append(entry.querySelector(part).cloneNode(true));
        }
        const value = document.createElement("span");
        value.className = "pct";
        value.textContent = fill(words.strength, { value: decimal(strength) });
        item.append(value);
        return item;
      });
    }

    return {
      show,
      hide() { element.hidden = true; },
      contains: (node) => element.contains(node),
      onClose(action) { close = action; },
    };
  }

  function createQuestion(section) {
    const question = {
      section,
      answers: new Map(), // number -> the first place in the lists that holds the answer
      places: new Map(), // number -> all places
      legend: new Map(), // theme -> its button beside the map
      points: [...section.querySelectorAll(".plane use")],
    };
    for (const item of section.querySelectorAll("li[data-a]")) {
      const number = item.dataset.a;
      if (!question.answers.has(number)) question.answers.set(number, item);
      question.places.set(number, [...(question.places.get(number) || []), item]);
    }
    for (const button of section.querySelectorAll(".legend li button")) {
      question.legend.set(button.dataset.theme, button);
    }
    const plane = section.querySelector(".plane");
    if (plane) {
      question.light = createLight(question, plane);
      createPointer(question, plane);
      createSort(section);
    }
    return question;
  }

  const themesOf = (point) => (point.dataset.t || "").split(" ").filter(Boolean).map((pair) => pair.split(":")[0]);
  const isOf = (point, theme) => (theme === "none" ? !point.dataset.t : themesOf(point).includes(theme));

  // Highlights the points of one theme, or those that a search found; the others fade.
  function createLight(question, plane) {
    const all = question.section.querySelector(".all");
    const says = question.section.querySelector(".shows");
    let theme = null;
    let found = null;

    function draw() {
      plane.classList.toggle("chosen", theme !== null || found !== null);
      for (const point of question.points) {
        const on = (theme === null || isOf(point, theme)) && (found === null || found.has(point.dataset.a));
        point.classList.toggle("on", on);
      }
      for (const pill of plane.querySelectorAll(".pill")) pill.classList.toggle("on", pill.dataset.theme === theme);
      for (const [id, button] of question.legend) button.setAttribute("aria-pressed", String(id === theme));
      all.disabled = theme === null;
      says.textContent = theme === null || theme === "none"
        ? ""
        : fill(words.shows, { id: theme, n: question.legend.get(theme).querySelector(".n").textContent });
    }

    function choose(wanted) {
      theme = wanted;
      draw();
    }
    const toggle = (wanted) => choose(theme === wanted ? null : wanted);
    for (const [id, button] of question.legend) button.addEventListener("click", () => toggle(id));
    for (const pill of plane.querySelectorAll(".pill")) {
      pill.addEventListener("click", (event) => {
        event.preventDefault();
        event.stopPropagation();
        toggle(pill.dataset.theme);
      });
    }
    all.addEventListener("click", () => choose(null));
    for (const button of question.section.querySelectorAll(".show")) {
      button.addEventListener("click", () => {
        choose(button.dataset.theme);
        plane.scrollIntoView({ block: "center" });
        question.legend.get(button.dataset.theme).focus({ preventScroll: true });
      });
    }
    return {
      find(numbers) { found = numbers; draw(); },
      lit: () => question.points.filter((point) => !plane.classList.contains("chosen") || point.classList.contains("on")),
    };
  }

  // Reading by mouse, finger and keyboard: the point nearest to the pointer, or the answer that an
  // arrow key leads to.
  function createPointer(question, plane) {
    const svg = plane.querySelector("svg");
    let current = null;
    let pinned = false;

    function set(point, pin) {
      if (current) current.classList.remove("at");
      current = point;
      pinned = Boolean(point) && pin;
      if (!point) return card.hide();
      point.classList.add("at");
      card.onClose(() => set(null, false));
      card.show(question, point, pinned);
    }

    const position = (point) => [Number(point.getAttribute("x")), Number(point.getAttribute("y"))];

    function nearest(event, reach) {
      const to = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const unit = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
      let best = null;
      let least = reach * unit;
      for (const point of question.light.lit()) {
        const [x, y] = position(point);
        const distance = Math.hypot(x - to.x, y - to.y);
        if (distance < least) [best, least] = [point, distance];
      }
      return best;
    }

    svg.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || pinned) return;
      const point = event.target.closest(".pill") ? null : nearest(event, 18);
      if (point !== current) set(point, false);
    });
    svg.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch" && !pinned) set(null, false);
    });
    svg.addEventListener("click", (event) => {
      const point = nearest(event, 30);
      set(point === current && pinned ? null : point, true);
    });

    // the map is one stop for the Tab key; arrows walk over its answers
    plane.tabIndex = 0;
    plane.setAttribute("role", "application");
    plane.setAttribute("aria-label", svg.getAttribute("aria-label"));
    plane.setAttribute("aria-describedby", question.section.querySelector(".map > .note").id);
    document.getElementById("card").setAttribute("aria-live", "polite");
    const first = (point) => themesOf(point)[0] || "none";

    // right and left: the next answer of the theme, firmest first; down and up: the next theme
    function step(key) {
      const lit = question.light.lit().sort((a, b) => a.dataset.a - b.dataset.a);
      const at = lit.indexOf(current);
      if (at < 0) return lit[0] || null;
      if (key === "ArrowRight") return lit[Math.min(at + 1, lit.length - 1)];
      if (key === "ArrowLeft") return lit[Math.max(at - 1, 0)];
      const heads = lit.filter((point, i) => i === 0 || first(point) !== first(lit[i - 1]));
      const head = heads.findIndex((point) => first(point) === first(current));
      return heads[key === "ArrowDown" ? Math.min(head + 1, heads.length - 1) : Math.max(head - 1, 0)];
    }

    plane.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow")) {
        event.preventDefault();
        set(step(event.key), true);
      } else if (event.key === "Escape") {
        set(null, false);
      } else if (event.key === "Enter" && current) {
        const [theme] = themesOf(current);
        location.hash = `${question.section.id}-${theme || "apart"}`;
        set(null, false);
      }
    });
    const outside = (target) => target instanceof Node && !plane.contains(target) && !card.contains(target);
    plane.addEventListener("focusout", (event) => {
      if (outside(event.relatedTarget)) set(null, false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (current && outside(event.target)) set(null, false);
    });
  }

  function createSort(section) {
    const lists = [...section.querySelectorAll(".list")];
    const buttons = [...section.querySelectorAll(".sort button")];
    const order = {
      size: (a, b) => a.dataset.size - b.dataset.size,
      stability: (a, b) => b.dataset.stability - a.dataset.stability || order.size(a, b),
      tree: (a, b) => a.dataset.tree - b.dataset.tree,
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        for (const list of lists) list.append(...[...list.children].sort(order[button.dataset.by]));
      });
    }
  }

  // Every word must occur, in any order, whatever the case and accents. A theme whose label,
  // keywords or codes hold the words stays whole; else it keeps the answers that do.
  function createSearch() {
    const input = document.getElementById("search");
    const says = document.getElementById("found");
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const entries = questions.map((question) => ({
      question,
      answers: [...question.places].map(([number, items]) => ({
        number, items, text: plain(items[0].querySelector("p").textContent),
      })),
      themes: [...question.section.querySelectorAll(".theme")].map((element) => ({
        element,
        text: plain([".name", ".said", ".words", ".codes"].map((part) => element.querySelector(part)?.textContent || "").join(" ")),
        details: element.querySelector("details"),
        items: [...element.querySelectorAll("li[data-a]")],
      })),
      none: question.section.querySelector(".no-theme details"),
    }));
    const opened = new Set();
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, 120);
    });

    function open(details, wanted) {
      if (!details) return;
      if (wanted && !details.open) {
        details.open = true;
        opened.add(details);
      } else if (!wanted && opened.delete(details)) {
        details.open = false;
      }
    }

    function search() {
      const wanted = plain(input.value).split(/\s+/).filter(Boolean);
      const holds = (text) => wanted.every((word) => text.includes(word));
      let answers = 0;
      let themes = 0;
      let loose = 0;
      const hits = [];
      for (const { question, answers: own, themes: cards, none } of entries) {
        const found = new Set();
        for (const { number, items, text } of own) {
          const hit = holds(text);
          if (hit) found.add(number);
          if (hit) hits.push(...items);
          for (const item of items) item.hidden = !hit;
        }
        for (const { element, text, details, items } of cards) {
          const whole = wanted.length > 0 && holds(text);
          const any = items.some((item) => !item.hidden);
          if (whole) for (const item of items) item.hidden = false;
          element.hidden = !whole && !any;
          if (!element.hidden) themes += 1;
          open(details, wanted.length > 0 && [...details?.querySelectorAll("li") || []].some((item) => found.has(item.dataset.a)));
        }
        const left = none ? [...none.querySelectorAll("li")].filter((item) => !item.hidden).length : 0;
        loose += left;
        open(none, wanted.length > 0 && left > 0);
        answers += found.size;
        question.light?.find(wanted.length ? found : null);
      }
      highlight(wanted, hits);
      if (!wanted.length) says.textContent = "";
      else if (!answers && !themes) says.textContent = words.nothing;
      else {
        says.textContent = fill(words.found, { answers, themes })
          + (loose ? `, ${fill(words.foundNone, { n: loose })}` : "");
      }
    }

    // marks the words without touching the page; browsers that can't, show the answers unmarked
    function highlight(wanted, items) {
      if (!window.Highlight || !CSS.highlights) return;
      const ranges = [];
      for (const item of items) {
        const walker = document.createTreeWalker(item.querySelector("p"), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          // one character stays one only where folding did not change its length
          const text = [...node.data].map((c) => (plain(c).length === c.length ? plain(c) : c)).join("");
          for (const word of wanted) {
            for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
              const range = new Range();
              range.setStart(node, at);
              range.setEnd(node, at + word.length);
              ranges.push(range);
            }
          }
        }
      }
      CSS.highlights.set("search", new Highlight(...ranges));
    }
  }

  function openForPrint() {
    let closed = [];
    window.addEventListener("beforeprint", () => {
      // the lists of answers stay as the reader left them: all of them are a book
      closed = [...document.querySelectorAll("details.fold:not([open])")];
      for (const details of closed) details.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
    });
  }

  // a link to a theme that a search hid must still lead somewhere
  function followAnchor() {
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const hidden = target?.closest("[hidden]");
      if (hidden) {
        hidden.hidden = false;
        target.scrollIntoView();
      }
    });
  }
});
