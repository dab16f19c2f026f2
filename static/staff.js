/* On every staff page: the bar with Undo, and the worker of the installed app. */
"use strict";

(() => {
  const bar = document.getElementById("bar");
  const worker = document.querySelector("link[rel=manifest]")?.dataset.worker;
  const UNDO_MS = 5000;

  document.documentElement.classList.add("scripted");
  if (bar) watchBar();
  if (worker && isSecureContext) navigator.serviceWorker?.register(worker).catch(() => {});

  function watchBar() {
    const address = new URL(location.href);
    for (const name of ["undo", "late", "locked"]) address.searchParams.delete(name);
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
})();
