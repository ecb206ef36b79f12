// Makes pages smoother. Everything here is an extra: each page works without it.
"use strict";

const SENT_FOR_MS = 25_000; // longer than the deadline of a registry's reply
const themes = ["auto", "light", "dark"];

const text = (name) => document.body.dataset[name] ?? "";
const announce = (words) => { document.getElementById("live").textContent = words; };

// --- theme ---------------------------------------------------------------------------------------------------------
const currentTheme = () => document.documentElement.dataset.theme ?? "auto";

function labelThemeSwitch() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    const label = button.getAttribute(`data-label-${currentTheme()}`);
    button.setAttribute("aria-label", label);
    button.title = label;
  }
}

function switchTheme() {
  const next = themes[(themes.indexOf(currentTheme()) + 1) % themes.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // The choice then lasts for this page only.
  }
  labelThemeSwitch();
}

// --- copying -------------------------------------------------------------------------------------------------------
function copyBySelection(words) {
  // The clipboard API exists in secure contexts only; a dashboard in a home network may be without TLS.
  const area = document.createElement("textarea");
  area.value = words;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copy(button) {
  const words = button.dataset.copy;
  let done = false;
  try {
    await navigator.clipboard.writeText(words);
    done = true;
  } catch {
    done = copyBySelection(words);
    button.focus();
  }
  if (!done) return;
  button.dataset.copied = "";
  announce(`${text("textCopied")}: ${words}`);
  setTimeout(() => delete button.dataset.copied, 1500);
}

// --- sending once --------------------------------------------------------------------------------------------------
// A form in flight refuses a second submit. The server has its own guard; this one only spares the person a surprise.
const timers = new WeakMap();

function markSent(form, submitter) {
  form.dataset.sent = "";
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("data-working", "");
  timers.set(form, setTimeout(() => unmark(form), SENT_FOR_MS));
}

function unmark(form) {
  clearTimeout(timers.get(form));
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-working]")) button.removeAttribute("data-working");
}

function refuseSecond(event) {
  if (event.target.method !== "post" || !("sent" in event.target.dataset)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return; // htmx sends its own; see beforeSend
  markSent(form, event.submitter);
}

// --- htmx ----------------------------------------------------------------------------------------------------------
const formOf = (element) => element.closest?.("form");

// A form may also ask for its preview meanwhile (GET); only a POST is sent once.
const formPosted = (event) => (event.detail.requestConfig.verb === "post" ? formOf(event.detail.elt) : null);

function htmxSends(event) {
  const form = formPosted(event);
  if (form) markSent(form, event.detail.requestConfig.triggeringEvent?.submitter);
}

function htmxIsDone(event) {
  const form = formPosted(event);
  if (form) unmark(form);
}

function notice(words) {
  const region = document.getElementById("messages");
  const box = document.createElement("div");
  box.className = "notice notice-danger";
  const line = document.createElement("p");
  line.textContent = words;
  box.append(line);
  region.replaceChildren(box);
  region.scrollIntoView({ block: "nearest" });
}

function signInIfSessionEnded(event) {
  // A fragment cannot be replaced by the sign-in page: load the whole page, which then asks to sign in.
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname !== text("login") || location.pathname === text("login")) return;
  event.detail.shouldSwap = false;
  location.reload();
}

// Where the person was working: the same button or link of the same record exists again after the swap.
let place = null;
const nameOf = (control) => control.getAttribute("aria-label") ?? control.textContent.trim();

function rememberPlace() {
  const record = document.activeElement.closest(".record[id]");
  place = record ? { record: record.id, control: nameOf(document.activeElement) } : null;
}

function findPlace() {
  const record = place && document.getElementById(place.record);
  const controls = [...(record?.querySelectorAll("button, a") ?? [])];
  return controls.find((control) => nameOf(control) === place.control) ?? record;
}

function focusOn(element) {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}

function focusAfterSwap(event) {
  const swapped = event.detail.elt;
  if (swapped.id === "messages" || !swapped.isConnected) return; // read out as a live region
  if (swapped.closest("#dns-said, .dns-cell")) return; // came by itself: nobody waits for it there
  const fault = swapped.querySelector("[aria-invalid='true']") ?? swapped.querySelector("[data-focus]");
  if (fault) fault.focus();
  else if (document.activeElement === document.body) focusOn(findPlace() ?? swapped);
}

function tellOfWrite(event) {
  // What the DNS says is asked anew (templates/dashboard/parts/dns_panel.html).
  if (event.detail.requestConfig?.verb === "post") document.body.dispatchEvent(new Event("written"));
}

function followRedirect(event) {
  // A form that was sent leads to another page; reloading must not lead back to the form.
  const { xhr, requestConfig } = event.detail;
  if (requestConfig?.verb !== "post" || !xhr.responseURL) return;
  const asked = new URL(requestConfig.path, location.href);
  const answered = new URL(xhr.responseURL);
  if (answered.pathname !== asked.pathname) history.replaceState(null, "", answered);
}

// --- unsaved changes -----------------------------------------------------------------------------------------------
// "Save" stands out once there is something to save (records.css).
function markDirty(event) {
  const form = formOf(event.target);
  if (form?.method === "post") form.dataset.dirty = "";
}

// --- menus ---------------------------------------------------------------------------------------------------------
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function escapeMenu(event) {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function clicked(event) {
  closeMenus(event.target.closest("details[data-menu]"));
  const button = event.target.closest("[data-copy], [data-theme-switch]");
  if (!button) return;
  if ("copy" in button.dataset) copy(button);
  else switchTheme();
}

document.addEventListener("click", clicked);
document.addEventListener("keydown", escapeMenu);
document.addEventListener("input", markDirty);
document.addEventListener("submit", refuseSecond, true);
document.addEventListener("submit", sendOnce);
document.addEventListener("htmx:beforeSend", htmxSends);
document.addEventListener("htmx:afterRequest", htmxIsDone);
document.addEventListener("htmx:beforeSwap", signInIfSessionEnded);
document.addEventListener("htmx:beforeSwap", rememberPlace);
document.addEventListener("htmx:afterSettle", focusAfterSwap);
document.addEventListener("htmx:afterSettle", followRedirect);
document.addEventListener("htmx:afterSettle", tellOfWrite);
document.addEventListener("htmx:responseError", () => notice(text("textFailed")));
document.addEventListener("htmx:sendError", () => notice(text("textOffline")));
document.addEventListener("htmx:timeout", () => notice(text("textOffline")));
// A page that comes back from the browser's cache may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(unmark));

labelThemeSwitch();
document.querySelector("main [data-focus]")?.focus();
