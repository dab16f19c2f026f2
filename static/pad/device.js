/* This device: keeping its screen on, and what it can do here or needs HTTPS for. */

import { canScan } from "./camera.js";
import { byId } from "./page.js";

const KEPT = "readyboard.keep-screen-on";
const box = byId("keep-on");
let lock = null;

const canKeepOn = () => isSecureContext && "wakeLock" in navigator;

/* The browser lets go of it whenever the page is out of sight, so it is asked for again. */
async function keepOn() {
  if (!box.checked || document.hidden || (lock && !lock.released)) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    lock = null; // a nearly empty battery may refuse
  }
}

async function switched() {
  localStorage.setItem(KEPT, box.checked ? "yes" : "no");
  if (box.checked) return keepOn();
  await lock?.release();
  lock = null;
}

function tell(name, can) {
  const word = can ? "yes" : isSecureContext ? "not in this browser" : "needs HTTPS";
  byId(`can-${name}`).textContent = word;
}

export function startDevice() {
  tell("install", isSecureContext && "serviceWorker" in navigator);
  tell("scan", canScan());
  tell("keep-on", canKeepOn());
  byId("plain").hidden = isSecureContext;
  box.disabled = !canKeepOn();
  box.checked = canKeepOn() && localStorage.getItem(KEPT) === "yes";
  box.addEventListener("change", switched);
  document.addEventListener("visibilitychange", keepOn);
  keepOn();
  byId("open-help").addEventListener("click", () => byId("help").showModal());
}
