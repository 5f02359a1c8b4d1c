#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The network's replica is killed, and started again with its keys and canisters.

Canisters forget their clients; so the clients are told, and who comes back gets a new session.
"""

import json
import subprocess
import tempfile
from urllib.parse import urlsplit

from faults import Gateway
from support import Background, Devnet, check, check_equal, run

with tempfile.TemporaryDirectory() as folder:
    state = ["--state", f"{folder}/state", "--ticker-ms", "200"]
    with Devnet(*state) as devnet:
        port = urlsplit(devnet.ready["network_url"]).port
        first = devnet.ready
        gateway = Gateway(folder, first["network_url"])
        gateway.start()
        options = gateway.options_for(devnet, "ticker")
        reader = Background("icws-tail", *options, stdout=subprocess.PIPE)
        writer = Background("icws-chat", *gateway.options_for(devnet, "echo"), "-q", "600", stdin=subprocess.PIPE)
        for client in (reader, writer):
            client.wait_for_words(b"open: ")
        devnet.kill()
    with Devnet(*state, "--network-port", str(port)) as devnet:
        check_equal(devnet.ready["root_key"], first["root_key"], "the root key")
        check_equal(devnet.ready["canisters"], first["canisters"], "the canisters")
        done = run("icws-tail", *options, "-J", "-C", "3")
