/* Keeps the list fresh while it is on the screen. Not by loading the page anew: when the power is
   gone, so is the server, and what was last read must stay where it is. */
"use strict";

async function refresh() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("list");
    if (fresh) document.getElementById("list").replaceWith(fresh);
  } catch {
    // Nobody answers: "As of" tells how old the list is.
  }
}

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
setInterval(refresh, document.querySelector("[data-refresh]").dataset.refresh * 1000);
