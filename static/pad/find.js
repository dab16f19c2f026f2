/* From what was scanned or typed to the order: its card here, or its own page. */

import { cardById, filter, reveal } from "./cards.js";
import { LIVE, at, isDoor, read, say, search, signIn } from "./page.js";

export async function find(code) {
  try {
    const answer = await fetch(at(`/find?code=${encodeURIComponent(code.slice(0, 500))}`), {
      headers: LIVE,
      signal: AbortSignal.timeout(8000),
    });
    if (isDoor(answer)) return signIn();
    const page = await read(answer);
    const found = page.querySelector(".found");
    if (found) goTo(found.dataset.id, found.querySelector("a").getAttribute("href"));
    else say(page.getElementById("detail")?.textContent || "That did not work.");
  } catch {
    say("Not looked up: there is no connection.");
  }
}

function goTo(id, address) {
  const card = cardById(id);
  if (!card) return location.assign(address);
  search.value = "";
  filter();
  reveal(card);
}

/* The address may name an order, when it was looked up from another page. Once only: a page that is
   loaded again later stays where it is. */
function goToHash() {
  const card = location.hash.startsWith("#order-") && cardById(location.hash.slice(7));
  if (!card) return;
  reveal(card);
  history.replaceState(null, "", location.pathname + location.search);
}

export function startFinding() {
  window.addEventListener("hashchange", goToHash);
  // The browser itself goes there first, and takes the focus off whatever has it.
  if (document.readyState === "complete") goToHash();
  else window.addEventListener("load", () => setTimeout(goToHash));
}
