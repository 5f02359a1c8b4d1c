#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_examples.sh BUILD_DIR
#
# The examples do what docs/guide.md says: each command there that has its output below it is run, and
# prints that.  After it the examples are given what they must refuse.
set -u

build=$1
page=docs/guide.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# A local network for those that ask one, at $NET, with the root key $KEY; it ends with this script.
mkfifo "$work/parent" "$work/announcement"
"$build/bin/icws-devnet" --json --exit-with-parent <"$work/parent" >"$work/announcement" &
exec 3>"$work/parent"
read -r network <"$work/announcement"
NET=$(printf '%s' "$network" | sed 's/.*"network_url":"\([^"]*\)".*/\1/')
KEY=$(printf '%s' "$network" | sed 's/.*"root_key":"\([^"]*\)".*/\1/')
export NET KEY

# The commands and outputs of the page, of this build.
sed -n '/^```console$/,/^```$/{/^```/d;s|^\$ build/|$ '"$build"'/|;p;}' "$page" >"$work/expected"

while IFS= read -r line; do
  case $line in
  '$ '*)
    printf '%s\n' "$line"
    sh -c "${line#??}" 2>&1 </dev/null
    ;;
  esac
done <"$work/expected" >"$work/actual"

diff -u "$work/expected" "$work/actual" || failed=1
ran=$(grep -c '^\$ ' "$work/actual")
[ "$ran" -gt 0 ] || failed=1

# refuses MESSAGE PROGRAM ARGUMENTS...: it prints just MESSAGE, on standard error, and ends with 1.
refuses() {
  message=$1
  shift
  program=$1
  shift
  output=$("$build/examples/$program" "$@" 2>"$work/errors" </dev/null)
  status=$?
  if [ "$status" -ne 1 ] || [ -n "$output" ] || [ "$(cat "$work/errors")" != "$message" ]; then
    echo "$program $*: status $status, output '$output', and on standard error"
    cat "$work/errors"
    echo "instead of: $message"
    failed=1
  fi
  ran=$((ran + 1))
}

hi=4449444c016c02ad99e7e70471d6a9bbae0a7801000268690100000000000000 # text = "hi", timestamp = 1

refuses 'byte 0: these are no hex digits' candid_typed xyz
refuses 'byte 0: the message does not start with DIDL' candid_typed ''
refuses 'byte 6: there is no message' candid_typed 4449444c0000
refuses 'byte 24: the message ends within a value' candid_typed "${hi%00}"
refuses 'byte 32: bytes are left over after the last argument' candid_typed "${hi}00"
refuses 'byte 18: a field is missing' candid_typed 4449444c016c01ad99e7e704710100026869

refuses 'these are no hex digits' candid_bind xyz
refuses 'the message does not start with DIDL (at byte 0 of 0)' candid_bind ''
refuses 'argument 1: it is missing (at byte 6 of 6)' candid_bind 4449444c0000

refuses 'usage: FILE.did HEX' candid_interface examples/chat.did
refuses 'usage: FILE.did HEX' candid_interface examples/none.did "$hi"
refuses 'the message is not hexadecimal' candid_interface examples/chat.did xyz
refuses 'argument 1: it is missing (at byte 6 of 6)' candid_interface examples/chat.did 4449444c0000
refuses "line 1, column 1: the character '#' has no meaning here" candid_interface docs/guide.md "$hi"

refuses "line 1, column 6: expected ',' or ')', found the end of the text (byte 5)" \
  candid_text '(nat8' '(1)'
refuses 'line 2, column 1: expected nat8, found the text "a" (byte 2)' candid_text '(nat8)' '(
"a")'

refuses '.timestamp: missing' candid_json '{"text":"hi"}'
refuses '.size: no such field' candid_json '{"text":"hi","timestamp":1,"size":2}'

refuses 'usage: GATEWAY-URL CANISTER-ID' minimal

refuses 'usage: NETWORK-URL CANISTER-ID METHOD [ARGUMENT-AS-HEX]' agent
refuses 'not a http:// or https:// URL: ws://localhost' agent ws://localhost aaaaa-aa greet

# A client in a loop gets the canister's first message, and ends with its input.
GATEWAY=$(printf '%s' "$network" | sed 's/.*"gateway_url":"\([^"]*\)".*/\1/')
mkfifo "$work/input" "$work/output"
"$build/examples/poll_loop" "$GATEWAY" bkyz2-fmaaa-aaaaa-qaaaq-cai "$NET" \
  <"$work/input" >"$work/output" 2>"$work/errors" &
client=$!
exec 4>"$work/input"
magic=$(head -c 4 <"$work/output")
exec 4>&-
if ! wait "$client" || [ "$magic" != DIDL ]; then
  echo "poll_loop: '$magic', and on standard error"
  cat "$work/errors"
  failed=1
fi
ran=$((ran + 1))

exec 3>&-
wait || failed=1
echo "ran $ran commands"
exit $failed
