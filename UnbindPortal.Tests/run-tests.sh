#!/usr/bin/env bash
# Installs what the tests need where it may, then runs all of them with nothing skipped.
# Further arguments go to `dotnet test`, as in: run-tests.sh --filter FullyQualifiedName~Unbind
#   UNBIND_FULL=1                the full numbers of races, kills and property tests
#   UNBIND_CHROMIUM=<path>       a browser of your own instead of the system's
#   UNBIND_UPDATE_SCREENSHOTS=1  writes the README's pictures again
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

has_browser() { [ -n "${UNBIND_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
# By their files: the command that lists fonts may be missing where the fonts are not.
has_chinese_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" -iname '*CJK*' -print -quit 2>/dev/null)" ]; }

missing=()
has_browser || missing+=(chromium)
if [ "$(uname)" = Linux ]; then
  has_chinese_font || missing+=(fonts-noto-cjk)
  command -v setpriv >/dev/null || missing+=(util-linux)
fi

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends "${missing[@]}"
  else
    echo "The tests need ${missing[*]}. On Debian or Ubuntu install them with:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
    exit 2
  fi
fi

export UNBIND_REQUIRE_ALL=1
results=$PWD/TestResults
rm -rf "$results"

# A test that hangs ends the run with its name instead of holding it for ever.
exec dotnet test UnbindPortal.sln \
  --logger "trx;LogFileName=tests.trx" \
  --results-directory "$results" \
  --blame-hang-timeout 10m --blame-hang-dump-type none \
  "$@"
