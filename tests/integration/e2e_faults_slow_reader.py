#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client that does not read.

When more waits for it than a gateway keeps, it is dropped and told why; another one in the same room
gets every message, in order, meanwhile.
"""

import json
import signal
import subprocess
import tempfile

from faults import Gateway, Reader
from support import Background, Devnet, check, check_equal

LINES = 60
LINE_BYTES = 250_000  # together more than the gateway keeps and the kernel's buffers take
TEXT = "1291439277"  # the hash of the name


def long_lines(reader):
    """The numbers of the long lines that a reader prints, until it has all or ends."""
    numbers = []
    for line in reader.process.stdout:
        text = json.loads(line)["payload"][TEXT]
        if len(text) == LINE_BYTES:
            numbers.append(int(text[:6]))
            if len(numbers) == LINES:
                break
    return numbers


with tempfile.TemporaryDirectory() as folder, Devnet("--round-ms", "10") as devnet:
    with Gateway(folder, devnet.ready["network_url"]) as gateway:
        options = gateway.options_for(devnet, "chat")
        slow, fast = Reader(options), Reader(options)
        for reader in (slow, fast):
            reader.wait_for_words(b"open: ")
        slow.process.send_signal(signal.SIGSTOP)

        with open(f"{folder}/lines", "w+b") as lines:
            lines.writelines((b"%06d" % n).ljust(LINE_BYTES, b"x") + b"\n" for n in range(LINES))
            lines.seek(0)
            writer = Background("icws-chat", *options, stdin=lines, stdout=subprocess.DEVNULL)
        check_equal(long_lines(fast), list(range(LINES)), "what the one who reads got")
        check_equal(writer.end(), 0, "the writer's exit status")

        refused = gateway.wait_for("client_refused")
        check("too slow" in refused["message"], "it is for being slow")
        slow.process.send_signal(signal.SIGCONT)
        got = long_lines(slow)
        check_equal(got, list(range(len(got))), "what the slow one got is in order")
        check(len(got) < LINES, "and not all")
        slow.wait_for_words(b"too slow")
        check_equal(slow.end(), 3, "its exit status")
        check_equal(fast.interrupt(), 143, "the other one's exit status")
