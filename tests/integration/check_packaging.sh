#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_packaging.sh PROGRAM-OR-LIBRARY...
#
# The container recipe installs the package of every library that these files need, as Debian names it
# here.
set -u

recipe=packaging/Containerfile
failed=0

command -v dpkg-query >/dev/null 2>&1 || {
  echo "SKIPPED: this is no Debian system"
  exit 77
}

libraries=$(objdump -p "$@" | sed -n 's/^ *NEEDED *//p' | sort -u | grep -v -e '^libicws' -e '^libc\.so')
[ -n "$libraries" ] || {
  echo "no libraries found in $*"
  exit 1
}

# What the second stage installs, a word a line.
installed=$(sed '1,/^FROM .*slim$/d' "$recipe" | tr -s ' \\' '\n')

for library in $libraries; do
  package=$(dpkg-query -S "*/$library" 2>/dev/null | sed 's/:.*//' | sort -u)
  if ! echo "$installed" | grep -qxF "$package"; then
    echo "$recipe does not install '$package', which has $library"
    failed=1
  fi
done

exit $failed
