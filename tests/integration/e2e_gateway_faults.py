#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway over HTTP when something goes wrong, and what clients see of it: a flood, in which
keep-alives get through; a replica that is restarted and has lost its canisters' state."""

import socket
import subprocess
import tempfile

from gateway_support import Gateway
from support import Background, Devnet, check, check_equal, run

SEED = "5e" * 32
LINES = 300


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def options_of(devnet, gateway, canister):
    return ["-g", gateway.started["url"], "-c", devnet.ready["canisters"][canister], "-k", devnet.ready["root_key"]]


def network_of(devnet):
    return ["--ic-network-url", devnet.ready["network_url"]]


def flood(folder):
    intervals = ["--ack-interval-ms", "3000", "--keep-alive-ms", "2900", "--round-ms", "20"]
    with Devnet(*intervals) as devnet, Gateway(folder, *network_of(devnet)) as gateway:
        lines = b"".join(b"line %d\n" % i for i in range(LINES))
        chat = ["icws-chat", *options_of(devnet, gateway, "echo"), "--ack-interval", "3", "--wait-ack", "-q", "2"]
        done = run(*chat, stdin=lines)
        check_equal(done.returncode, 0, "the exit status of a client that floods")
        check(b"%d lines sent, all acknowledged" % LINES in done.stderr, "all lines are acknowledged")
        check_equal(done.stdout.count(b"\n"), LINES, "the echoes of all lines")


def replica_restarted(folder):
    """The client's session is gone, which it is told; the next one is served by the same gateway."""
    port = free_port()
    network = ["--seed", SEED, "--network-port", str(port)]
    with Gateway(folder, "--ic-network-url", f"http://127.0.0.1:{port}") as gateway:
        with Devnet(*network) as devnet:
            client = ["icws-chat", *options_of(devnet, gateway, "echo")]
            first = Background(*client, stdin=subprocess.PIPE)
            first.wait_for_words(b"open: ")
        gateway.wait_for("poll_failed")
        with Devnet(*network) as devnet:
            gateway.wait_for("poll_works")
            first.process.stdin.write(b"are you there?\n")
            first.process.stdin.flush()
            refused = gateway.wait_for("client_refused")
            check("refused a message" in refused["message"] or "started anew" in refused["message"], "the log says why")
            check(first.end() != 0, "the client that the canister does not know any more ends with an error")
            done = run(*client, "-q", "2", stdin=b"hello\n")
            check_equal((done.returncode, done.stdout.count(b"\n")), (0, 1), "a new client is served")


with tempfile.TemporaryDirectory() as folder:
    flood(folder)
    replica_restarted(folder)
