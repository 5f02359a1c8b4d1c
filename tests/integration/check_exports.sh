#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_exports.sh LIBRARY LIST
#
# The shared library exports exactly the symbols of the committed list: one a line, sorted by bytes.
set -eu
LC_ALL=C
export LC_ALL

library=$1
list=${2-}
if [ ! -f "$list" ]; then
  echo "$library has no list of its exported symbols (sdk/*/<library>.exports)"
  exit 1
fi

actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$actual"

if ! sort -c "$list"; then
  echo "$list is not sorted"
  exit 1
fi
if ! diff -u "$list" "$actual"; then
  echo "$library exports other symbols than $list names (- listed, + exported)"
  exit 1
fi
