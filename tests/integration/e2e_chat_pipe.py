#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lines from a pipe.

Not at a terminal icws-chat sends each line of its input, in order, however many there are; prints
what comes for the time of -q; and ends with 0 when all were sent, or with --wait-ack acknowledged.
A line that cannot be sent makes it 1, and what stands before it is still sent. A reader of the
output who leaves does not keep lines from being sent. Nor does it lose lines that the network, at its
usual pace of one line a round, takes longer to execute than libwebsockets waits for a closing: 5 s.
"""

import subprocess

from support import Background, Devnet, check, check_equal, run

LINES = 1500  # more than the queue has room for
# Short rounds, since a client's calls are executed one after the other; time for a keep-alive to get
# its turn behind all lines.
NETWORK = ["--round-ms", "5", "--ack-interval-ms", "20000", "--keep-alive-ms", "19000"]


def texts(output):
    return [line.split(b": ", 1)[1] for line in output.splitlines() if not line.startswith(b"* ")]


with Devnet(*NETWORK) as devnet:
    options = devnet.options_for("chat") + ["--ack-interval", "20"]

    done = run("icws-chat", *options, "-q", "2", stdin=b"one\n\ntwo\nlast, without newline")
    check_equal(done.returncode, 0, "exit status")
    check_equal(texts(done.stdout), [b"one", b"", b"two", b"last, without newline"], "lines come back")
    check(b"4 lines sent" in done.stderr, "says that the lines were sent")

    done = run("icws-chat", *options, "--wait-ack", stdin=b"".join(b"%d\n" % n for n in range(LINES)))
    check_equal(done.returncode, 0, "exit status with --wait-ack")
    check(b"%d lines sent, all acknowledged" % LINES in done.stderr, "says that they were acknowledged")
    got = texts(done.stdout)
    check_equal(got, [b"%d" % n for n in range(len(got))], "order of the lines that came back")

    done = run("icws-chat", *options, "-q", "2", stdin=b"good\n\xff\xfe\nafter\n")
    check_equal(done.returncode, 1, "exit status after a line that is not UTF-8")
    check(b"line 2: it is not UTF-8" in done.stderr, "names that line")
    check_equal(texts(done.stdout), [b"good"], "lines before it")

    done = run("icws-chat", *options, "-q", "2", stdin=b"good\n" + b"x" * (1 << 20) + b"\nafter\n")
    check_equal(done.returncode, 1, "exit status after a line that is too long")
    check(b"line 2: it is too long" in done.stderr, "names that line")
    check_equal(texts(done.stdout), [b"good"], "lines before it")

    listener = Background("icws-chat", *options, "-q", "600", stdout=subprocess.PIPE)
    listener.wait_for_words(b"open: ")
    chat = Background("icws-chat", *options, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    chat.process.stdout.close()
    chat.process.stdin.write(b"".join(b"unheard %d\n" % n for n in range(100)))
    chat.process.stdin.close()
    check_equal(chat.end(), 0, "exit status without a reader")
    while b"unheard 99" not in listener.process.stdout.readline():
        pass
    check(True, "all lines were sent without a reader")
    listener.process.terminate()
    check_equal(listener.end(), 143, "exit status after SIGTERM")
    listener.process.stdout.close()

PATIENT_LINES = 80  # 8 s

with Devnet() as devnet:
    options = devnet.options_for("chat")
    listener = Background("icws-chat", *options, "-q", "600", stdout=subprocess.PIPE)
    listener.wait_for_words(b"open: ")
    done = run("icws-chat", *options, stdin=b"".join(b"%d\n" % n for n in range(PATIENT_LINES)))
    check_equal(done.returncode, 0, "exit status after lines for some seconds")
    got = []
    while len(got) < PATIENT_LINES:
        line = listener.process.stdout.readline()
        if not line or b" left" in line:
            break
        got += texts(line)
    check_equal(got, [b"%d" % n for n in range(PATIENT_LINES)], "lines that the room got")
    listener.process.terminate()
    check_equal(listener.end(), 143, "exit status after SIGTERM")
    listener.process.stdout.close()
