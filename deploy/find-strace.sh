#!/bin/sh
# Sees to it that the tests have strace, which shows that a change is on disk before its answer.
set -eu
if command -v strace >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ]; then become=; else become=sudo; fi
if command -v apt-get >/dev/null; then
  echo "Installing strace"
  $become apt-get update -q || true
  $become env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace || true
fi
command -v strace >/dev/null || {
  printf 'Missing: strace, which the crash tests need. Run: %s apt-get install strace\n' "$become" >&2
  exit 1
}
