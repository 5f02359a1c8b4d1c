#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_core_purity.sh BASE_OBJECT... --core CORE_OBJECT...
#
# What the objects of libicws may need from outside. sdk/base: string functions; in one file each the
# default allocator and the formatting of failures. sdk/core: memory, formatting of text, and
# functions of libsodium, libcbor and blst. So neither can reach a socket, a
# clock, a file or a thread. The lists name what is allowed: all else is refused.
set -eu
LC_ALL=C
export LC_ALL

# What compilers insert, and the end of a failed assertion.
compiler='_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__assert_fail'
strings='memchr|memcmp|memcpy|memmove|memset|strcmp|strlen|strncmp|strnlen'
memory='calloc|free|malloc|realloc'
text='snprintf|vsnprintf'
# Not randombytes_*: of all of libsodium's randomness only the default source in random.c.
libraries='(sodium|crypto|cbor|blst)_[a-z0-9_]+'

base_allowed="$compiler|$strings"
core_allowed="$compiler|$strings|$memory|$text|$libraries"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Splits the arguments into the files base and core: one object a line.
layer=base
: >"$work/base"
: >"$work/core"
for argument in "$@"; do
  if [ "$argument" = --core ]; then
    layer=core
  else
    echo "$argument" >>"$work/$layer"
  fi
done

defined() {
  xargs -r nm -g --defined-only <"$1" | awk 'NF == 3 { print $3 }' | sort -u
}

# check OBJECTS ALLOWED OWN: no object needs a symbol outside of ALLOWED and the file OWN.
check() {
  while read -r object; do
    allowed=$2
    case $object in
    */random.c.o) allowed="$allowed|randombytes_buf" ;;
    */mem.c.o) allowed="$allowed|free|realloc" ;;
    */error.c.o) allowed="$allowed|vsnprintf" ;;
    esac
    nm -u "$object" | awk '{ print $2 }' | sort -u | comm -23 - "$3" |
      grep -Exv "$allowed" | sed "s|^|$object needs |"
  done <"$1"
}

defined "$work/base" >"$work/own-base"
cat "$work/base" "$work/core" >"$work/all"
defined "$work/all" >"$work/own-all"

{
  check "$work/base" "$base_allowed" "$work/own-base"
  check "$work/core" "$core_allowed" "$work/own-all"
} >"$work/refused"

count=$(wc -l <"$work/all")
echo "looked at $count objects of libicws"
if [ "$count" -eq 0 ]; then
  echo "SKIPPED: sdk/base and sdk/core have no objects yet"
  exit 77
fi
if [ -s "$work/refused" ]; then
  cat "$work/refused"
  echo "sdk/base may need: $base_allowed"
  echo "sdk/core may need: $core_allowed"
  exit 1
fi
