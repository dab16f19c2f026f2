/* The live pad. The server draws every card; this script posts the forms without leaving the page,
   fetches the pad anew after each event, and swaps what changed. Without it all still works. */
"use strict";

(() => {
  const top = document.getElementById("top");
  const bar = document.getElementById("bar");
  const UNDO_MS = 5000;

  document.documentElement.classList.add("scripted");
  watchBar();
  if (top && document.getElementById("pad")) startPad();

  // ---- the bar with Undo, on every page -------------------------------------------------------

  function watchBar() {
    if (!bar) return;
    const address = new URL(location.href);
    for (const name of ["undo", "late"]) address.searchParams.delete(name);
    history.replaceState(null, "", address);
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      if (bar.firstElementChild) timer = setTimeout(() => bar.replaceChildren(), UNDO_MS);
    };
    bar.addEventListener("pointerenter", () => clearTimeout(timer));
    bar.addEventListener("pointerleave", wait);
    bar.addEventListener("focusin", () => clearTimeout(timer));
    bar.addEventListener("focusout", wait);
    new MutationObserver(wait).observe(bar, { childList: true });
    wait();
  }

  function startPad() {
    const { root, venue, build } = top.dataset;
    const slow = Number(top.dataset.slow);
    const late = Number(top.dataset.late);
    const pad = document.getElementById("pad");
    const search = document.getElementById("search");
    const stale = document.getElementById("stale");
    const link = document.getElementById("link");
    const bulk = document.getElementById("bulk");
    const help = document.getElementById("help");
    const station = new URLSearchParams(location.search).get("station");

    // ---- pressing -----------------------------------------------------------------------------

    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.matches("[role=search]")) {
        event.preventDefault();
        search.blur();
      } else if (form.matches("[data-live]")) {
        event.preventDefault();
        press(form, event.submitter);
      }
    });

    async function press(form, button) {
      const body = new URLSearchParams(new FormData(form));
      if (button && button.name) body.append(button.name, button.value);
      const card = form.closest(".card");
      if (card && card.classList.contains("busy")) return;
      if (card) card.classList.add("busy");
      try {
        const answer = await fetch(form.getAttribute("action"), {
          method: "POST",
          headers: { "X-Live": "1" },
          body,
          signal: AbortSignal.timeout(10000),
        });
        await told(answer, form);
      } catch {
        say("Not sent: there is no connection. Try again when it is back.");
      } finally {
        if (card) card.classList.remove("busy");
      }
    }

    async function told(answer, form) {
      if (isDoor(answer)) return signIn();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const drawn = page.querySelector(".bar");
      if (drawn) bar.replaceChildren(document.adoptNode(drawn));
      else if (answer.ok && answer.headers.has("X-Live")) bar.replaceChildren();
      else say(page.getElementById("detail")?.textContent || "That did not work.");
      if (answer.ok && form.closest("#walk-up")) {
        form.reset();
        form.closest("details").open = false;
      }
      if (form === bulk) form.reset();
      refresh();
    }

    function say(text) {
      const drawn = document.createElement("div");
      drawn.className = "bar late";
      drawn.appendChild(document.createElement("p")).textContent = text;
      bar.replaceChildren(drawn);
    }

    /* Our own sign-in page, not that of a hotel's Wi-Fi. */
    function isDoor(answer) {
      const led = answer.redirected && new URL(answer.url).pathname;
      return answer.status === 401 || led === `${root}/staff/sign-in`;
    }

    function signIn() {
      location.assign(`${root}/staff/sign-in?next=${encodeURIComponent(location.pathname)}`);
    }

    // ---- drawing ------------------------------------------------------------------------------

    let fetching = false;
    let again = false;
    let held = false; // a finger is down: what it aims at must not move away from under it
    let waiting = null;
    let ahead = Number(pad.dataset.at) - Date.now();

    async function refresh() {
      if (fetching) {
        again = true;
        return;
      }
      fetching = true;
      try {
        const query = station ? `?station=${encodeURIComponent(station)}` : "";
        const answer = await fetch(`${root}/staff/${venue}/pad${query}`, {
          signal: AbortSignal.timeout(8000),
        });
        if (isDoor(answer)) return signIn();
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("pad");
        if (!fresh) return; // a proxy's own page: not ours, not parsed
        proved();
        if (held) waiting = fresh;
        else merge(fresh);
      } catch {
        // The watch below says so if it lasts.
      } finally {
        // A burst of events makes at most three fetches a second.
        setTimeout(() => {
          fetching = false;
          if (again) {
            again = false;
            refresh();
          }
        }, 300);
      }
    }

    function merge(fresh) {
      const focused = document.activeElement?.closest?.(".card")?.dataset.id;
      const known = new Map();
      for (const card of pad.querySelectorAll(".card")) {
        known.set(card.dataset.id, { card, column: card.closest(".column").id });
      }
      ahead = Number(fresh.dataset.at) - Date.now();
      mergeStations(fresh);
      for (const column of fresh.querySelectorAll(".column")) {
        const cards = [...column.querySelectorAll(".card")].map((card) => pick(card, known));
        place(document.getElementById(column.id).querySelector(".cards"), cards);
      }
      if (focused && !document.activeElement?.closest?.(".card")) focusCard(cardById(focused));
      filter();
      choose();
      age();
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

    document.addEventListener("pointerdown", () => (held = true));
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(name, () => setTimeout(release, 250));
    }

    function release() {
      held = false;
      if (waiting) merge(waiting);
      waiting = null;
    }

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
    setInterval(age, 10000);

    // ---- searching, selecting -------------------------------------------------------------------

    function filter() {
      const wanted = search.value.trim().toLowerCase();
      let found = 0;
      for (const column of pad.querySelectorAll(".column")) {
        let here = 0;
        for (const card of column.querySelectorAll(".card")) {
          card.hidden = !card.dataset.search.includes(wanted);
          if (!card.hidden) here += 1;
        }
        found += here;
        column.dataset.count = here;
        column.querySelector("h2 b").textContent = here;
        pad.querySelector(`.tab-${column.id} b`).textContent = here;
      }
      const nothing = document.getElementById("nothing");
      nothing.hidden = !wanted || found > 0;
      const address = `${root}/staff/${venue}/finished?q=${encodeURIComponent(search.value)}`;
      nothing.querySelector("a").href = address;
    }

    function choose() {
      if (!bulk) return;
      const boxes = [...pad.querySelectorAll(".pick input")];
      const chosen = boxes.filter((box) => box.checked);
      for (const box of boxes) box.closest(".card").classList.toggle("chosen", box.checked);
      document.getElementById("selected").textContent = chosen.length;
      document.documentElement.classList.toggle("choosing", chosen.length > 0);
    }

    search.addEventListener("input", filter);
    pad.addEventListener("change", choose);
    bulk?.addEventListener("reset", () => setTimeout(choose));

    // ---- keys, menus, tabs ----------------------------------------------------------------------

    const KEYS = {
      "/": () => search.focus(),
      "?": () => help.showModal(),
      n: () => openNew(),
      u: () => bar.querySelector(".undo")?.click(),
      x: () => current()?.querySelector(".pick input")?.click(),
      m: () => current()?.querySelector(".more summary")?.click(),
      ArrowDown: () => step(0, 1),
      ArrowUp: () => step(0, -1),
      ArrowRight: () => step(1, 0),
      ArrowLeft: () => step(-1, 0),
    };

    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return escape();
      if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
      const act = KEYS[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    });

    function escape() {
      for (const menu of document.querySelectorAll("details[open]")) menu.open = false;
      if (search.value && document.activeElement === search) {
        search.value = "";
        filter();
      }
    }

    function openNew() {
      const menu = document.getElementById("walk-up");
      if (menu) menu.open = true;
    }

    const current = () => document.activeElement?.closest?.(".card");
    const cardById = (id) => pad.querySelector(`.card[data-id="${CSS.escape(id)}"]`);
    const focusCard = (card) => (card?.querySelector(".bump") || card?.querySelector(".who"))?.focus();

    function step(across, down) {
      const columns = [...pad.querySelectorAll(".column")]
        .map((column) => [...column.querySelectorAll(".card:not([hidden])")])
        .filter((cards) => cards.length);
      if (!columns.length) return;
      const at = current();
      const x = columns.findIndex((cards) => cards.includes(at));
      if (x < 0) return focusCard(columns[0][0]);
      const y = columns[x].indexOf(at);
      const next = columns[Math.min(Math.max(x + across, 0), columns.length - 1)];
      focusCard(next[Math.min(Math.max(y + down, 0), next.length - 1)]);
    }

    document.addEventListener("toggle", (event) => {
      if (!event.target.open) return;
      for (const other of document.querySelectorAll("details[open]")) {
        if (other !== event.target) other.open = false;
      }
      event.target.querySelector("input:not([type=hidden])")?.focus();
      if (event.target.matches(".more")) {
        event.target.scrollIntoView({ block: "nearest" });
      }
    }, true);

    document.addEventListener("click", (event) => {
      for (const menu of document.querySelectorAll("details[open]")) {
        if (!menu.contains(event.target)) menu.open = false;
      }
      const tab = event.target.closest(".tabs a");
      if (tab) {
        event.preventDefault();
        document.querySelector(tab.hash).scrollIntoView({ inline: "center", block: "nearest" });
      }
    });

    const columns = pad.querySelector(".columns");
    function markTab() {
      const middle = columns.scrollLeft + columns.clientWidth / 2;
      for (const column of columns.children) {
        const left = column.offsetLeft - columns.offsetLeft;
        const here = middle >= left && middle < left + column.offsetWidth + 12;
        pad.querySelector(`.tab-${column.id}`).classList.toggle("here", here);
      }
    }
    columns.addEventListener("scroll", markTab, { passive: true });
    window.addEventListener("resize", markTab);

    // ---- hearing what happens -------------------------------------------------------------------

    const KINDS = "hello beat notice placed status part edited deleted board".split(" ");
    const STALE_MS = 15000;
    let heard = Date.now();
    let close = () => {};
    let tries = 0;

    /* WebSocket first, because it does not use up the browser's six connections to a host;
       EventSource where a proxy lets no WebSocket through. */
    function connect() {
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
      if (kind !== "beat") refresh();
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
      stale.hidden = true;
      document.body.classList.remove("is-stale");
    }

    /* A new build brings a new page, once. */
    function renew(to) {
      if (sessionStorage.getItem("readyboard.build") === to) return;
      sessionStorage.setItem("readyboard.build", to);
      location.reload();
    }

    setInterval(() => {
      const silent = Date.now() - heard;
      if (silent < STALE_MS) return;
      const since = new Date(heard).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      stale.textContent = `No connection since ${since}. This may be out of date.`;
      stale.hidden = false;
      document.body.classList.add("is-stale");
      refresh();
      if (silent > 2 * STALE_MS) {
        heard = Date.now() - STALE_MS;
        close();
        lost();
      }
    }, 3000);

    for (const name of ["online", "pageshow"]) window.addEventListener(name, refresh);
    document.addEventListener("visibilitychange", () => document.hidden || refresh());

    filter();
    choose();
    markTab();
    connect();
    if (search.value) refresh(); // the server found only some; from here on the page searches
  }
})();
