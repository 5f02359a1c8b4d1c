#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What icws-tail prints.

Raw: the content of each message and a newline. With -J: a JSON object a line, with consecutive
numbers. With -o: Candid, JSON or hex. Fields have the names of --candid FILE, or hashes. On a terminal:
Candid. -C ends with 0 after that many; `| head` ends it quietly with 0, and so does a reader who
leaves while no message comes. A full disk is an error.
"""

import json
import os
import re
import subprocess
import tempfile

from support import Background, Devnet, Terminal, check, check_equal, program, run

TEXT_HASH = "1291439277"
TIMESTAMP_HASH = "2781795542"
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
    check_equal({record["encoding"] for record in records}, {"candid"}, "encoding")
    check_equal(
        [sorted(record["payload"]) for record in records], [[TEXT_HASH, TIMESTAMP_HASH]] * 3, "hashes of names"
    )
    check(all(record["payload"][TEXT_HASH].startswith("tick ") for record in records), "payload is the value")
    check_equal(done.stderr.count(b"--candid FILE"), 1, "one hint at how to name them")

    with tempfile.TemporaryDirectory() as folder:
        did = os.path.join(folder, "ticker.did")
        with open(did, "wb") as file:
            file.write(devnet.interface("ticker"))

        done = run("icws-tail", *options, "--candid", did, "-J", "-C", "2")
        records = [json.loads(line) for line in done.stdout.splitlines()]
        check_equal([sorted(record["payload"]) for record in records], [["text", "timestamp"]] * 2, "names")
        check(b"--candid" not in done.stderr, "no hint where names are known")

        done = run("icws-tail", *options, "--candid", did, "-o", "candid", "-q", "-C", "1")
        line = rb'\(record { text = "tick \d+"; timestamp = \d{19} : nat64 }\)\n'
        check(re.fullmatch(line, done.stdout) is not None, "Candid with names")

        done = run("icws-tail", *options, "--candid", did, "-o", "json", "-q", "-C", "1")
        check_equal(sorted(json.loads(done.stdout)), ["text", "timestamp"], "JSON of the value alone")

        wrong = os.path.join(folder, "wrong.did")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("service : { ws_message : (record {}, opt record { text : nat }) -> () }")
        done = run("icws-tail", *options, "--candid", wrong, "-J", "-C", "2")
        check_equal(done.returncode, 0, "a stream that does not decode goes on")
        errors = {json.loads(line)["payload_error"].split(" (")[0] for line in done.stdout.splitlines()}
        check_equal(errors, {"argument 1, field text: expected nat, found text"}, "payload_error")
        done = run("icws-tail", *options, "--candid", wrong, "-o", "candid", "-q", "-C", "1")
        check(done.stdout.startswith(b"// argument 1, field text: expected nat, found text"), "in a comment")

    done = run("icws-tail", *options, "-o", "hex", "-q", "-C", "1")
    check(b"tick " in bytes.fromhex(done.stdout.decode()), "hex")

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
        done = subprocess.run([program("icws-tail"), *options], stdout=full, stderr=subprocess.PIPE, timeout=60)
        check_equal(done.returncode, 1, "exit status on a full disk")
        reason = b"cannot write to standard output: No space left on device\n"
        check(done.stderr.endswith(reason), "which is said, and no more")

    terminal = Terminal("icws-tail", *options, "-C", "1")
    terminal.expect('(record { %s = "tick ' % TEXT_HASH)
    check_equal(terminal.end(), 0, "exit status on a terminal")
