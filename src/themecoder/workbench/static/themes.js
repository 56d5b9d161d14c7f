// Keys and dragging on the page of themes. Each ends in a form of the page: nothing is decided here.

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

// The page comes anew after a step: who works by keyboard stays where they were.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "work") return;
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
