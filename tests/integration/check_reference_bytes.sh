#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The scripted gateway of tests/interop writes the bytes of the reference: see gateway/check-bytes.mjs.
set -u

interop=$(dirname "$0")/../interop
if ! command -v node >/dev/null 2>&1 || [ ! -d "$interop/node_modules" ]; then
  echo "SKIPPED: node or tests/interop/node_modules is missing: run scripts/setup" >&2
  exit 77
fi
exec node "$interop/gateway/check-bytes.mjs"
