// The picture of who can call is one stop for the Tab key, and the arrow keys move inside it. Without this script
// each cell is a stop of its own.
"use strict";

const rowsOf = (picture) =>
  [...picture.querySelectorAll("[role=row]")].map((row) => [...row.querySelectorAll(".ol-cell")]);

function oneStop() {
  for (const picture of document.querySelectorAll("svg.ol")) {
    picture.querySelectorAll(".ol-cell").forEach((cell, place) => cell.setAttribute("tabindex", place ? -1 : 0));
  }
}

function neighbour(cell, key) {
  // A row without cells, such as of a record that is not in the DNS, is passed over.
  const rows = rowsOf(cell.closest("svg")).filter((cells) => cells.length);
  const row = rows.findIndex((cells) => cells.includes(cell));
  const column = rows[row].indexOf(cell);
  switch (key) {
    case "ArrowRight": return rows[row][column + 1];
    case "ArrowLeft": return rows[row][column - 1];
    case "ArrowDown": return rows[row + 1]?.[column];
    case "ArrowUp": return rows[row - 1]?.[column];
    case "Home": return rows[row][0];
    case "End": return rows[row].at(-1);
    default: return undefined;
  }
}

function moveInside(event) {
  const cell = event.target.closest?.(".ol-cell");
  if (!cell) return;
  if (event.key === "Escape") cell.blur();
  const next = neighbour(cell, event.key);
  if (!next) return;
  event.preventDefault();
  cell.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}

document.addEventListener("keydown", moveInside);
document.addEventListener("htmx:afterSettle", oneStop);
oneStop();
