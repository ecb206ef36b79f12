// Runs before the first paint. Without it, or without storage, the browser's own setting decides (variables.css).
"use strict";
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off; the automatic theme needs none.
}
