#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The network's replica is killed, and started again with its keys and canister ids.

The canisters have forgotten their clients, as after an upgrade. Who reads is told when somebody else
opens, who speaks when the canister refuses that; and who comes back, through the same gateway, gets a
new session.
"""

import subprocess
import tempfile
from urllib.parse import urlsplit

from faults import Gateway, Reader
from support import Background, Devnet, check_equal, run

with tempfile.TemporaryDirectory() as folder:
    options = ["--state", f"{folder}/state", "--ticker-ms", "200"]
    with Devnet(*options) as first, Gateway(folder, first.ready["network_url"]) as gateway:
        ticker, echo = (gateway.options_for(first, name) for name in ("ticker", "echo"))
        reader = Reader(ticker)
        reader.read(5)
        writer = Background("icws-chat", *echo, "-q", "600", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        writer.process.stdin.write(b"before\n")
        writer.process.stdin.flush()
        check_equal(writer.process.stdout.readline(), b"canister: before\n", "a line before the fault")
        first.kill()
        gateway.wait_for("poll_failed")

        port = str(urlsplit(first.ready["network_url"]).port)
        with Devnet(*options, "--network-port", port) as second:
            for name in ("root_key", "canisters", "network_url"):
                check_equal(second.ready[name], first.ready[name], name)
            gateway.wait_for("poll_works")

            again = Reader(ticker)
            again.read(3)
            check_equal(again.numbers, [2, 3, 4], "the numbers of a new session")
            reader.wait_for_words(b"the canister has started anew and does not know this client")
            for line in reader.process.stdout:
                pass
            check_equal(reader.end(), 3, "the reader's exit status")
            check_equal(again.interrupt(), 143, "the exit status of the one who came back")

            writer.process.stdin.write(b"after\n")
            writer.process.stdin.close()
            writer.wait_for_words(b"the canister refused a message: ")
            check_equal(writer.process.stdout.read(), b"", "what comes back")
            writer.process.stdout.close()
            check_equal(writer.end(), 3, "the writer's exit status")
            done = run("icws-chat", *echo, "-q", "2", stdin=b"again\n")
            check_equal((done.returncode, done.stdout), (0, b"canister: again\n"), "who speaks again")
