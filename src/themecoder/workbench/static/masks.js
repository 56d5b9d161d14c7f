// Masking by selection: what is selected in one answer is masked by the button, Enter or M. Places
// are counted in characters (code points), as the study does, not in the units of JavaScript.

const answers = document.getElementById("answers");
const words = document.getElementById("to-mask");
let selected = null;

function characters(text) {
  return [...text].length;
}

// The place in the answer of a point in one of its pieces; null where it is in none.
function place(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  if (!piece) return null;
  const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : offset ? piece.textContent : "";
  return { answer: piece.closest("[data-answer]").dataset.answer, at: Number(piece.dataset.start) + characters(before) };
}

function selection() {
  const found = getSelection();
  if (!found.rangeCount || found.isCollapsed) return null;
  const range = found.getRangeAt(0);
  const from = place(range.startContainer, range.startOffset);
  const to = place(range.endContainer, range.endOffset);
  if (!from || !to || from.answer !== to.answer || from.at >= to.at) return null;
  const text = range.startContainer === range.endContainer
    ? range.startContainer.data.slice(range.startOffset, range.endOffset)
    : range.toString();
  return { answer: from.answer, start: from.at, end: to.at, text };
}

document.addEventListener("selectionchange", () => {
  const now = selection();
  if (!now && document.activeElement !== document.body && !answers.contains(document.activeElement)) return;
  selected = now;
  if (now) words.value = now.text.trim();
});

function maskSelected() {
  const values = {
    ...selected,
    shown: document.getElementById("shown").value,
    question: document.getElementById("question").value,
    kind: document.getElementById("kind").value,
    everywhere: document.getElementById("everywhere").checked ? "1" : "",
  };
  selected = null;
  getSelection().removeAllRanges();
  words.value = "";
  htmx.ajax("POST", "/masks/mask", { target: "#answers", values });
}

// The button masks what is selected, and where nothing is the words in the field.
document.getElementById("marker").addEventListener("submit", (event) => {
  if (event.submitter?.id === "take-back" || !selected || words.value !== selected.text.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  maskSelected();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing) return;
  if ((event.key === "m" || event.key === "Enter") && selected && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    maskSelected();
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.getElementById("take-back").click();
  }
});

// Who works by keyboard stays at the answer that she was at.
let at = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  at = event.target.closest(".answers li")?.id ?? null;
});
document.addEventListener("htmx:afterSwap", () => {
  const item = at && document.getElementById(at);
  (item?.querySelector(".answer button, button") ?? item)?.focus?.({ preventScroll: true });
  at = null;
});
