#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Which headers a layer may include. Everything above the SDK, and sdk/net with it, knows the public
# headers only; so sdk/net stays an example of the public interface.
set -u
LC_ALL=C
export LC_ALL

failed=0

# allow LAYER PATTERN: each "quoted" include in LAYER's files is of a file beside it, or matches.
allow() {
  [ -d "$1" ] || return 0
  for file in $(find "$1" -name '*.[ch]'); do
    for header in $(sed -n 's/^ *# *include *"\(.*\)".*/\1/p' "$file"); do
      if [ -f "${file%/*}/$header" ] && [ "${header#*/}" = "$header" ]; then
        continue
      fi
      if ! printf '%s\n' "$header" | grep -Eqx "$2"; then
        echo "$file includes $header, which is not for $1"
        failed=1
      fi
    done
  done
}

# allow_system LAYER PATTERN: each <angled> include in LAYER's files matches.
allow_system() {
  [ -d "$1" ] || return 0
  for file in $(find "$1" -name '*.[ch]'); do
    for header in $(sed -n 's/^ *# *include *<\(.*\)>.*/\1/p' "$file"); do
      if ! printf '%s\n' "$header" | grep -Eqx "$2"; then
        echo "$file includes <$header>, which is not for $1"
        failed=1
      fi
    done
  done
}

c_headers='assert.h|inttypes.h|limits.h|stdalign.h|stdarg.h|stdbool.h|stddef.h|stdint.h|string.h'
posix_headers="$c_headers|(arpa|netinet|sys)/[a-z]+.h|errno.h|fcntl.h|netdb.h|pthread.h|signal.h|stdio.h|stdlib.h|strings.h|time.h|unistd.h"
base_header=$(cd sdk/base && ls *.h candid/*.h 2>/dev/null | tr '\n' '|')

allow include/icws 'none'
allow_system include/icws "icws/[a-z0-9_]+\.h|stdbool.h|stddef.h|stdint.h"
allow sdk/base "${base_header}none"
allow_system sdk/base "icws/[a-z0-9_]+\.h|$c_headers|stdio.h|stdlib.h"
allow sdk/core "${base_header}none"
allow_system sdk/core "icws/[a-z0-9_]+\.h|$c_headers|stdatomic.h|stdio.h|stdlib.h|sodium.h|cbor/streaming.h|blst.h"
allow sdk/keys 'none'
allow sdk/json 'none'
allow sdk/net 'none'
allow_system sdk/net "icws/[a-z0-9_]+\.h|$posix_headers|uv.h|libwebsockets.h|ares.h|curl/curl.h|openssl/[a-z0-9]+.h"
allow cdk "${base_header}cdk/[a-z0-9_]+\.h"
allow_system cdk "icws/[a-z0-9_]+\.h|$c_headers"
allow gateway 'gateway/[a-z0-9_]+\.h'
allow_system gateway "icws/[a-z0-9_]+\.h|$posix_headers|uv.h|libwebsockets.h|microhttpd.h|openssl/[a-z0-9]+.h|sodium.h"
allow devnet '(gateway|cdk|devnet|devnet/canisters)/[a-z0-9_]+\.h'
allow_system devnet "(icws|cdk)/[a-z0-9_]+\.h|$posix_headers|uv.h|sodium.h|blst.h"
allow tools '(bind|common|gateway|cdk|devnet)/[a-z0-9_]+\.h'
allow examples 'chat.h' # made of chat.did

exit $failed
