// Names what the admin's choices by typing (select2) leave without a name: the label of the field that they stand for.
"use strict";

const labelOf = (select) => document.querySelector(`label[for="${CSS.escape(select.id)}"]`);

function nameBoxes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = labelOf(select);
    const box = select.nextElementSibling?.querySelector("[role='combobox']");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const chosen = box.querySelector("[role='textbox']");
    for (const each of [box, chosen]) each.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
  }
}

// What opens is made anew each time, at the end of the page.
function nameOpened(event) {
  if (!event.target.matches(".select2-search__field")) return;
  const [box, list] = document.querySelectorAll(".select2-container--open");
  const label = box && labelOf(box.previousElementSibling);
  if (!label || !list) return;
  const name = label.textContent.trim().replace(/:$/, "");
  event.target.setAttribute("aria-label", name);
  list.setAttribute("role", "dialog");
  list.setAttribute("aria-label", name);
  box.querySelector("[role='combobox']").setAttribute("aria-controls", list.querySelector("[role='listbox']").id);
}

window.django?.jQuery?.(nameBoxes); // after Django, which was earlier to ask for its turn, has made them
document.addEventListener("focusin", nameOpened);
