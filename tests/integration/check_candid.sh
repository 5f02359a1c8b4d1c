#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_candid.sh CANDID_OURS
#
# The official package reads what libicws encodes of random values: those of
# tests/vectors/candid_values.json, or of $ICWS_CANDID_VECTORS.
set -u

interop=$(dirname "$0")/../interop
rows=${ICWS_CANDID_VECTORS:-$interop/../vectors/candid_values.json}
if ! command -v node >/dev/null 2>&1 || [ ! -d "$interop/node_modules" ]; then
  echo "SKIPPED: node or tests/interop/node_modules is missing: run scripts/setup" >&2
  exit 77
fi

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
"$1" "$rows" >"$folder/encoded" || exit 1
node "$interop/decode-candid.mjs" "$rows" <"$folder/encoded"
