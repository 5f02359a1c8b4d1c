#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three generations of the official agents, unchanged, accept the local network with nothing but its URL."""

import json
import shutil
import subprocess
from pathlib import Path

from support import PATIENCE, Devnet, check_equal, say, skip

interop = Path(__file__).resolve().parent.parent / "interop"
GENERATIONS = ["websocket-js", ".", "core-6"]

if shutil.which("node") is None or not all((interop / folder / "node_modules").is_dir() for folder in GENERATIONS):
    skip("node or the packages of tests/interop are missing: run scripts/setup")

with Devnet() as devnet:
    for folder in GENERATIONS:
        done = subprocess.run(
            ["node", interop / "check-agent.mjs", folder],
            input=json.dumps(devnet.ready).encode(),
            timeout=6 * PATIENCE,
        )
        check_equal(done.returncode, 0, f"the exit status of {folder}")
say("all of them were met")
