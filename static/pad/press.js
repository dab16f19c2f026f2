/* Pressing: forms are posted without leaving the page, and the bar tells what came of it. */

import { filter, reveal, shownCards } from "./cards.js";
import { showDoubts } from "./doubts.js";
import { refresh } from "./feed.js";
import { find } from "./find.js";
import { LIVE, at, bar, bulk, byId, isDoor, pad, read, say, search, signIn } from "./page.js";

const MOST_DONE = 20;
const MOST_BUSY_MS = 1500;
const asking = byId("ask");
const done = []; // what this tablet moved, to take back the last by a key: as in the bar

/* The card stays busy until it is drawn anew: a second press means what the first one led to. */
async function press(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  const busy = form.closest(".card") || form;
  if (busy.classList.contains("busy")) return;
  busy.classList.add("busy");
  try {
    await told(await send(form.getAttribute("action"), body), form);
  } catch {
    say("Not sent: there is no connection. Try again when it is back.");
  } finally {
    busy.classList.remove("busy");
  }
}

const send = (action, body) =>
  fetch(action, { method: "POST", headers: LIVE, body, signal: AbortSignal.timeout(10000) });

/* A proxy's own page might be a 200, too. */
const isOurs = (answer) => answer.ok && answer.headers.has("X-Live");

async function told(answer, form) {
  if (isDoor(answer)) return signIn();
  const page = await read(answer);
  const asked = page.querySelector("form.hand-over");
  if (asked) return ask(asked);
  asking?.close();
  if (form?.closest("#bar")) done.pop();
  show(page, answer);
  if (isOurs(answer) && form?.closest("#walk-up")) {
    form.reset();
    form.closest("details").open = false;
  }
  if (bulk && form === bulk) {
    form.reset();
    showDoubts();
  }
  const looked = refresh();
  const longest = new Promise((over) => setTimeout(over, MOST_BUSY_MS));
  if (isOurs(answer)) await Promise.race([looked, longest]);
}

function show(page, answer) {
  const drawn = page.querySelector(".bar");
  if (drawn) bar.replaceChildren(document.adoptNode(drawn));
  else if (isOurs(answer)) bar.replaceChildren();
  else say(page.getElementById("detail")?.textContent || "That did not work.");
  if (drawn?.dataset.undo) done.push(drawn.dataset.undo);
  if (done.length > MOST_DONE) done.shift();
}

/* An order with an unlock code is handed over to who knows it. */
function ask(form) {
  byId("ask-head").textContent = form.dataset.head;
  byId("ask-form").replaceChildren(document.adoptNode(form));
  if (!asking.open) asking.showModal();
  form.querySelector("[name=code]").focus();
  refresh(); // a wrong code is news, too
}

export function undo() {
  bar.querySelector(".undo")?.click();
}

export async function recallLast() {
  const last = done.pop();
  if (!last) return say("Nothing was moved here yet. See Finished orders in the menu.");
  const body = new URLSearchParams({ do: "recall" });
  for (const pair of last.split(",")) body.append("order", pair);
  try {
    await told(await send(at("/bulk"), body));
  } catch {
    done.push(last);
    say("Not sent: there is no connection. Try again when it is back.");
  }
}

/* Enter in the search field: to the one order that fits, or to what a scanner typed there. */
function searched() {
  const found = filter();
  if (found === 1) return reveal(shownCards(pad)[0]);
  if (found === 0 && search.value.trim()) return find(search.value);
  search.blur();
}

export function startPressing() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[role=search]")) {
      event.preventDefault();
      searched();
    } else if (form.matches("[data-live]")) {
      event.preventDefault();
      press(form, event.submitter);
    }
  });
}
