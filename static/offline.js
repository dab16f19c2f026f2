/* On the page an installed app shows without a connection: goes on by itself once there is one. */
"use strict";

(() => {
  const EVERY_MS = 5000;

  async function look() {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.status < 500) return location.reload();
    } catch {
      // Still none.
    }
    setTimeout(look, EVERY_MS);
  }

  setTimeout(look, EVERY_MS);
  window.addEventListener("online", look);
})();
