#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The gateway that tests/interop scripts finds the faults of a client, and its bytes are the reference's.
set -u

interop=$(dirname "$0")/../interop
if ! command -v node >/dev/null 2>&1 || [ ! -d "$interop/node_modules" ]; then
  echo "SKIPPED: node or tests/interop/node_modules is missing: run scripts/setup" >&2
  exit 77
fi
node "$interop/gateway/check-session.mjs" || exit 1
exec node "$interop/gateway/check-bytes.mjs"
