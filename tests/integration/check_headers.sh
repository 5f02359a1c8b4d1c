#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_headers.sh CC CXX INCLUDE_DIR...
#
# Every public header compiles alone, and twice over, as C11 and as C++17.
set -u

cc=$1
cxx=$2
shift 2
failed=0
checked=0
warnings='-Wall -Wextra -Wpedantic -Wundef -Werror'

flags=
for folder in "$@"; do
  flags="$flags -I$folder"
done

# compile HEADER COMPILER ARGUMENTS...
compile() {
  header=$1
  shift
  if ! printf '#include <icws/%s>\n#include <icws/%s>\nextern int not_empty;\n' "$header" "$header" |
    "$@" $warnings $flags -fsyntax-only -; then
    echo "icws/$header does not compile alone: $*"
    failed=1
  fi
}

for folder in "$@"; do
  for path in "$folder"/icws/*.h; do
    [ -f "$path" ] || continue
    header=${path##*/}
    compile "$header" "$cc" -std=c11 -x c -Wstrict-prototypes
    compile "$header" "$cxx" -std=c++17 -x c++
    checked=$((checked + 1))
  done
done

echo "checked $checked headers"
[ "$checked" -gt 0 ] && [ "$failed" -eq 0 ]
