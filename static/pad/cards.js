/* The cards: swapping in what changed, their age, searching, selecting, and the one in focus. */

import { at, bulk, byId, pad, search, station, top } from "./page.js";

const slow = Number(top.dataset.slow);
const late = Number(top.dataset.late);
let ahead = Number(pad.dataset.at) - Date.now(); // the server's clock against this one's

// ---- the one in focus -------------------------------------------------------------------------

export const current = () => document.activeElement?.closest?.(".card");
export const cardById = (id) => pad.querySelector(`.card[data-id="${CSS.escape(id)}"]`);
export const shownCards = (column) => [...column.querySelectorAll(".card:not([hidden])")];

export function focusCard(card) {
  (card?.querySelector(".bump") || card?.querySelector(".who"))?.focus();
}

/* Bring a card into sight, whatever was searched for and whichever column a phone shows. */
export function reveal(card) {
  if (card.hidden) {
    search.value = "";
    filter();
  }
  card.scrollIntoView({ block: "nearest", inline: "center" });
  focusCard(card);
  card.classList.add("pointed");
  card.addEventListener("focusout", () => card.classList.remove("pointed"), { once: true });
}

/* To the card a few columns and rows away from the one in focus. */
export function step(across, down) {
  const columns = [...pad.querySelectorAll(".column")].map(shownCards).filter((all) => all.length);
  if (!columns.length) return;
  const from = current();
  const x = columns.findIndex((cards) => cards.includes(from));
  if (x < 0) return focusCard(columns[0][0]);
  const y = columns[x].indexOf(from);
  const next = columns[Math.min(Math.max(x + across, 0), columns.length - 1)];
  focusCard(next[Math.min(Math.max(y + down, 0), next.length - 1)]);
}

// ---- swapping in ------------------------------------------------------------------------------

export function merge(fresh) {
  const focused = current()?.dataset.id;
  const known = new Map();
  for (const card of pad.querySelectorAll(".card")) {
    known.set(card.dataset.id, { card, column: card.closest(".column").id });
  }
  ahead = Number(fresh.dataset.at) - Date.now();
  Object.assign(pad.dataset, fresh.dataset);
  mergeStations(fresh);
  for (const column of fresh.querySelectorAll(".column")) {
    const cards = [...column.querySelectorAll(".card")].map((card) => pick(card, known));
    place(byId(column.id).querySelector(".cards"), cards);
  }
  if (focused && !current()) focusCard(cardById(focused));
  drawn();
}

/* Whatever depends on which cards there are. */
export function drawn() {
  byId("others").textContent = pad.dataset.others ? `with ${pad.dataset.others}` : "";
  choose();
  age();
  filter();
}

/* The card that is there already if it would look the same, else the fresh one. */
function pick(fresh, known) {
  const old = known.get(fresh.dataset.id);
  const stays = old?.column === fresh.closest(".column").id;
  if (stays && old.card.dataset.rev === fresh.dataset.rev) return old.card;
  const card = document.adoptNode(fresh);
  if (!stays) card.classList.add("fresh");
  return card;
}

function place(list, cards) {
  const wanted = new Set(cards);
  for (const card of [...list.children]) if (!wanted.has(card)) card.remove();
  cards.forEach((card, index) => {
    if (list.children[index] !== card) list.insertBefore(card, list.children[index] || null);
  });
}

function mergeStations(fresh) {
  const now = pad.querySelector(".stations");
  const next = fresh.querySelector(".stations");
  if (now && next) {
    if (now.innerHTML !== next.innerHTML) now.replaceWith(document.adoptNode(next));
  } else if (next) pad.querySelector(".tabs").after(document.adoptNode(next));
  else if (now && !station) now.remove();
}

// ---- age, searching, selecting ----------------------------------------------------------------

function age() {
  for (const shown of pad.querySelectorAll(".age[data-since]")) {
    const card = shown.closest(".card");
    if (card.matches(".scheduled")) continue;
    const past = Date.now() + ahead - Number(shown.dataset.since);
    const minutes = Math.max(0, Math.floor(past / 60000));
    const ageing = !card.matches(".cancelled");
    card.classList.toggle("late", ageing && minutes >= late);
    card.classList.toggle("slow", ageing && minutes >= slow && minutes < late);
    const word = document.createElement("b");
    word.textContent = card.matches(".late") ? "Late" : card.matches(".slow") ? "Slow" : "";
    shown.replaceChildren(word, ` ${minutes} min`);
  }
}

export function filter() {
  const bare = search.value.trim().normalize("NFD").replace(/\p{Mn}/gu, "");
  const wanted = bare.toLowerCase().replaceAll("ß", "ss");
  let found = 0;
  for (const column of pad.querySelectorAll(".column")) {
    for (const card of column.querySelectorAll(".card")) {
      card.hidden = !card.dataset.search.includes(wanted);
    }
    const here = shownCards(column).length;
    found += here;
    column.dataset.count = here;
    column.querySelector("h2 b").textContent = here;
    pad.querySelector(`.tab-${column.id} b`).textContent = here;
  }
  const nothing = byId("nothing");
  nothing.hidden = !wanted || found > 0;
  nothing.querySelector("a").href = at(`/finished?q=${encodeURIComponent(search.value)}`);
  pad.dispatchEvent(new Event("drawn"));
  return found;
}

function choose() {
  if (!bulk) return;
  const boxes = [...pad.querySelectorAll(".pick input")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest(".card").classList.toggle("chosen", box.checked);
  byId("selected").textContent = chosen.length;
  document.documentElement.classList.toggle("choosing", chosen.length > 0);
}

export function startCards() {
  search.addEventListener("input", filter);
  pad.addEventListener("change", choose);
  bulk?.addEventListener("reset", () => setTimeout(choose));
  setInterval(age, 10000);
  drawn();
}
