#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The words about the code are true as far as a script can tell: the program in README.md is
# examples/minimal.c, the code in docs/guide.md is in an example, links lead somewhere, and files that
# docs/architecture.md names exist.
set -u

cd "$(dirname "$0")/../.." || exit 1
failed=0

complain() {
  echo "$*"
  failed=1
}

# The first block of C in README.md.
program() {
  sed -n '/^```c$/,/^```$/p' README.md | sed '1d;/^```$/,$d'
}

# strange_code FILE: its blocks of C that are in no example, line for line.
strange_code() {
  awk '
    FILENAME != page { programs = programs $0 "\n"; next }
    /^```/ && in_block { in_block = 0; if (index(programs, "\n" block) == 0) printf "%s", block; next }
    /^```c$/ { in_block = 1; block = ""; next }
    in_block { block = block $0 "\n" }
  ' page="$1" examples/*.c "$1"
}

# links FILE: where its links lead, those elsewhere in the web aside.
links() {
  sed 's/](/\
](/g' "$1" | sed -n 's/^](\([^)#]*\)[^)]*).*/\1/p' | grep -v '^[a-z]*:'
}

# named_files FILE: what stands in backticks and looks like a file of C.
named_files() {
  grep -o '`[^`]*`' "$1" | tr -d '`' | grep -Ex '[a-z][A-Za-z0-9_/.-]*\.[ch]'
}

program | diff -u examples/minimal.c - >&2 || complain "README.md does not show examples/minimal.c"

strange=$(strange_code docs/guide.md)
[ -z "$strange" ] || complain "docs/guide.md shows what is in no example:
$strange"

for page in README.md docs/*.md; do
  for link in $(links "$page"); do
    [ -e "${page%"${page##*/}"}$link" ] || complain "$page links to $link, which does not exist"
  done
done

# A path is checked as it stands or as programs include it; a bare name may be in any folder of sources.
for name in $(named_files docs/architecture.md); do
  case $name in
  */*) [ -e "$name" ] || [ -e "include/$name" ] ;;
  *) [ -n "$(find include sdk cdk gateway devnet tools -name "$name")" ] ;;
  esac || complain "docs/architecture.md names $name, which does not exist"
done

[ "$(wc -l <README.md)" -le 70 ] || complain "README.md is to stay one screen: 70 lines"

exit $failed
