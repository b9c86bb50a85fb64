#!/bin/sh
# Finds a Chromium for the browser tests; as root on Debian, installs it. The tests skip, with the reason, without one.
found=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -n "$found" ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests"
  log=$(mktemp)
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 3 "$log"
  rm -f "$log"
fi
echo "No Chromium was found, so the browser tests will be skipped: install the package 'chromium', or set CHROMIUM to its path"
