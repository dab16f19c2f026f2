/* The board editor: the preview follows the form as it is changed; nothing is saved until Save. */
(() => {
  "use strict";
  const form = document.getElementById("board-form");
  const preview = document.getElementById("preview");
  const wrong = document.getElementById("preview-wrong");
  const turn = document.getElementById("turn");
  const address = `${form.getAttribute("action")}/preview`;
  let waiting = 0;

  function show() {
    clearTimeout(waiting);
    const query = new URLSearchParams(new FormData(form));
    // Replaced, so that the back button leads to the page before and not through every preview.
    preview.contentWindow.location.replace(`${address}?${query}`);
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  }

  function told() {
    const page = preview.contentDocument;
    const detail = page?.getElementById("detail")?.textContent;
    wrong.textContent = detail || page?.body?.dataset.weak || "";
    form.querySelector(".own").hidden = form.elements.theme.value !== "own";
  }

  for (const button of document.querySelectorAll(".without-script")) button.hidden = true;
  turn.hidden = false;
  turn.addEventListener("click", () => preview.classList.toggle("standing"));
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.getElementById("sample").addEventListener("change", soon);
  preview.addEventListener("load", told);
  show();
})();
