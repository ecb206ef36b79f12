// Lets people try the API on the page about it. The token is read from its field for each request, and kept nowhere.
"use strict";

const tokenField = document.getElementById("api-token");

// Without a value a parameter of the path stays as it is written, and the answer says that there is no such thing.
function addressOf(group) {
  const query = new URLSearchParams();
  let address = group.dataset.address;
  for (const input of group.querySelectorAll("input")) {
    if (!input.value) continue;
    if (input.dataset.where === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(input.value));
    if (input.dataset.where === "query") query.set(input.name, input.value);
  }
  return query.size ? `${address}?${query}` : address;
}

function headersOf(group, body) {
  const headers = { Authorization: `Bearer ${tokenField.value.trim()}` };
  for (const input of group.querySelectorAll("input[data-where=header]")) {
    if (input.value) headers[input.name] = input.value;
  }
  if (body) headers["Content-Type"] = "application/json";
  return headers;
}

function readable(words) {
  try {
    return JSON.stringify(JSON.parse(words), null, 2);
  } catch {
    return words;
  }
}

async function send(button) {
  const group = button.closest(".api-try");
  const shown = group.querySelector("[data-answer]");
  const body = group.querySelector("textarea")?.value;
  button.disabled = true;
  try {
    const { method } = group.dataset;
    // No cookie goes along: who has signed in here counts for nothing there.
    const answer = await fetch(addressOf(group), { method, headers: headersOf(group, body), body, credentials: "omit" });
    const names = ["ETag", "Location", "Retry-After"].filter((name) => answer.headers.has(name));
    const head = names.map((name) => `${name}: ${answer.headers.get(name)}`);
    shown.textContent = [`${answer.status} ${answer.statusText}`, ...head, "", readable(await answer.text())].join("\n");
  } catch {
    shown.textContent = shown.dataset.failed;
  }
  shown.hidden = false;
  button.disabled = false;
  button.focus();
}

document.getElementById("try").hidden = false;
for (const group of document.querySelectorAll(".api-try")) group.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-send]");
  if (button) send(button);
});
// Which problem an answer points to, or which operation a link: that one is unfolded.
const target = location.hash && document.getElementById(location.hash.slice(1));
if (target?.matches("details")) target.open = true;
// A page that comes back from the browser's cache has no token any more.
window.addEventListener("pagehide", () => { tokenField.value = ""; });
