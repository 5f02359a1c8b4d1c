#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every option that a program's --help names stands in its man page with the same words, and every
# option of the page in the help.
set -u
failed=0
man=$(cd "$(dirname "$0")/../../docs/man" && pwd)

# Long options with what is said of them, one a line: of a help text, where that stands on the next
# line if the option is long, and of a page.
of_help() {
  sed -e ':all' -e 'N' -e '$!b all' -e 's/\n \{30\}/  /g' |
    sed -n 's/^  \(-., \|    \)\(--[a-z-]*\)\( [A-Z]*\)\{0,1\}  *\(.*\)$/\2 \4/p'
}
of_page() {
  sed 's/\\-/-/g; s/\\e/\\/g' "$1" | awk '
    /^\.TP/ { head = 1; next }
    head && /\\fB--/ { sub(/.*\\fB--/, "--"); sub(/\\fR.*/, ""); option = $0; head = 0; next }
    { head = 0 }
    option != "" { print option, $0; option = "" }'
}

# check PAGE PROGRAM [COMMAND]
check() {
  page=$man/$1.1
  shift
  "$ICWS_BIN_DIR/$@" --help | of_help | sort >"$work/help"
  of_page "$page" | sort >"$work/page"
  if [ ! -s "$work/help" ] || ! diff -u "$work/help" "$work/page"; then
    echo "FAILED: $page and '$* --help' differ"
    failed=1
  fi
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
check icws-tail icws-tail
check icws-chat icws-chat
check icws-devnet icws-devnet
check icws-gateway icws-gateway
check icws icws verify
check icws-call icws call
check icws-call icws query
check icws-read-state icws read-state
check icws-status icws status
check icws-candid icws candid decode
check icws-candid icws candid encode
exit $failed
