/* Number keys, as a bump bar in the kitchen has them: each moves on the order that shows its digit,
   in the column one is in, else among those in progress. Shown from the first press on. */

import { current, shownCards } from "./cards.js";
import { byId, pad, say } from "./page.js";

const KEPT = "readyboard.bump-bar"; // on, off, or nothing until a number key is pressed
const box = byId("bump-bar");

const setting = () => localStorage.getItem(KEPT);

function cards() {
  const column = current()?.closest(".column") || byId("progress");
  return shownCards(column).filter((card) => card.querySelector(".bump")).slice(0, 9);
}

function mark() {
  for (const head of pad.querySelectorAll("[data-digit]")) delete head.dataset.digit;
  if (setting() !== "on") return;
  cards().forEach((card, index) => (card.querySelector(".head").dataset.digit = index + 1));
}

function set(on) {
  localStorage.setItem(KEPT, on ? "on" : "off");
  box.checked = on;
  mark();
}

export function numbered(digit) {
  if (setting() === "off") return say("Number keys are switched off. The key b switches them on.");
  const card = cards()[digit - 1];
  if (setting() !== "on") set(true);
  card?.querySelector(".bump").click();
}

export function switchBumpBar() {
  set(setting() !== "on");
}

export function startBumpBar() {
  box.checked = setting() === "on";
  box.addEventListener("change", () => set(box.checked));
  pad.addEventListener("drawn", mark);
  pad.addEventListener("focusin", mark);
  pad.addEventListener("focusout", () => setTimeout(mark));
  mark();
}
