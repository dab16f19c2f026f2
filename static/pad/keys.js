/* The pad by keyboard, by bump bar and by a scanner that types. A scanner is told from a hand by
   its speed: keys closer together than BURST_MS are one code, and no key of it does anything else. */

import { numbered, switchBumpBar } from "./bump_bar.js";
import { current, filter, step } from "./cards.js";
import { find } from "./find.js";
import { byId, search } from "./page.js";
import { recallLast, undo } from "./press.js";

const BURST_MS = 100;

const KEYS = {
  "/": () => search.focus(),
  "?": () => byId("help").showModal(),
  b: switchBumpBar,
  h: () => press("button[value=held]"),
  m: () => press(".more summary"),
  n: openNew,
  r: recallLast,
  u: undo,
  x: () => press(".pick input"),
};
const ARROWS = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
const TYPED_IN = "input:not([type=checkbox]), textarea, select";

let typed = "";
let timer = 0;

function press(what) {
  current()?.querySelector(what)?.click();
}

function openNew() {
  const menu = byId("walk-up");
  if (menu) menu.open = true;
}

function escape() {
  for (const menu of document.querySelectorAll("details[open]")) menu.open = false;
  if (search.value && document.activeElement === search) {
    search.value = "";
    filter();
  }
}

/* A letter waits for a moment: it may be the first of a code. */
function gather(event) {
  if (event.key === " " && !typed) return; // presses the button in focus
  event.preventDefault();
  if (event.repeat) return;
  typed += event.key;
  clearTimeout(timer);
  timer = setTimeout(settle, BURST_MS);
}

function settle() {
  const keys = taken();
  if (keys.length === 1) return /[1-9]/.test(keys) ? numbered(Number(keys)) : KEYS[keys]?.();
  if (!keys.startsWith("/")) return find(keys); // a scanner that ends its codes with nothing
  search.focus(); // by hand, though a fast one
  search.value = keys.slice(1);
  filter();
}

function taken() {
  const keys = typed;
  typed = "";
  clearTimeout(timer);
  return keys;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) {
      return;
    }
    if (event.key === "Escape") return escape();
    if (event.target.closest(TYPED_IN)) return;
    if (event.key.length === 1) return gather(event);
    if (typed && ["Enter", "Tab"].includes(event.key)) {
      event.preventDefault();
      find(taken());
    } else if (event.key in ARROWS) {
      event.preventDefault();
      step(...ARROWS[event.key]);
    }
  });
}
