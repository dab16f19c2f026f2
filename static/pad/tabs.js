/* The columns of a telephone, one at a time, and their tabs. */

import { pad } from "./page.js";

const columns = pad.querySelector(".columns");

function mark() {
  const middle = columns.scrollLeft + columns.clientWidth / 2;
  for (const column of columns.children) {
    const left = column.offsetLeft - columns.offsetLeft;
    const here = middle >= left && middle < left + column.offsetWidth + 12;
    const tab = pad.querySelector(`.tab-${column.id}`);
    tab.classList.toggle("here", here);
    if (here) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/* A telephone opens on the first column with anything to do in it. */
function openFirst() {
  const all = [...columns.children];
  const asked = all.find((column) => `#${column.id}` === location.hash);
  const first = asked || all.find((column) => Number(column.dataset.count) > 0);
  if (first) columns.scrollLeft = first.offsetLeft - columns.offsetLeft;
}

export function startTabs() {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest(".tabs a");
    if (!tab) return;
    event.preventDefault();
    document.querySelector(tab.hash).scrollIntoView({ inline: "center", block: "nearest" });
  });
  columns.addEventListener("scroll", mark, { passive: true });
  window.addEventListener("resize", mark);
  openFirst();
  mark();
}
