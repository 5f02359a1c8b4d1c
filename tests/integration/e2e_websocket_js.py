#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JavaScript SDK, as it is published, at our gateway and canisters, in Node.

It opens, with its secp256k1 identity and with a delegation; plays ping-pong; acknowledges over
several intervals; is closed by either side; keeps two clients apart; and refuses what does not verify
under the network's root key. What is checked stands in tests/interop/websocket-js/scenarios.mjs.
"""

import subprocess

from interop import WEBSOCKET_JS, check_outcome, need_packages, sdk_task
from support import PATIENCE, Devnet, check_equal

ACK_INTERVAL_MS = 5000  # time for a keep-alive on a busy machine


class Run:
    """Scenarios that run in a Node of their own, all at once."""

    def __init__(self, devnet, names, ack_interval_ms=None):
        self.names = names
        self.process = subprocess.Popen(
            ["node", f"{WEBSOCKET_JS}/run-in-node.mjs", *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.process.stdin.write(sdk_task(devnet, ack_interval_ms))
        self.process.stdin.close()

    def finish(self):
        outcome = self.process.stdout.read()
        check_equal(self.process.wait(PATIENCE), 0, "Node's exit status")
        self.process.stdout.close()
        check_outcome(outcome, self.names)


need_packages("ic-websocket-js", "websocket-js")
intervals = ["--ack-interval-ms", str(ACK_INTERVAL_MS), "--keep-alive-ms", str(ACK_INTERVAL_MS - 100)]
with Devnet(*intervals) as slow, Devnet("--round-ms", "20") as fast:
    waiting = Run(slow, ["acks", "silent"], ACK_INTERVAL_MS)
    Run(fast, ["pingPong", "delegated", "burst", "twoClients"]).finish()
    Run(fast, ["closedByCanister", "lostMessage", "wrongRootKey"]).finish()
    waiting.finish()
