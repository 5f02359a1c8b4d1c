#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A long session in short.

With an ack interval of two seconds a reader and a writer outlive several rounds of acknowledgement
and keep-alive. One that falls silent for an interval is dropped, and told why: 7.
"""

import signal
import time

from support import Background, Devnet, check, check_equal, run

with Devnet("--ack-interval-ms", "2000", "--keep-alive-ms", "1900", "--ticker-ms", "500") as devnet:
    reader = Background("icws-tail", *devnet.options_for("ticker"), "--ack-interval", "2", "-C", "24")
    writer = ["icws-chat", *devnet.options_for("chat"), "--ack-interval", "2", "--wait-ack"]
    for _ in range(2):
        done = run(*writer, "-q", "3", stdin=b"a\nb\nc\n")
        check_equal(done.returncode, 0, "the writer's exit status")
    check_equal(reader.end(), 0, "the reader's exit status")

    silent = Background("icws-tail", *devnet.options_for("echo"), "--ack-interval", "2")
    silent.wait_for_words(b"open: ")
    silent.process.send_signal(signal.SIGSTOP)
    time.sleep(8)  # twice what an interval and the window after it make
    silent.process.send_signal(signal.SIGCONT)
    silent.wait_for_words(b"keep-alive")
    check(True, "a silent client is told why it is dropped")
    check_equal(silent.end(), 7, "its exit status")
