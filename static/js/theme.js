// Runs before the first paint. Without it, or without storage, the browser's own setting decides (variables.css). What an
// account has chosen counts in every browser, and is remembered for the pages that know no account.
"use strict";
document.documentElement.classList.add("js");
let theme = document.currentScript.dataset.chosen;
try {
  if (theme) localStorage.setItem("theme", theme);
  else theme = localStorage.getItem("theme");
} catch {
  // Storage may be switched off; the automatic theme needs none.
}
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
