// Makes pages smoother. Everything here is an extra: each page works without it.
"use strict";

const SENT_FOR_MS = 25_000; // longer than the deadline of a registry's reply
const themes = ["auto", "light", "dark"];

const text = (name) => document.body.dataset[name] ?? "";
const announce = (words) => { document.getElementById("live").textContent = words; };

// --- theme ---------------------------------------------------------------------------------------------------------
const currentTheme = () => document.documentElement.dataset.theme ?? "auto";

function showTheme() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    const label = button.getAttribute(`data-label-${currentTheme()}`);
    button.setAttribute("aria-label", label);
    button.title = label;
  }
  for (const select of document.querySelectorAll("main [name=theme]")) select.value = currentTheme();
}

function switchTheme(form) {
  const next = themes[(themes.indexOf(currentTheme()) + 1) % themes.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // The choice then lasts for this page only.
  }
  showTheme();
  if (!form) return; // nobody has signed in
  const body = new URLSearchParams([...new FormData(form), ["theme", next]]);
  // It outlives a page that is left at once. Offline, the choice lasts until the next page.
  fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => {});
}

// --- time zone -----------------------------------------------------------------------------------------------------
// No header says it, so a cookie does, for whoever has chosen none (dashboard/web/preferences.py).
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cookie = `e164web_time_zone=${zone}`;
  if (!zone || !text("home") || document.cookie.split("; ").includes(cookie)) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}; path=${text("home")}; max-age=31536000; samesite=lax${secure}`;
}

// --- copying -------------------------------------------------------------------------------------------------------
// The button beside a text to copy. The style sheet keeps its place free, so that nothing moves.
function offerToCopy() {
  for (const shown of document.querySelectorAll(".copy-text:only-child")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-button";
    button.title = text("textCopy");
    button.setAttribute("aria-label", text("textCopyWhat").replace("%s", () => shown.dataset.what || shown.textContent));
    shown.after(button);
  }
}

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
  const words = button.previousElementSibling.textContent;
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
  // The button of a form need not be inside it, and stays where the form is replaced.
  for (const button of document.querySelectorAll("[data-working]")) button.removeAttribute("data-working");
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
const formOf = (element) => element.form ?? element.closest?.("form");

// A form may also ask for its preview meanwhile; only what a button sends is sent once.
function formSent(event) {
  const { elt, verb } = event.detail.requestConfig ?? {};
  return verb === "post" && elt.matches("form, button") ? formOf(elt) : null;
}

function htmxSends(event) {
  const form = formSent(event);
  if (!form) return;
  const { elt, triggeringEvent } = event.detail.requestConfig;
  markSent(form, elt.matches("button") ? elt : triggeringEvent?.submitter);
  rememberTyped(form);
}

function htmxIsDone(event) {
  const form = formSent(event);
  if (form) unmark(form);
}

// What is typed while an answer is on its way is newer than the answer.
let typed = new Map(); // the fields of the form by id, each with its value when the form was sent

const fieldsOf = (form) => [...form.elements].filter((field) => field.id && field.type !== "hidden");

function rememberTyped(form) {
  typed = new Map(fieldsOf(form).map((field) => [field.id, field.value]));
}

function keepTyped(event) {
  if (!formSent(event)) return;
  const newer = [...typed].map(([id, sent]) => [id, sent, document.getElementById(id)?.value])
    .filter(([, sent, now]) => now !== undefined && now !== sent);
  typed = new Map(newer.map(([id, , now]) => [id, now]));
}

function restoreTyped(event) {
  if (!formSent(event)) return;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  typed = new Map();
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

// What a page asks by itself (templates say which) takes no focus, and fails where its answer would stand.
const cameByItself = ({ detail }) => detail.requestConfig?.elt.matches("[data-by-itself]") ?? false;

function sayFailed(event, words) {
  if (!cameByItself(event)) return notice(words);
  const { elt, target } = event.detail.requestConfig;
  const place = target.id === "main" ? elt : target;
  if (place.querySelector(".failed")) return;
  const line = document.createElement("span");
  line.className = "failed";
  line.textContent = words;
  place.append(line);
}

function signInIfSessionEnded(event) {
  // A fragment cannot be replaced by the sign-in page: load the whole page, which then asks to sign in.
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname !== text("login") || location.pathname === text("login")) return;
  event.detail.shouldSwap = false;
  const form = formSent(event);
  // A preview comes by itself: what is typed stays until its person sends it.
  if (!form && document.querySelector("[data-dirty]")) return;
  if (form) unmark(form); // nothing was saved: the browser asks before what was typed is lost
  location.reload();
}

// Where the person was working when the form was sent, or has gone since: it exists again after the swap.
let place = null;
const nameOf = (control) => control.getAttribute("aria-label") ?? control.textContent.trim();

function rememberPlace(event) {
  if (event.type === "htmx:beforeSwap" && document.activeElement === document.body) return; // its button is disabled
  const record = document.activeElement.closest(".record[id]");
  place = record ? { record: record.id, id: document.activeElement.id, control: nameOf(document.activeElement) } : null;
}

function findPlace() {
  const record = place && document.getElementById(place.record);
  const controls = [...(record?.querySelectorAll("button, a, input, select") ?? [])];
  return controls.find((control) => (place.id ? control.id === place.id : nameOf(control) === place.control)) ?? record;
}

// What an error page says, where the answer is one: the page that was typed into stays.
function reasonIn(answer) {
  return new DOMParser().parseFromString(answer, "text/html").querySelector("[data-reason]")?.textContent.trim();
}

// In view with the record that it belongs to, where there is room for it.
function focusOn(element) {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  const record = element.closest(".record");
  const fits = record && record.offsetHeight < innerHeight * 0.75; // what the bars leave free
  (fits ? record : element).scrollIntoView({ block: "nearest" });
}

const URGENT = "[aria-invalid='true'], [data-focus]";

function focusAfterSwap(event) {
  const swapped = event.detail.elt;
  if (swapped.id === "messages" || !swapped.isConnected) return; // read out as a live region
  if (cameByItself(event) && swapped.id !== "main") return; // they look at something else, unless all of the page is new
  const outcomes = [...swapped.querySelectorAll("[data-outcome]")];
  if (outcomes.length) announce(outcomes.map((outcome) => outcome.textContent.trim()).join(" "));
  const chosen = swapped.querySelector("[autofocus]");
  const isUrgent = chosen && !chosen.matches("[data-outcome]");
  const target = (isUrgent && chosen) || swapped.querySelector(URGENT) || findPlace() || chosen;
  if (target) focusOn(target);
  else if (document.activeElement === document.body) focusOn(swapped);
}

function tellOfWrite(event) {
  // What the DNS says is asked anew (templates/dashboard/parts/dns_panel.html).
  if (formSent(event)) document.body.dispatchEvent(new Event("written"));
}

function followRedirect(event) {
  // A form that was sent leads to another page; reloading must not lead back to the form.
  const { xhr, requestConfig } = event.detail;
  if (!formSent(event) || !xhr.responseURL) return;
  const asked = new URL(requestConfig.path, location.href);
  const answered = new URL(xhr.responseURL);
  if (answered.pathname !== asked.pathname) history.replaceState(null, "", answered);
}

// --- unsaved changes -----------------------------------------------------------------------------------------------
// "Save" stands out once there is something to save (records.css), and leaving the page asks.
function markDirty(event) {
  const form = formOf(event.target);
  if (form?.method === "post") (event.target.closest(".record") ?? form).dataset.dirty = "";
}

function askBeforeLeaving(event) {
  for (const form of document.querySelectorAll("form[data-unsaved]:not([data-sent])")) {
    if (form.matches("[data-dirty]") || form.querySelector("[data-dirty]")) event.preventDefault();
  }
}

// Enter saves the record in which it is pressed.
function saveOnEnter(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".record input")) return;
  event.preventDefault();
  event.target.closest(".record").querySelector("[data-save]").click();
}

// A browser cuts what is pasted to a field's maxlength without a word: rather have it whole, with the server's answer.
function pasteWhole(event) {
  const field = event.target;
  const pasted = event.clipboardData?.getData("text") ?? "";
  if (field.maxLength > 0 && field.value.length + pasted.length > field.maxLength) field.removeAttribute("maxlength");
}

// --- the way back --------------------------------------------------------------------------------------------------
function canStore() {
  try {
    return Boolean(sessionStorage);
  } catch {
    return false; // forbidden by the browser's settings; the way back then leads to the whole list
  }
}

// A list that was searched is come back to as it was: links to its address get its search, in this window only.
function rememberList() {
  if (!canStore()) return;
  const list = document.getElementById("numbers");
  if (list) sessionStorage.setItem("list", `${location.pathname}${location.search}`);
  const last = sessionStorage.getItem("list");
  if (!last) return;
  if (location.pathname === text("login")) sessionStorage.removeItem("list");
  for (const link of document.querySelectorAll(".crumbs a")) {
    if (!list && link.pathname === last.split("?")[0]) link.href = last;
  }
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
  const button = event.target.closest(".copy-button, [data-theme-switch]");
  if (!button) return;
  if (button.matches(".copy-button")) copy(button);
  else switchTheme(button.form);
}

document.addEventListener("click", clicked);
document.addEventListener("keydown", escapeMenu);
document.addEventListener("keydown", saveOnEnter);
document.addEventListener("input", markDirty);
document.addEventListener("paste", pasteWhole);
document.addEventListener("submit", refuseSecond, true);
document.addEventListener("submit", sendOnce);
document.addEventListener("htmx:beforeRequest", rememberPlace);
document.addEventListener("htmx:beforeSend", htmxSends);
document.addEventListener("htmx:afterRequest", htmxIsDone);
document.addEventListener("htmx:beforeSwap", signInIfSessionEnded);
document.addEventListener("htmx:beforeSwap", rememberPlace);
document.addEventListener("htmx:beforeSwap", keepTyped);
document.addEventListener("htmx:afterSettle", offerToCopy);
document.addEventListener("htmx:afterSettle", restoreTyped);
document.addEventListener("htmx:afterSettle", focusAfterSwap);
document.addEventListener("htmx:afterSettle", followRedirect);
document.addEventListener("htmx:afterSettle", tellOfWrite);
document.addEventListener("htmx:pushedIntoHistory", rememberList);
document.addEventListener("htmx:responseError", (event) => sayFailed(event, reasonIn(event.detail.xhr.response) ?? text("textFailed")));
document.addEventListener("htmx:sendError", (event) => sayFailed(event, text("textOffline")));
document.addEventListener("htmx:timeout", (event) => sayFailed(event, text("textOffline")));
// A page that comes back from the browser's cache may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(unmark));

offerToCopy();
showTheme();
rememberZone();
rememberList();
const urgent = document.querySelector(`main :is(${URGENT})`);
if (urgent && !urgent.contains(document.activeElement)) focusOn(urgent);
window.addEventListener("beforeunload", askBeforeLeaving);
