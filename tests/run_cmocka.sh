#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run_cmocka.sh COMMAND...
#
# Runs a cmocka program, shows what it prints, and ends with its status: or with 77 (skipped) when
# nothing failed but a test skipped itself, so that no skip goes unnoticed. (ctest could look for
# the words by itself, but would then also call a program skipped in which another test failed.)
set -u

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# Descriptor 3 carries the status out of the pipe, descriptor 4 the output past the substitution.
exec 4>&1
status=$({ { "$@" 2>&1; echo $? >&3; } | tee "$log" >&4; } 3>&1)

if [ "$status" -eq 0 ] && grep -q '^\[  SKIPPED \]' "$log"; then
  exit 77
fi
exit "$status"
