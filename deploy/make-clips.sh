#!/bin/sh
# Records the clips that boards speak with: static/sounds. Needs espeak-ng and sox, and Readyboard
# in environment $1, whose words are spoken. The results are part of the program, so this runs only
# when a word has changed.
set -eu
venv=$1

missing() {
  printf 'Missing: espeak-ng and sox, which record the clips. %s\n' "$1" >&2
  exit 1
}

if ! command -v espeak-ng >/dev/null || ! command -v sox >/dev/null; then
  command -v apt-get >/dev/null || missing "Install them."
  if [ "$(id -u)" = 0 ]; then become=; else become=sudo; fi
  echo "Installing espeak-ng and sox"
  $become apt-get update -q || true
  $become env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends espeak-ng sox ||
    missing "Run: $become apt-get install espeak-ng sox"
fi
exec "$venv/bin/python" deploy/record_clips.py static/sounds
