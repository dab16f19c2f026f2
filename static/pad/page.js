/* What the pad's scripts share: the parts of the page, its addresses, and the bar at its foot. */

export const byId = (id) => document.getElementById(id);

export const top = byId("top");
export const pad = byId("pad");
export const bar = byId("bar");
export const search = byId("search");
export const bulk = byId("bulk");
export const { root, venue, build } = top.dataset;
export const station = new URLSearchParams(location.search).get("station");
export const at = (rest) => `${root}/staff/${venue}${rest}`;
export const LIVE = { "X-Live": "1" };

export function say(text) {
  const drawn = document.createElement("div");
  drawn.className = "bar late";
  drawn.appendChild(document.createElement("p")).textContent = text;
  bar.replaceChildren(drawn);
}

export async function read(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/* Our own sign-in page, not that of a hotel's Wi-Fi. */
export function isDoor(answer) {
  const led = answer.redirected && new URL(answer.url).pathname;
  return answer.status === 401 || led === `${root}/staff/sign-in` || led === `${root}/staff/pin`;
}

export function signIn() {
  location.assign(`${root}/staff/sign-in?next=${encodeURIComponent(location.pathname)}`);
}
