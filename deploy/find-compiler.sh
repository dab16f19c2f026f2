#!/bin/sh
# Sees to it that the bench's own tools can be built.
set -eu
if command -v cc >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ]; then become=; else become=sudo; fi
if command -v apt-get >/dev/null; then
  echo "Installing a C compiler"
  $become apt-get update -q || true
  $become env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends gcc libc6-dev || true
fi
command -v cc >/dev/null || {
  printf 'Missing: a C compiler. Run: %s apt-get install gcc libc6-dev\n' "$become" >&2
  exit 1
}
