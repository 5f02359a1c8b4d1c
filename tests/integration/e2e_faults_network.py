#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The network goes away under a gateway, and comes back.

Clients that are connected see a pause and nothing else: no message is lost or repeated, and what they
say meanwhile arrives in order. One that comes meanwhile gives up by its own timeout. It is the same for
a network that refuses connections and for one that is frozen.
"""

import signal
import subprocess
import tempfile

from faults import Gateway, Line, Reader
from support import Background, Devnet, check, check_equal, run


def run_fault(devnet, gateway, begin, finish, what):
    reader = Reader(gateway.options_for(devnet, "ticker"))
    reader.read(3)
    writer = Background(
        "icws-chat", *gateway.options_for(devnet, "echo"), "-q", "600", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    writer.wait_for_words(b"open: ")

    begin()
    gateway.wait_for("poll_failed")
    writer.process.stdin.write(b"one\ntwo\nthree\n")
    writer.process.stdin.flush()
    late = run("icws-tail", *gateway.options_for(devnet, "ticker"), "--connect-timeout", "1")
    check_equal(late.returncode, 4, f"{what}: one who comes meanwhile")
    check(b"does the gateway reach its network?" in late.stderr, f"{what}: what it is told")
    finish()

    gateway.wait_for("poll_works")
    lines = [writer.process.stdout.readline() for _ in range(3)]
    check_equal(lines, [b"canister: one\n", b"canister: two\n", b"canister: three\n"], f"{what}: what was said")
    writer.process.terminate()
    writer.process.stdin.close()
    writer.process.stdout.close()
    check_equal(writer.end(), 143, f"{what}: the writer's exit status")
    reader.read(3)
    check_equal(reader.numbers, [2, 3, 4, 5, 6, 7], f"{what}: what the reader got")
    check_equal(reader.interrupt(), 143, f"{what}: the reader's exit status")


with tempfile.TemporaryDirectory() as folder, Devnet("--ticker-ms", "500") as devnet:
    with Line(devnet.ready["network_url"]) as line, Gateway(folder, line.url) as gateway:
        run_fault(devnet, gateway, line.cut, line.mend, "a line that is cut")
        freeze = lambda: devnet.process.send_signal(signal.SIGSTOP)
        thaw = lambda: devnet.process.send_signal(signal.SIGCONT)
        try:
            run_fault(devnet, gateway, freeze, thaw, "a network that is frozen")
        finally:
            thaw()
