// What a browser says where a passkey could not be made or used, in words. allauth's scripts do the rest.
"use strict";

const REASONS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "place" };

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const box = document.getElementById("passkey-problem");
  box.querySelector("p").textContent = box.dataset[REASONS[event.detail.exception?.name] ?? "other"];
  box.hidden = false;
});
