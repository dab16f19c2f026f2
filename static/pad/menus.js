/* Menus that fold out: one at a time, closed by a touch anywhere else. */

function closeAll(but) {
  for (const menu of document.querySelectorAll("details[open]")) {
    if (!but(menu)) menu.open = false;
  }
}

export function startMenus() {
  const opened = (event) => {
    const menu = event.target;
    if (!menu.open) return;
    closeAll((other) => other === menu);
    menu.querySelector("input:not([type=hidden])")?.focus();
    if (menu.matches(".more")) menu.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("toggle", opened, true);
  document.addEventListener("click", (event) => closeAll((menu) => menu.contains(event.target)));
}
