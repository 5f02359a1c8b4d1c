#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A long session in short.

With an ack interval of two seconds a reader and a writer outlive several rounds of acknowledgement
and keep-alive.
"""

from support import Background, Devnet, check_equal, run

with Devnet("--ack-interval-ms", "2000", "--ticker-ms", "500") as devnet:
    reader = Background("icws-tail", *devnet.options_for("ticker"), "--ack-interval", "2", "-C", "24")
    writer = ["icws-chat", *devnet.options_for("chat"), "--ack-interval", "2", "--wait-ack"]
    for _ in range(2):
        done = run(*writer, "-q", "3", stdin=b"a\nb\nc\n")
        check_equal(done.returncode, 0, "the writer's exit status")
    check_equal(reader.end(), 0, "the reader's exit status")
