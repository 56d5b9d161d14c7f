// What all pages share: a page says when the study was changed elsewhere (another tab, a command),
// and pages that keep themselves up to date listen for "study-changed".

const EVERY = 3000;

async function state() {
  const answer = await fetch("/changes");
  return answer.ok ? (await answer.json()).state : null;
}

let known = await state().catch(() => null);
let begun = 0; // changes of our own
let over = 0;

// A change of our own is none that was made elsewhere, also while it is on its way.
const changes = (event) => (event.detail.requestConfig?.verb ?? "get") !== "get";
document.addEventListener("htmx:beforeRequest", (event) => { if (changes(event)) begun += 1; });
document.addEventListener("htmx:afterRequest", async (event) => {
  if (!changes(event)) return;
  known = await state().catch(() => known);
  over += 1;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

async function look() {
  try {
    const before = begun;
    const now = document.hidden ? known : await state();
    if (now && known && now !== known && begun === before && over === begun) {
      known = now;
      const listened = !document.dispatchEvent(new CustomEvent("study-changed", { cancelable: true }));
      if (!listened) document.getElementById("changed").hidden = false;
    }
  } catch {
    // the workbench was ended: nothing changes any more
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
