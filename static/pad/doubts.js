/* What is not believable of the last hours. Looked up now and then: nobody waits for it. */

import { LIVE, at, byId, pad, read } from "./page.js";

const EVERY_MS = 30000;
const list = byId("doubts");
let looked = Date.now();
let seq = pad.dataset.seq;

export async function showDoubts() {
  looked = Date.now();
  seq = pad.dataset.seq;
  try {
    const answer = await fetch(at("/doubts"), { headers: LIVE, signal: AbortSignal.timeout(8000) });
    if (!answer.ok || answer.redirected) return;
    const fresh = (await read(answer)).querySelector(".doubts");
    const open = list.querySelector(".doubts")?.open;
    if (fresh && open) fresh.open = true;
    list.replaceChildren(...(fresh ? [document.adoptNode(fresh)] : []));
  } catch {
    // There is no connection; the pad says so.
  }
}

export function startDoubts() {
  pad.addEventListener("drawn", () => {
    if (seq !== pad.dataset.seq && Date.now() - looked > EVERY_MS) showDoubts();
  });
}
