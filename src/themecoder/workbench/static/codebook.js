// Keys and dragging on the page of the codebook. Each ends in a form of the page: nothing is decided here.

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.altKey && !typing(event.target) && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    document.querySelector(`#step [value="${event.key === "ArrowUp" ? "up" : "down"}"]`)?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if ("jk".includes(event.key)) return step(event, event.key === "j" ? 1 : -1);
  if (event.key === ">" || event.key === "<") return level(event);
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("summary")) wanted.click();
  (wanted.matches("summary") ? wanted.parentElement.querySelector("select, textarea, input:not([type=hidden]), button") : wanted).focus();
});

const places = () => [...document.querySelectorAll(".codes .place")];
const here = () => places().findIndex((one) => one.querySelector("[aria-current]"));

function step(event, by) {
  const next = places()[here() + by];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a").click();
}

// > puts the code below the one before it, < beside the one that it stands below.
function level(event) {
  const code = places()[here()];
  const before = places()[here() - 1];
  const above = code && document.querySelector(`[data-code="${CSS.escape(code.dataset.parent)}"]`);
  if (event.key === ">" && before) put(before.dataset.to);
  if (event.key === "<" && above) {
    const higher = above.dataset.parent;
    put(higher ? `code:${higher}` : above.closest("ul").previousElementSibling.dataset.to);
  }
}

const put = (to, code) => send({ do: "move", to }, code);

function send(values, code) {
  const form = document.getElementById("move");
  if (!form) return;
  const { seen, code: opened } = Object.fromEntries(new FormData(form));
  htmx.ajax("POST", "/codebook/edit", { target: "#work", values: { seen, code: code ?? opened, ...values } });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "work") return;
  if (document.activeElement === document.body) document.querySelector(".codes [aria-current]")?.focus();
});

// An answer becomes an example, by its button or by dragging it onto the field.
function exemplify(name, text) {
  const field = document.querySelector(`#texts [name="${name}"]`);
  if (!field || !text) return;
  field.value = `${field.value.trimEnd()}\n${text}`.trimStart();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-as]");
  if (button) exemplify(button.dataset.as, button.closest("li").dataset.answer);
});

let dragged = null;

document.addEventListener("dragstart", (event) => {
  const answer = event.target.closest?.("[data-answer]");
  const code = event.target.closest?.("[data-code]");
  dragged = answer ? { answer: answer.dataset.answer } : code ? { code: code.dataset.code } : null;
  if (dragged) event.dataTransfer.setData("text/plain", dragged.answer ?? dragged.code);
});

const target = (event) => event.target.closest?.(dragged?.answer ? ".drop" : ".place");

// On the edge of a code: before or after it; in its middle: below it.
function where(event, over) {
  if (dragged.answer || !over.dataset.code) return "over";
  const box = over.getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  return part < 0.3 ? "before" : part > 0.7 ? "after" : "over";
}

const unmark = () => document.querySelectorAll(".over, .before, .after").forEach((one) => one.classList.remove("over", "before", "after"));

document.addEventListener("dragover", (event) => {
  const over = dragged && target(event);
  if (!over || over.dataset.code === dragged.code && dragged.code) return;
  event.preventDefault();
  unmark();
  over.classList.add(where(event, over));
});

document.addEventListener("drop", (event) => {
  const over = dragged && target(event);
  if (!over) return;
  event.preventDefault();
  unmark();
  const place = where(event, over);
  if (dragged.answer) exemplify(over.name, dragged.answer);
  else if (place === "over") put(over.dataset.to, dragged.code);
  else send({ do: "beside", beside: over.dataset.code, after: place === "after" ? "1" : "" }, dragged.code);
  dragged = null;
});
