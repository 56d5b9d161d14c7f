// Keys and dragging on the page of themes. Each ends in a form of the page: nothing is decided here.

import { PointMap } from "./map.js";

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") return step(event, event.key === "j" ? 1 : -1);
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted || wanted.disabled) return;
  event.preventDefault();
  if (wanted.tagName === "INPUT") return wanted.focus();
  wanted.click();
  wanted.closest("details[open]")?.querySelector("input:not([type=hidden]), select")?.focus();
});

// j and k go through the themes, as in a list of mail.
function step(event, by) {
  const links = [...document.querySelectorAll(".theme a")];
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[here + by];
  if (!next) return;
  event.preventDefault();
  next.click();
}

document.addEventListener("click", (event) => {
  const number = event.target.closest("[data-check]")?.dataset.check;
  if (number === undefined) return;
  const box = document.querySelector(`.theme input[value="${number}"]`);
  if (box) box.checked = !box.checked;
});

// What was unfolded stays so when the page comes anew.
let unfolded = false;
document.addEventListener("htmx:beforeSwap", () => { unfolded = document.querySelector(".loose")?.open ?? false; });

// The page comes anew after a step: who works by keyboard stays where they were.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "work") return;
  const loose = document.querySelector(".loose");
  if (loose && unfolded) loose.open = true;
  const link = document.querySelector(".theme a[aria-current]");
  link?.scrollIntoView({ block: "nearest" });
  if (!document.activeElement || document.activeElement === document.body) link?.focus();
});

// Dragging: a theme onto a theme merges it, an answer onto a theme moves it (with those chosen).
let dragged = null;

document.addEventListener("dragstart", (event) => {
  const answer = event.target.closest?.("[data-answer]");
  const theme = event.target.closest?.(".theme[draggable]");
  dragged = answer ? { answer: answer.dataset.answer } : theme ? { theme: theme.dataset.theme } : null;
  if (dragged) event.dataTransfer.setData("text/plain", answer?.dataset.answer ?? theme?.dataset.theme ?? "");
});

const over = (event) => event.target.closest?.(".theme");

document.addEventListener("dragover", (event) => {
  const target = over(event);
  if (!dragged || !target || target.dataset.theme === dragged.theme) return;
  if (dragged.theme && target.dataset.theme === "0") return;
  event.preventDefault();
  document.querySelectorAll(".over").forEach((one) => one !== target && one.classList.remove("over"));
  target.classList.add("over");
});

document.addEventListener("dragleave", (event) => over(event)?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const target = over(event);
  if (!dragged || !target) return;
  event.preventDefault();
  const form = document.getElementById("answers");
  const kept = new FormData(form);
  const values = { q: kept.get("q"), seen: kept.get("seen"), sort: kept.get("sort") };
  if (dragged.theme) {
    Object.assign(values, { do: "merge", theme: target.dataset.theme, themes: dragged.theme });
  } else {
    const answers = new Set([...kept.getAll("answers"), dragged.answer]);
    Object.assign(values, { do: "move", theme: kept.get("theme"), into: target.dataset.theme, answers: [...answers] });
  }
  dragged = null;
  htmx.ajax("POST", "/themes/step", { target: "#work", values });
});

// The map: its points come once per state of the work; where one looked stays as the page changes.
const mapped = { version: "", data: null, view: null };

async function drawMap() {
  const canvas = document.getElementById("map");
  if (!canvas) return;
  const { question, theme, version } = canvas.dataset;
  const state = `${question} ${version}`;
  if (mapped.version !== state) {
    const answer = await fetch(`/themes/map?q=${encodeURIComponent(question)}`);
    if (!answer.ok) return;
    if (mapped.data?.question !== question) mapped.view = null;
    mapped.data = { ...(await answer.json()), question };
    mapped.version = state;
  }
  if (!canvas.isConnected) return;
  const { answers, x, y, theme: group } = mapped.data;
  const points = new PointMap(canvas, { x, y, group }, {
    onPoint: (i) => tell(i < 0 ? "" : answers[i]),
    onLasso: (indices) => choose(indices.map((i) => answers[i])),
  });
  if (mapped.view) points.view = mapped.view;
  mapped.view = points.view;
  points.show(Number(theme));
  canvas.dataset.points = answers.length;
}

let asked = 0;

function tell(answer) {
  const place = document.querySelector("#map-answer bdi");
  clearTimeout(asked);
  if (!answer) return void (place.textContent = "");
  asked = setTimeout(async () => {
    const said = await fetch(`/themes/answer?a=${encodeURIComponent(answer)}`);
    if (said.ok) place.textContent = (await said.json()).text;
  }, 80);
}

// Drawing around answers chooses those of the opened theme, also those that the list does not show.
function choose(answers) {
  const form = document.getElementById("answers");
  const inside = new Set(JSON.parse(document.getElementById("map").dataset.inside));
  const drawn = answers.filter((answer) => inside.has(answer));
  form.querySelectorAll("input[type=hidden][name=answers]").forEach((one) => one.remove());
  const boxes = new Map([...form.querySelectorAll("input[type=checkbox]")].map((box) => [box.value, box]));
  for (const box of boxes.values()) box.checked = false;
  for (const answer of drawn) {
    if (boxes.has(answer)) boxes.get(answer).checked = true;
    else form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "answers", value: answer }));
  }
  const chosen = document.getElementById("drawn");
  chosen.textContent = chosen.dataset.words.replace("{n}", drawn.length);
}

document.addEventListener("htmx:afterSwap", drawMap);
drawMap();
