#!/bin/sh
# Makes the virtual environment $1 with the first Python of at least 3.11, and installs
# python3-venv first where the system parted it from Python, as Debian and Ubuntu do.
#
# One that was built without optimizations, as pyenv builds it unless told otherwise, serves about
# a fifth fewer changes a second: it is taken only where there is no other.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Built with optimizations, and whole. Distributions build theirs so; Debian's does not say it.
good() {
  "$1" -c 'import ensurepip, os, sys, sysconfig
own = os.path.realpath(sys.executable).startswith("/usr/bin/")
told = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
sys.exit(not (own or told))' 2>/dev/null
}

everywhere() { # $1 in all folders of the PATH, one a line
  IFS=:
  for folder in $PATH; do
    if [ -x "$folder/$1" ]; then echo "$folder/$1"; fi
  done
}

set -f
usual=$IFS
IFS='
' # names of folders may have spaces
python= first=
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  for found in $(everywhere "$name"); do
    if ! fits "$found"; then continue; fi
    first=${first:-$found}
    if good "$found"; then python=$found; break 2; fi
  done
done
IFS=$usual
python=${python:-$first}
if [ -z "$python" ]; then
  echo "Readyboard needs Python 3.11 or newer; install it and run make again." >&2
  exit 1
fi
if [ "$python" != "$first" ]; then
  echo "Taking $python: $first was built without optimizations and is slower."
fi

# `import venv` works without ensurepip, but makes an environment that has no pip.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  package=${python##*/}-venv
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
