#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_bind.sh BIND_INTERFACE CC CXX INCLUDE...: what is made of interfaces compiles without a
# warning: the source as C, the header as C++, too.
set -eu

bind=$1
cc=$2
cxx=$3
shift 3
includes=
for folder; do
  includes="$includes -I$folder"
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

warnings="-Wall -Wextra -Wpedantic -Wcast-qual -Wshadow -Werror"
c_warnings="-Wconversion -Wsign-conversion -Wmissing-prototypes -Wstrict-prototypes"

# check FILE.did PREFIX
check() {
  "$bind" "$1" "$2" "$folder"
  # shellcheck disable=SC2086
  "$cc" -std=c11 $warnings $c_warnings $includes -c "$folder/$2.c" -o "$folder/$2.o"
  printf '#include "%s.h"\n' "$2" >"$folder/$2.cpp"
  # shellcheck disable=SC2086
  "$cxx" -std=c++11 $warnings $includes -c "$folder/$2.cpp" -o "$folder/$2.o"
  if grep -nE '.{101}|[[:space:]]$' "$folder/$2.h" "$folder/$2.c"; then
    echo "$1: lines are too long, or end in spaces" >&2
    exit 1
  fi
}

check tests/integration/bound.did bound
check tests/integration/odd.did odd
{
  echo 'type Wide = record {'
  seq 0 99 | sed 's/.*/f& : opt nat;/'
  echo '}; type Cases = variant {'
  seq 0 99 | sed 's/.*/c& : text;/'
  echo '};'
} >"$folder/wide.did"
check "$folder/wide.did" wide
printf 'type T = text; service : { f : () -> () }' >"$folder/small.did"
check "$folder/small.did" small
printf 'service : {}' >"$folder/empty.did"
check "$folder/empty.did" empty

if "$bind" tests/integration/bound.did 2fast "$folder" 2>"$folder/error" ||
  ! grep -q 'begins no names' "$folder/error"; then
  echo "a prefix that is none was taken" >&2
  exit 1
fi

if [ ! -e ../shared/canister.did ]; then
  echo "SKIPPED: ../shared/canister.did is missing" >&2
  exit 77
fi
check ../shared/canister.did chat
