#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JavaScript SDK, as it is published, at our gateway and canisters, in Node.

It opens, with its secp256k1 identity and with a delegation; plays ping-pong; acknowledges over
several intervals; is closed by either side; keeps two clients apart; and refuses what does not verify
under the network's root key. What is checked stands in tests/interop/websocket-js/scenarios.mjs.
"""

import subprocess
import time

from interop import WEBSOCKET_JS, check_outcome, need_packages, sdk_task
from support import PATIENCE, Devnet, check_equal


def play(devnet, names, ack_interval_ms=None):
    """Runs scenarios in a Node of their own, all at once."""
    done = subprocess.run(
        ["node", f"{WEBSOCKET_JS}/run-in-node.mjs", *names],
        input=sdk_task(devnet, ack_interval_ms),
        stdout=subprocess.PIPE,
        timeout=3 * PATIENCE,
    )
    check_equal(done.returncode, 0, "Node's exit status")
    check_outcome(done.stdout, names)


need_packages("ic-websocket-js", "websocket-js")
began = time.monotonic()
with Devnet("--round-ms", "20") as devnet:
    play(devnet, ["pingPong", "delegated", "burst", "twoClients"])
    play(devnet, ["closedByCanister", "lostMessage", "wrongRootKey"])

# Who answers an ack too late is dropped. The SDK verifies in JavaScript: the interval is what all of the above took, so
# that there is time on any machine, however busy.
interval = min(max(round(1000 * (time.monotonic() - began)), 5000), 20000)
with Devnet("--ack-interval-ms", str(interval), "--keep-alive-ms", str(interval - 100)) as devnet:
    play(devnet, ["acks", "silent"], interval)
