// The grid of answers: a window of rows is drawn, whatever there is of them. What a coder does is
// written at once, one step after the other; the server decides what may be written.

const HIGH = 84;
const CHUNK = 100;
const AROUND = 6;

const $ = (id) => document.getElementById(id);
const grid = $("grid");
const space = $("space");
const asked = $("asked");
const coder = grid.dataset.coder;
const codes = JSON.parse(grid.dataset.codes);
const names = JSON.parse(grid.dataset.names);
const labels = JSON.parse(grid.dataset.labels);
const words = JSON.parse(grid.dataset.words);
const codeOf = new Map(codes.map((code) => [code.id, code]));

let rows = []; // per row the places of its answers
let made = "";
let answers = 0;
let here = 0;
let anchor = 0;
let since = performance.now();
const selected = new Set();
const known = new Map(); // place -> what the server told of it
const wanted = new Set(); // chunks that are asked for
const drawn = new Map(); // row -> its element
const steps = []; // what can be undone

// ---- the server

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { "HX-Request": "true" } });
  if (!answer.ok) {
    // a list of problems, made and escaped by the server
    $("problems").innerHTML = await answer.text();
    throw new Error("refused");
  }
  return answer;
}

const post = (path, fields) => ask(path, { method: "POST", body: new URLSearchParams({ coder, source: asked.elements.source.value, ...fields }) });

function query() {
  const fields = new URLSearchParams(new FormData(asked));
  fields.set("coder", coder);
  return fields.toString();
}

let turn = 0;
async function find() {
  const own = ++turn;
  const found = await (await ask(`/answers/find?${query()}`)).json();
  if (own !== turn) return; // somebody typed on
  $("problems").replaceChildren();
  if (found.made !== made) known.clear();
  ({ made, answers } = found);
  rows = found.rows.map((row) => (Array.isArray(row) ? row : [row]));
  selected.clear();
  here = anchor = 0;
  since = performance.now();
  space.style.height = `${rows.length * HIGH}px`;
  grid.scrollTop = 0;
  grid.setAttribute("aria-rowcount", rows.length);
  wanted.clear();
  clearDrawn();
  draw();
  tell();
  $("order").hidden = !coder || query() === plain;
}

async function load(places) {
  const missing = places.filter((place) => !known.has(place));
  for (let start = 0; start < missing.length; start += 1000) {
    const part = missing.slice(start, start + 1000).join(",");
    const told = await (await post("/answers/rows", { made, places: part })).json();
    for (const row of told.rows) known.set(row.place, row);
  }
}

async function loadChunk(number) {
  if (wanted.has(number)) return;
  wanted.add(number);
  const own = turn;
  try {
    await load(rows.slice(number * CHUNK, (number + 1) * CHUNK).flat());
  } catch {
    if (own === turn) wanted.delete(number);
    return;
  }
  if (own === turn) draw(true);
}

// ---- drawing

function clearDrawn() {
  for (const element of drawn.values()) element.remove();
  drawn.clear();
}

let frame = 0;
const soon = () => { frame ||= requestAnimationFrame(() => { frame = 0; draw(); }); };

function draw(again = false) {
  const first = Math.max(0, Math.floor(grid.scrollTop / HIGH) - AROUND);
  const last = Math.min(rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / HIGH) + AROUND);
  for (const [row, element] of drawn) {
    if (row < first || row >= last) { element.remove(); drawn.delete(row); }
  }
  for (let row = first; row < last; row++) {
    if (!drawn.has(row)) {
      const element = document.createElement("div");
      element.className = "row";
      element.id = `row${row}`;
      element.setAttribute("role", "row");
      element.setAttribute("aria-rowindex", row + 1);
      element.style.top = `${row * HIGH}px`;
      element.dataset.row = row;
      drawn.set(row, element);
      space.append(element);
      fill(row, element);
    } else if (again) fill(row, drawn.get(row));
    if (!known.has(rows[row][0])) loadChunk(Math.floor(row / CHUNK));
    mark(row, drawn.get(row));
  }
  if (rows.length) grid.setAttribute("aria-activedescendant", `row${here}`);
  else grid.removeAttribute("aria-activedescendant");
  panel();
}

function cell(name, ...content) {
  const element = document.createElement("div");
  element.setAttribute("role", "gridcell");
  element.className = name;
  element.append(...content);
  return element;
}

function tag(text, kind = "") {
  const element = document.createElement("span");
  element.textContent = text;
  element.className = kind;
  return element;
}

