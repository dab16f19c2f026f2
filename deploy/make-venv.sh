#!/bin/sh
# Makes the virtual environment $1 with the first Python of at least 3.11, and installs
# python3-venv first where the system parted it from Python, as Debian and Ubuntu do.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null && fits "$name"; then python=$name; break; fi
done
if [ -z "$python" ]; then
  echo "Readyboard needs Python 3.11 or newer; install it and run make again." >&2
  exit 1
fi

# `import venv` works without ensurepip, but makes an environment that has no pip.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  package=$([ "$python" = python3 ] && echo python3-venv || echo "$python-venv")
  line="apt-get install -y $package"
  if [ "$(id -u)" = 0 ]; then become=; else become=sudo; line="sudo $line"; fi
  if ! command -v apt-get >/dev/null || { [ -n "$become" ] && ! command -v sudo >/dev/null; }; then
    printf 'Python has no ensurepip here. As root, run this and then make again:\n  %s\n' \
      "apt-get install -y $package" >&2
    exit 1
  fi
  echo "Installing $package: $line"
  # A fresh machine has no package lists yet; an old list is better than none, so go on.
  $become apt-get update -q || true
  if ! $become env DEBIAN_FRONTEND=noninteractive apt-get install -y "$package"; then
    printf 'That did not work. Run this and then make again:\n  %s\n' "$line" >&2
    exit 1
  fi
fi

# --clear: what is there, if anything, has no Python that runs.
exec "$python" -m venv --clear "$1"
