#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_container.sh FILE...
#
# The container's second stage installs the packages of all libraries that FILEs, which it copies
# from the first, are linked with.
set -eu
LC_ALL=C
export LC_ALL

if ! grep -qs '^VERSION_ID="12"' /etc/os-release; then
  echo "SKIPPED: packages have the names of the recipe on Debian 12 only" >&2
  exit 77
fi
for command in dpkg-query ldconfig objdump; do
  if ! PATH=$PATH:/sbin:/usr/sbin command -v $command >/dev/null; then
    echo "SKIPPED: $command is missing: run scripts/setup" >&2
    exit 77
  fi
done

# The words of the last stage.
installed=$(awk '/^FROM / { words = "" } { words = words " " $0 } END { print words }' packaging/Containerfile)

# package_of LIBRARY: libraries are registered with or without the /usr that /lib is a link into.
package_of() {
  path=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk -v name="$1" '$1 == name { print $NF; exit }')
  { dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "/usr$path" || dpkg-query -S "${path#/usr}"; } |
    sed 's/:.*//'
}

failed=0
checked=0
for library in $(objdump -p "$@" | awk '$1 == "NEEDED" { print $2 }' | sort -u | grep -v '^libicws'); do
  package=$(package_of "$library")
  checked=$((checked + 1))
  case " $installed " in
  *" $package "*) ;;
  *)
    [ "$package" = libc6 ] && continue # of every system
    echo "packaging/Containerfile does not install ${package:-the package} of $library"
    failed=1
    ;;
  esac
done
echo "checked $checked libraries"
[ "$checked" -gt 0 ] && [ "$failed" -eq 0 ]