function fill(row, element) {
  const one = known.get(rows[row][0]);
  if (!one) { element.replaceChildren(cell("", "…")); return; }
  const said = tag(one.text, "said");
  said.dir = "auto";
  const times = rows[row].length > 1 ? ` · ${words.times.replace("{n}", rows[row].length)}` : "";
  const which = tag([one.id, ...one.told.filter(Boolean)].join(" · ") + times, "which");
  const has = one.codes.map((code) => tag(codeOf.get(code)?.label ?? code));
  if (one.state === "no_code" || one.state === "skipped") has.push(tag(words[one.state], "state"));
  if (one.uncertain) has.push(tag(words.doubt, "state"));
  const middle = cell("", said, which);
  element.replaceChildren(cell("", selected.has(row) ? "☑" : coder ? "☐" : ""), middle, cell("has", ...has));
  element.classList.toggle("waits", rows[row].some((place) => waiting.has(place)));
}

function mark(row, element) {
  element.classList.toggle("here", row === here);
  const is = String(selected.has(row));
  if (element.getAttribute("aria-selected") !== is) {
    element.setAttribute("aria-selected", is);
    fill(row, element);
  }
}

// What became of the last step, whatever is looked at meanwhile.
let settled = 0;
function tellStep(text, over = false) {
  if (over) settled += 1;
  $("kept").textContent = text;
  $("kept").dataset.steps = settled;
}

function tell(more = "") {
  const parts = [words.found.replace("{rows}", rows.length).replace("{answers}", answers)];
  if (!rows.length) parts[0] = words.nothing;
  if (asked.elements.like.value) parts.push(words.like.replace("{id}", asked.elements.like.value));
  if (selected.size) parts.push(words.selected.replace("{n}", selected.size));
  if (more) parts.push(more);
  $("told").textContent = parts.join(" · ");
}

let shownText = "";
function panel() {
  const one = rows.length ? known.get(rows[here][0]) : null;
  const state = JSON.stringify([one, here]);
  if (state === shownText) return;
  shownText = state;
  showText(one);
  $("beside").replaceChildren(
    ...names.flatMap((name, n) => {
      if (!one?.told[n]) return [];
      const term = document.createElement("dt");
      term.textContent = labels[name] ?? name;
      const value = document.createElement("dd");
      value.textContent = one.told[n];
      return [term, value];
    }),
  );
  $("hint").textContent = !one ? "" : one.coders ? one.coders.join(", ") : one.blind ? words.blind : one.shown ? words.suggested : "";
  $("note").textContent = one?.note ?? "";
  $("note").hidden = !one?.note;
  if (!coder) return;
  for (const button of $("codes").querySelectorAll("button")) {
    const code = button.dataset.code;
    button.setAttribute("aria-pressed", String(Boolean(one?.codes.includes(code))));
    button.classList.toggle("suggested", Boolean(!one?.state && one?.shown?.includes(code)));
  }
  for (const select of $("codes").querySelectorAll("select")) {
    select.value = one?.values[select.dataset.value] ?? "";
    select.disabled = !one?.codes.includes(select.dataset.value);
  }
  for (const name of ["no_code", "skipped"]) $(name).setAttribute("aria-pressed", String(one?.state === name));
  $("uncertain").setAttribute("aria-pressed", String(Boolean(one?.uncertain)));
  if (document.activeElement !== $("comment")) $("comment").value = one?.comment ?? "";
}

