#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A keep-alive gets through a flood.

A client is given many more lines at once than the canister takes in an ack interval. What lies in
buffers on the way is numbered and signed, and a keep-alive has to go behind it: so no buffer on the
way may hold more than the canister takes within its window. Then all lines arrive, over several
intervals, and nobody is dropped: neither by the local network's own gateway nor by icws-gateway, with
HTTP behind it. Meanwhile another client is served as if there were no flood.
"""

import tempfile

from faults import Gateway
from support import Background, Devnet, check, check_equal

LINES = 600
ACK_INTERVAL_S = 5
INTERVALS = ["--ack-interval-ms", str(1000 * ACK_INTERVAL_S), "--keep-alive-ms", str(1000 * ACK_INTERVAL_S - 100)]


class Flood:
    """icws-chat with many lines to say."""

    def __init__(self, folder, name, options):
        self.name = name
        self.output = open(f"{folder}/{name}", "w+b")
        with tempfile.TemporaryFile() as lines:
            lines.writelines(b"line %d\n" % n for n in range(LINES))
            lines.seek(0)
            arguments = [*options, "--ack-interval", str(ACK_INTERVAL_S), "--wait-ack", "-q", "2"]
            self.chat = Background("icws-chat", *arguments, stdin=lines, stdout=self.output)

    def end(self):
        errors = self.chat.process.stderr.read()
        check(b"KeepAliveTimeout" not in errors, f"{self.name}: it is not dropped")
        check_equal(self.chat.end(), 0, f"{self.name}: the exit status of the client that floods")
        check(b"%d lines sent, all acknowledged" % LINES in errors, f"{self.name}: all lines are acknowledged")
        self.output.seek(0)
        echoes = b"".join(b"canister: line %d\n" % n for n in range(LINES))
        check(self.output.read() == echoes, f"{self.name}: the echoes of all lines, in order")
        self.output.close()


with tempfile.TemporaryDirectory() as folder, Devnet(*INTERVALS, "--round-ms", "20") as devnet:
    with Gateway(folder, devnet.ready["network_url"]) as gateway:
        floods = [
            Flood(folder, "in the process", devnet.options_for("echo")),
            Flood(folder, "over HTTP", gateway.options_for(devnet, "echo")),
        ]
        calm = [
            Background("icws-tail", *options, "--ack-interval", str(ACK_INTERVAL_S), "-C", "5")
            for options in (devnet.options_for("ticker"), gateway.options_for(devnet, "ticker"))
        ]
        for one in calm:
            check_equal(one.end(), 0, "the exit status of a calm client")
        for one in floods:
            one.end()
