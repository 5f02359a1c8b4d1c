# SPDX-License-Identifier: Apache-2.0
"""What the tests with others' software share."""

import json
import os
import shutil

from support import ROOT, check, check_equal, skip

INTEROP = os.path.join(ROOT, "tests", "interop")
WEBSOCKET_JS = os.path.join(INTEROP, "websocket-js")


def need_packages(package, folder="."):
    """Skips the test where Node or the npm packages of a folder in tests/interop are missing."""
    installed = os.path.join(INTEROP, folder, "node_modules", package)
    if shutil.which("node") is None or not os.path.isdir(installed):
        skip(f"node or the npm package {package} is missing: run scripts/setup")


def sdk_task(devnet, ack_interval_ms=None):
    """What the scenarios of the JavaScript SDK have to know of a local network."""
    task = {name: devnet.ready[name] for name in ("gateway_url", "network_url", "canisters")}
    return json.dumps({**task, "ack_interval_ms": ack_interval_ms}).encode()


def check_outcome(line, names):
    """Each scenario ended without an error."""
    outcome = json.loads(line)
    check_equal(sorted(outcome), sorted(names), "scenarios that were run")
    for name, error in outcome.items():
        check(error is None, f"{name}" if error is None else f"{name}: {error}")
