#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JavaScript SDK in a browser: a page in headless Chromium.

The page, the gateway and the network are of three origins, so the network's answers must allow
that (CORS), and the browser asks it before it posts. The page tells its server what came of each scenario.
"""

import os
import select
import shutil
import signal
import subprocess
import tempfile

from interop import WEBSOCKET_JS, check_outcome, need_packages, sdk_task
from support import PATIENCE, Devnet, check, skip

ACK_INTERVAL_MS = 10_000  # time for a keep-alive on a machine that is busy, too
SCENARIOS = ["otherOrigin", "pingPong", "twoClients", "acks", "closedByCanister", "wrongRootKey"]


class Page:
    """The page's server, from `with` until the end of its block."""

    def __init__(self, devnet):
        self.process = subprocess.Popen(
            ["node", f"{WEBSOCKET_JS}/serve-page.mjs", *SCENARIOS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.process.stdin.write(sdk_task(devnet, ACK_INTERVAL_MS))
        self.process.stdin.close()

    def __enter__(self):
        return self

    def read_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], 2 * PATIENCE)
        check(bool(ready), "the page's server says something")
        return self.process.stdout.readline().decode()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Browser:
    """Chromium with a home and a profile of its own; all its processes are of one group."""

    def __init__(self, url):
        # Chromium's last processes may still write when it has ended.
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                f"--user-data-dir={self.home.name}/profile", url,
            ],
            env={**os.environ, "HOME": self.home.name, "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.home.cleanup()


need_packages("ic-websocket-js", "websocket-js")
if shutil.which("chromium") is None:
    skip("chromium is missing: run scripts/setup")
intervals = ["--ack-interval-ms", str(ACK_INTERVAL_MS), "--keep-alive-ms", str(ACK_INTERVAL_MS - 100)]
with Devnet("--round-ms", "20", *intervals) as devnet:
    with Page(devnet) as page, Browser(page.read_line().strip()):
        check_outcome(page.read_line(), SCENARIOS)
