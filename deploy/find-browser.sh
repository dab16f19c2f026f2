#!/bin/sh
# Sees to it that the tests have a Chromium: Debian's own package there, elsewhere Playwright's.
# The tests take `chromium` from the PATH, else the one Playwright brought into environment $1.
set -eu
venv=$1

works() { command -v chromium >/dev/null && chromium --version >/dev/null 2>&1; }

missing() {
  printf 'Missing: Chromium, which the browser tests need. %s\n' "$1" >&2
  exit 1
}

# Ubuntu's chromium and chromium-browser only point to a snap, which cannot be driven from here.
is_snap() { case "$(readlink -f "$(command -v chromium)")" in */snap*) true ;; *) false ;; esac; }

if works && ! is_snap; then exit 0; fi
[ ! -e "$venv/.browser" ] || exit 0

family=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${ID_LIKE:-}" || true)
case "$family" in
*ubuntu*)
  "$venv/bin/python" -m playwright install --with-deps chromium ||
    missing "Try: $venv/bin/python -m playwright install --with-deps chromium"
  touch "$venv/.browser"
  ;;
*debian*)
  if [ "$(id -u)" = 0 ]; then become=; else become=sudo; fi
  echo "Installing chromium"
  $become apt-get update -q || true
  $become env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium ||
    missing "Run: $become apt-get install chromium"
  works || missing "Debian's package is there, but \`chromium --version\` fails."
  ;;
*)
  missing "Install it so that \`chromium\` is on the PATH."
  ;;
esac
