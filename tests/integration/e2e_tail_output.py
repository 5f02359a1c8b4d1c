#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What icws-tail prints.

Raw: the content of each message and a newline. With -J: a JSON object a line, with consecutive
numbers. On a terminal: control characters escaped. -C ends with 0 after that many; `| head` ends it
quietly with 0, and so does a reader who leaves while no message comes. A full disk is an error.
"""

import json
import subprocess

from support import Background, Devnet, Terminal, check, check_equal, program, run

MEMBERS = ["type", "ts", "recv_ts", "seq", "canister", "gateway", "latency_ms", "encoding", "payload"]

with Devnet("--ticker-ms", "200") as devnet:
    options = devnet.options_for("ticker")

    done = run("icws-tail", *options, "-q", "-C", "3")
    check_equal(done.returncode, 0, "exit status")
    check_equal(done.stderr, b"", "words with -q")
    check_equal(done.stdout.count(b"DIDL"), 3, "contents")

    done = run("icws-tail", *options, "-J", "-C", "3", "-W", "30")
    check_equal(done.returncode, 0, "exit status with -J")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    check_equal([list(record) for record in records], [MEMBERS] * 3, "members")
    check_equal([record["seq"] for record in records], [2, 3, 4], "numbers")
    check_equal({record["canister"] for record in records}, {devnet.ready["canisters"]["ticker"]}, "canister")
    check(all(b"tick " in bytes.fromhex(record["payload"]) for record in records), "payload is the content")

    pipe = 'set -o pipefail; "$0" "$@" -q | head -n 3'
    done = subprocess.run(
        ["bash", "-c", pipe, program("icws-tail"), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    check_equal(done.returncode, 0, "exit status of tail | head -n 3")
    check_equal(done.stdout.count(b"\n"), 3, "lines of tail | head -n 3")
    check_equal(done.stderr, b"", "words of tail | head -n 3")

    quiet = Background("icws-tail", *devnet.options_for("echo"), stdout=subprocess.PIPE)
    quiet.wait_for_words(b"open: ")
    quiet.process.stdout.close()
    check_equal(quiet.end(), 0, "exit status when the reader leaves a quiet stream")

    with open("/dev/full", "wb") as full:
        tail = Background("icws-tail", *options, stdout=full)
        tail.wait_for_words(b"cannot write to standard output: No space left on device")
        check_equal(tail.end(), 1, "exit status on a full disk")

    terminal = Terminal("icws-tail", *options, "-C", "1")
    terminal.expect("DIDL\\x01l\\x02")
    check_equal(terminal.end(), 0, "exit status on a terminal")
