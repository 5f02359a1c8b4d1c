#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A gateway is killed, and started again.

Its clients see that the connection broke: 3. With its identity file it is the same principal again; a
client that comes back gets a session of its own and nothing of what was before.
"""

import signal
import tempfile

from faults import Gateway, Reader
from support import Devnet, check, check_equal, run

with tempfile.TemporaryDirectory() as folder, Devnet("--ticker-ms", "200") as devnet:
    network_url = devnet.ready["network_url"]
    with Gateway(folder, network_url) as gateway:
        options = gateway.options_for(devnet, "ticker")
        readers = [Reader(options) for _ in range(3)]
        for reader in readers:
            reader.read(1)
        gateway.status = -signal.SIGKILL
        gateway.terminate(signal.SIGKILL)
    for reader in readers:
        reader.wait_for_words(f"127.0.0.1:{gateway.port}".encode())
        check_equal(reader.end(), 3, "a client's exit status")

    done = run("icws-tail", *options)
    check_equal(done.returncode, 3, "a client that finds no gateway")
    check(b"refused" in done.stderr, "says why")

    with Gateway(folder, network_url, "--gateway-address", f"127.0.0.1:{gateway.port}") as again:
        check_equal(again.started["principal"], gateway.started["principal"], "the principal")
        check_equal(again.started["url"], gateway.started["url"], "the address")
        reader = Reader(options)
        reader.read(3)
        check_equal(reader.numbers, [2, 3, 4], "the numbers of a new client")
        check_equal(reader.interrupt(), 143, "its exit status")
        done = run("icws-chat", *again.options_for(devnet, "echo"), "-q", "2", stdin=b"again\n")
        check_equal((done.returncode, done.stdout), (0, b"canister: again\n"), "one that speaks")