function showText(one) {
  const points = [...(one?.text ?? "")]; // places are of code points
  const pieces = [];
  let at = 0;
  for (const [start, end, code] of [...(one?.quotes ?? [])].sort((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    pieces.push(points.slice(at, start).join(""));
    const marked = document.createElement("mark");
    marked.title = codeOf.get(code)?.label ?? code;
    marked.textContent = points.slice(start, end).join("");
    pieces.push(marked);
    at = end;
  }
  $("text").replaceChildren(...pieces, points.slice(at).join(""));
}

// ---- moving and selecting

function go(row, select = false) {
  if (!rows.length) return;
  here = Math.max(0, Math.min(rows.length - 1, row));
  since = performance.now();
  if (select) {
    selected.clear();
    for (let n = Math.min(anchor, here); n <= Math.max(anchor, here); n++) selected.add(n);
  } else anchor = here;
  const top = here * HIGH;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + HIGH > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + HIGH - grid.clientHeight;
  draw();
  tell();
}

function pick(row) {
  if (!selected.delete(row)) selected.add(row);
  draw();
  tell();
}

// ---- coding

const waiting = new Map(); // place -> how many steps of it are on their way
let queue = Promise.resolve();

const saidOf = ({ state, codes, values, uncertain, comment, quotes }) => structuredClone({ state, codes, values, uncertain, comment, quotes });

const targets = () => (selected.size ? [...selected].sort((a, b) => a - b) : rows.length ? [here] : []).flatMap((row) => rows[row]);

// Change what is said of the answers in view, show it, and write it after what came before.
async function say(change) {
  if (!coder) return;
  const places = targets();
  const alone = places.length === 1;
  const seconds = alone && !known.get(places[0])?.state ? (performance.now() - since) / 1000 : null;
  try { await load(places); } catch { return; }
  const all = places.map((place) => known.get(place));
  const before = all.map(saidOf);
  change(all);
  const changed = all.filter((one, n) => JSON.stringify(saidOf(one)) !== JSON.stringify(before[n]));
  if (!changed.length) return;
  steps.push(all.map((one, n) => ({ place: one.place, before: before[n] })).filter((_, n) => changed.includes(all[n])));
  await write(changed.map((one) => one.place), () => changed.map((one) => [one.place, saidOf(one)]), seconds);
}

function write(places, what, seconds = null) {
  for (const place of places) waiting.set(place, (waiting.get(place) ?? 0) + 1);
  draw(true);
  tellStep(words.saving);
  const step = queue.then(async () => {
    const said = what().map(([place, own]) => ({ id: known.get(place).id, seen: known.get(place).seen, seconds, ...own }));
    return (await post("/answers/code", { said: JSON.stringify(said) })).json();
  });
  return settle(step, places, words.saved);
}

function settle(step, places, done) {
  queue = step.then(
    (told) => {
      $("problems").replaceChildren();
      after(places, told.rows);
      tellStep(done, true);
    },
    async () => {
      // refused: what is there is shown, not what was wished
      tellStep("", true);
      steps.length = 0;
      for (const place of places) known.delete(place);
      after(places, []);
      await load(places).catch(() => {});
      draw(true);
    },
  );
  return queue;
}

function after(places, told) {
  for (const place of places) {
    const left = waiting.get(place) - 1;
    if (left > 0) waiting.set(place, left);
    else waiting.delete(place);
  }
  for (const row of told) {
    // what was typed meanwhile stays as it is shown; only its mark is new
    const shown = known.get(row.place);
    known.set(row.place, waiting.has(row.place) && shown ? { ...shown, seen: row.seen } : row);
  }
  draw(true);
}

async function undo() {
  await queue;
  const step = steps.pop();
  if (!step) { await undoHere(); return; }
  const gone = step.filter(({ place }) => known.get(place)?.state === "");
  const there = step.filter((one) => !gone.includes(one));
  if (there.length) await takeBack(there.map(({ place }) => place));
  if (gone.length) await write(gone.map(({ place }) => place), () => gone.map(({ place, before }) => [place, before]));
}

// Of what was coded before the page was opened: the last step on this answer.
async function undoHere() {
  const places = targets().filter((place) => known.get(place)?.state);
  if (places.length) await takeBack(places);
}

function takeBack(places) {
  for (const place of places) waiting.set(place, (waiting.get(place) ?? 0) + 1);
  tellStep(words.saving);
  const step = queue.then(async () => {
    const said = places.map((place) => ({ id: known.get(place).id, seen: known.get(place).seen }));
    return (await post("/answers/back", { said: JSON.stringify(said) })).json();
  });
  return settle(step, places, words.taken_back);
}

function withCodes(one, codes) {
  one.codes = codes;
  one.state = codes.length ? "coded" : "";
  one.quotes = one.quotes.filter(([, , code]) => codes.includes(code));
  one.values = Object.fromEntries(Object.entries(one.values).filter(([code]) => codes.includes(code)));
  if (!codes.length) { one.uncertain = false; one.comment = ""; }
}

function toggle(code) {
  const part = markedPart();
  return say((all) => {
    if (part && all.length === 1) {
      const [one] = all;
      if (!one.codes.includes(code)) withCodes(one, joined(one.codes, code));
      one.quotes = [...one.quotes.filter((own) => own.join() !== [...part, code].join()), [...part, code]];
      return;
    }
    const off = all.every((one) => one.codes.includes(code));
    for (const one of all) withCodes(one, off ? one.codes.filter((own) => own !== code) : joined(one.codes, code));
  });
}

function joined(own, code) {
  if (codeOf.get(code).exclusive) return [code];
  return [...new Set([...own.filter((other) => !codeOf.get(other)?.exclusive), code])].sort();
}

// The part of the answer that is selected, in code points; null where none is.
function markedPart() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!$("text").contains(range.startContainer) || !$("text").contains(range.endContainer)) return null;
  const until = document.createRange();
  until.selectNodeContents($("text"));
  until.setEnd(range.startContainer, range.startOffset);
  const start = [...until.toString()].length;
  const part = [start, start + [...range.toString()].length];
  selection.removeAllRanges();
  return part;
}

const state = (name) => say((all) => {
  for (const one of all) {
    withCodes(one, []);
    one.state = name;
  }
});

const doubt = () => say((all) => {
  const on = !all.every((one) => one.uncertain);
  for (const one of all) if (one.state && one.state !== "skipped") one.uncertain = on;
});

