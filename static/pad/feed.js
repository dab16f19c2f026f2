/* Hearing what happens, and drawing it: the stream says that something changed, the pad's middle is
   fetched anew. Says how old the picture is whenever it may not be today's. */

import { merge } from "./cards.js";
import { at, build, byId, isDoor, pad, read, root, search, signIn, station, venue } from "./page.js";

const KINDS = "hello beat notice placed status part edited deleted board".split(" ");
const STALE_MS = 15000;
const NAP_MS = 5000; // a shorter silence is not worth a word
const TICK_MS = 3000;
const REST_MS = 300;
const link = byId("link");
const stale = byId("stale");

// ---- fetching ---------------------------------------------------------------------------------

let held = false; // a finger is down: what it aims at must not move away from under it
let waiting = null;
let drawnAt = Date.now(); // when the picture was last known to be right
let heard = Date.now(); // when the server last said anything
let resting = null; // until when the last look keeps the next one from beginning
let next = null; // the look that begins then

/* Look at the server once more; done when what it said is drawn. A burst of events makes at most
   three looks a second, and whoever asks during one gets the next. */
export function refresh() {
  if (!resting) return begin();
  next ??= resting.then(begin);
  return next;
}

function begin() {
  next = null;
  const looked = look();
  resting = looked
    .then(() => new Promise((rested) => setTimeout(rested, REST_MS)))
    .then(() => {
      if (!next) resting = null;
    });
  return looked;
}

async function look() {
  try {
    const query = station ? `?station=${encodeURIComponent(station)}` : "";
    const answer = await fetch(at(`/pad${query}`), { signal: AbortSignal.timeout(8000) });
    if (isDoor(answer)) return signIn();
    if (!answer.ok) return;
    const fresh = (await read(answer)).getElementById("pad");
    if (!fresh) return; // a proxy's own page: not ours, not parsed
    proved();
    if (held) waiting = fresh;
    else merge(fresh);
    drawnAt = Date.now();
    stale.hidden = true;
    document.body.classList.remove("is-stale");
  } catch {
    // The watch below says so if it lasts.
  }
}

function release() {
  held = false;
  if (waiting) merge(waiting);
  waiting = null;
}

// ---- the stream -------------------------------------------------------------------------------

let close = () => {};
let tries = 0;

/* WebSocket first, because it does not use up the browser's six connections to a host;
   EventSource where a proxy lets no WebSocket through. */
function connect() {
  close();
  const base = `${root}/api/v1/venues/${venue}`;
  tries += 1;
  if (tries % 2) listenSocket(`${location.origin.replace(/^http/, "ws")}${base}/ws`);
  else listenSource(`${base}/events`);
}

function listenSocket(address) {
  const socket = new WebSocket(address);
  let over = false;
  close = () => {
    over = true;
    socket.close();
  };
  socket.onmessage = (message) => {
    const frame = JSON.parse(message.data);
    hear(frame.event, frame.data);
  };
  socket.onclose = () => over || lost();
}

function listenSource(address) {
  const source = new EventSource(address);
  close = () => source.close();
  source.onerror = () => {
    source.close();
    lost();
  };
  for (const kind of KINDS) {
    source.addEventListener(kind, (message) => hear(kind, JSON.parse(message.data)));
  }
}

function hear(kind, data) {
  proved();
  if (kind === "hello") tries -= 1; // this way works: take it again next time
  if (data.build && data.build !== build) renew(data.build);
  // A beat proves the picture: whatever it has not seen would have made the number larger.
  const known = kind === "beat" && data.seq <= Number(pad.dataset.seq) && stale.hidden;
  if (known) drawnAt = Date.now();
  else refresh();
}

function lost() {
  link.className = "link lost";
  link.textContent = "Reconnecting…";
  setTimeout(connect, 500 + Math.random() * 1500);
  refresh(); // finds out whether it is the session that ended
}

function proved() {
  heard = Date.now();
  link.className = "link live";
  link.textContent = "Live";
}

/* A new build brings a new page, once. */
function renew(to) {
  if (sessionStorage.getItem("readyboard.build") === to) return;
  sessionStorage.setItem("readyboard.build", to);
  location.reload();
}

// ---- silence and sleep ------------------------------------------------------------------------

let ticked = Date.now();

function watch() {
  const slept = Date.now() - ticked > 3 * TICK_MS; // timers stand still while a tablet sleeps
  ticked = Date.now();
  if (slept) return wake();
  const silent = Date.now() - heard;
  if (silent < STALE_MS) return;
  const since = new Date(drawnAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  tell(`No connection since ${since}. This may be out of date.`);
  refresh();
  if (silent > 2 * STALE_MS) {
    heard = Date.now() - STALE_MS;
    close();
    lost();
  }
}

/* The tablet was asleep or this page out of sight: at once today's picture, and until then a word
   about the age of this one. */
function wake() {
  const old = Date.now() - drawnAt;
  if (old > NAP_MS) tell(`This picture is ${ago(old)} old. Getting the new one…`);
  if (Date.now() - heard > STALE_MS) connect(); // the old stream may be dead without knowing it
  refresh();
}

function tell(text) {
  if (stale.textContent !== text) stale.textContent = text;
  stale.hidden = false;
  document.body.classList.add("is-stale");
}

function ago(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "a minute" : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? "an hour" : `${hours} hours`;
}

export function startFeed() {
  document.addEventListener("pointerdown", () => (held = true));
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => setTimeout(release, 250));
  }
  for (const name of ["online", "pageshow"]) window.addEventListener(name, wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  setInterval(watch, TICK_MS);
  setInterval(refresh, 60000); // who else is here changes without an event
  connect();
  if (search.value) refresh(); // the server found only some; from here on the page searches
}
