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

// The field in which one types is made anew each time that a list opens.
function nameField(event) {
  if (!event.target.matches(".select2-search__field")) return;
  const select = document.querySelector(".select2-container--open")?.previousElementSibling;
  const label = select && labelOf(select);
  if (label) event.target.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
}

window.django?.jQuery?.(nameBoxes); // after Django, which was earlier to ask for its turn, has made them
document.addEventListener("focusin", nameField);
