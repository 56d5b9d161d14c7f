"use strict";
// Choosing a question and a coefficient, and the order of rows, on the agreement page. Everything
// is on the page already: without this script each panel is a part that opens.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".switches");
  const panels = [...document.querySelectorAll(".panel")];
  const chosen = (name) => form.elements[name].value;

  function show() {
    for (const panel of panels) {
      panel.open = panel.dataset.question === chosen("question")
        && panel.dataset.coefficient === chosen("coefficient");
      if (panel.open) panel.querySelectorAll("tbody").forEach(order);
    }
  }

  function order(body) {
    const key = chosen("order") === "group" ? "order" : "place";
    const rows = [...body.querySelectorAll("tr[data-order]")];
    rows.sort((a, b) => a.dataset[key] - b.dataset[key]);
    body.replaceChildren(...(key === "order" ? grouped(rows) : rows));
  }

  // the rows with a heading before each group; the codebook's order keeps groups together
  function grouped(rows) {
    const names = [...new Set(rows.map((row) => row.dataset.group))];
    return names.flatMap((name) => {
      const head = document.createElement("tr");
      const cell = document.createElement("th");
      head.className = "group";
      cell.colSpan = 11;
      cell.scope = "rowgroup";
      cell.textContent = name || document.body.dataset.noGroup;
      head.append(cell);
      return [head, ...rows.filter((row) => row.dataset.group === name)];
    });
  }

  // without a form nothing is coded twice: there is nothing to choose
  if (form) {
    form.addEventListener("change", show);
    show();
  }

  const copy = document.querySelector(".copy");
  copy.addEventListener("click", async () => {
    const text = document.querySelector(".methods p");
    try {
      await navigator.clipboard.writeText(text.textContent);
      copy.nextElementSibling.textContent = copy.dataset.done;
    } catch {
      // no clipboard here: the paragraph is selected, so that Ctrl+C takes it
      getSelection().selectAllChildren(text);
    }
  });

  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll(".machine details")) part.open = true;
  });
});
