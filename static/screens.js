/* The page of screens keeps itself fresh. Buttons stay as they are, so that no finger and no
   keyboard loses its place; only what the screens say of themselves is swapped. */
"use strict";

(() => {
  const EVERY_MS = 5000;
  const list = document.getElementById("screens");

  async function renew() {
    let text = "";
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) text = await answer.text();
    } catch {
      return; // the next time, then
    }
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("screens");
    if (ids(fresh) !== ids(list)) {
      if (text) location.reload();
      return;
    }
    if (!fresh) return;
    for (const screen of fresh.children) {
      const here = list.querySelector(`[data-id="${screen.dataset.id}"]`);
      here.className = screen.className;
      for (const part of ["h2", ".told"]) swap(here.querySelector(part), screen.querySelector(part));
    }
  }

  function swap(old, fresh) {
    if (old.innerHTML !== fresh.innerHTML && !old.contains(document.activeElement)) {
      old.innerHTML = fresh.innerHTML;
    }
  }

  function ids(of) {
    return of ? [...of.children].map((screen) => screen.dataset.id).join(" ") : "";
  }

  setInterval(() => { if (!document.hidden) renew(); }, EVERY_MS);
})();