const accept = () => say((all) => {
  for (const one of all) if (!one.state && one.shown?.length) withCodes(one, one.shown.filter((code) => codeOf.has(code)).sort());
});

// ---- keys and pointer

const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
const byKey = new Map(codes.filter((code) => code.key).map((code) => [code.key, code.id]));

grid.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); return; }
  if ((event.ctrlKey || event.metaKey) && event.key === "a") {
    event.preventDefault();
    rows.forEach((_, row) => selected.add(row));
    draw(); tell();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const doing = {
    "/": () => asked.elements.words.focus(),
    c: () => $("find_code")?.focus(),
    0: () => state("no_code"),
    s: () => state("skipped"),
    t: doubt,
    z: undo,
    l: like,
    Enter: () => accept().then(() => go(here + 1)),
    " ": () => { pick(here); go(here + 1); },
    Escape: () => { selected.clear(); draw(); tell(); },
  };
  if (event.key in moves) go(here + moves[event.key], event.shiftKey);
  else if (coder && byKey.has(event.key)) toggle(byKey.get(event.key));
  else if (event.key in doing) doing[event.key]();
  else return;
  event.preventDefault();
});

grid.addEventListener("click", (event) => {
  const row = Number(event.target.closest(".row")?.dataset.row);
  if (Number.isNaN(row)) return;
  if (event.shiftKey) go(row, true);
  else if (coder && (event.ctrlKey || event.metaKey || event.target.closest(".row").firstChild.contains(event.target))) { here = row; pick(row); }
  else go(row);
});
grid.addEventListener("scroll", soon, { passive: true });
addEventListener("resize", soon);

// Keys of codes also work while a part of the answer is selected.
$("text").addEventListener("keydown", (event) => {
  if (coder && byKey.has(event.key) && !event.ctrlKey && !event.metaKey) { event.preventDefault(); toggle(byKey.get(event.key)); }
});

if (coder) {
  $("codes").addEventListener("click", (event) => {
    const code = event.target.closest("button")?.dataset.code;
    if (code) toggle(code);
  });
  $("codes").addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
  $("codes").addEventListener("change", (event) => {
    const code = event.target.dataset.value;
    if (code) say((all) => { for (const one of all) if (one.codes.includes(code)) { if (event.target.value) one.values[code] = event.target.value; else delete one.values[code]; } });
  });
  $("no_code").addEventListener("click", () => state("no_code"));
  $("skipped").addEventListener("click", () => state("skipped"));
  $("uncertain").addEventListener("click", doubt);
  $("undo").addEventListener("click", undo);
  $("comment").addEventListener("change", (event) => {
    const text = event.target.value;
    say((all) => { for (const one of all) if (one.state) one.comment = text; });
  });
  const filter = $("find_code");
  const fits = () => [...$("codes").children].filter((item) => item.textContent.toLowerCase().includes(filter.value.trim().toLowerCase()));
  filter.addEventListener("input", () => { const shown = fits(); for (const item of $("codes").children) item.hidden = !shown.includes(item); });
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const [first] = fits();
    if (event.key === "Enter" && filter.value.trim() && first) toggle(first.querySelector("button").dataset.code);
    filter.value = "";
    for (const item of $("codes").children) item.hidden = false;
    grid.focus();
  });
}

// ---- what is asked for

function like() {
  const one = rows.length && known.get(rows[here][0]);
  if (!one) return;
  asked.elements.like.value = one.id;
  find().catch(() => {});
}
$("like").addEventListener("click", like);

let typing = 0;
asked.addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => find().catch(() => {}), event.target.name === "words" ? 150 : 0);
});
asked.addEventListener("submit", (event) => { event.preventDefault(); find().then(() => grid.focus()).catch(() => {}); });
asked.addEventListener("reset", () => setTimeout(() => { asked.elements.like.value = ""; find().catch(() => {}); }));
asked.elements.words.addEventListener("keydown", (event) => { if (event.key === "Escape") grid.focus(); });
$("copy").addEventListener("click", async () => {
  const table = await (await ask(`/answers/table?${query()}`)).text();
  await navigator.clipboard.writeText(table);
  tell(words.copied.replace("{n}", answers));
});

// Another tab, or a pull: what is in view is asked for again.
document.addEventListener("study-changed", async (event) => {
  event.preventDefault();
  await queue;
  known.clear();
  wanted.clear();
  draw();
});

// Another page may ask for what is shown at first.
const plain = query();
for (const [name, value] of new URLSearchParams(location.search)) {
  const field = asked.elements[name];
  if (!field || name === "coder") continue;
  if (field.type === "checkbox") field.checked = value === field.value;
  else field.value = value;
}
find().then(() => grid.focus()).catch(() => {});
