#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_interop.sh ENCODE_OURS
#
# The official packages decode and verify what libicws encodes: the lines of the program ENCODE_OURS
# must mean what encode_ours.expected, written by hand, says.
set -u

here=$(dirname "$0")
interop=$here/../interop
if ! command -v node >/dev/null 2>&1 || [ ! -d "$interop/node_modules" ]; then
  echo "SKIPPED: node or tests/interop/node_modules is missing: run scripts/setup" >&2
  exit 77
fi

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# One object a line, its keys in order.
normalise() {
  python3 -m json.tool --json-lines --sort-keys --no-indent "$1" "$2"
}

"$1" >"$folder/encoded" || exit 1
node "$interop/decode-ours.mjs" <"$folder/encoded" >"$folder/decoded" || exit 1
normalise "$folder/decoded" "$folder/found" || exit 1
normalise "$here/encode_ours.expected" "$folder/wanted" || exit 1
diff -u "$folder/wanted" "$folder/found" || exit 1
echo "$(wc -l <"$folder/found") encodings are what they should be"
