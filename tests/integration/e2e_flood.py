#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A keep-alive gets through a flood.

A client is given many more lines at once than the canister takes in an ack interval. What lies in
buffers on the way is numbered and signed, and a keep-alive has to go behind it: so no buffer on the
way may hold more than the canister takes within its window. Then all lines arrive, over several
intervals, and nobody is dropped. Meanwhile a second client is served as if there were no flood.
"""

from support import Background, Devnet, check, check_equal, run

LINES = 600

with Devnet("--ack-interval-ms", "2000", "--keep-alive-ms", "1800", "--round-ms", "20") as devnet:
    chat = ["icws-chat", *devnet.options_for("echo"), "--ack-interval", "2", "--wait-ack"]
    calm = Background("icws-tail", *devnet.options_for("ticker"), "--ack-interval", "2", "-C", "5")
    flood = b"".join(b"line %d\n" % i for i in range(LINES))
    done = run(*chat, "-q", "2", stdin=flood)
    check_equal(done.returncode, 0, "the exit status of the client that floods")
    check(b"KeepAliveTimeout" not in done.stderr, "it is not dropped")
    check(b"%d lines sent, all acknowledged" % LINES in done.stderr, "all lines are acknowledged")
    check_equal(done.stdout.count(b"\n"), LINES, "the echoes of all lines")
    check_equal(calm.end(), 0, "the exit status of the calm client")
