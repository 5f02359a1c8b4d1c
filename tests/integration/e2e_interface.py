#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-tail and icws-chat find the canister's interface by themselves, where a network is named.

Its names are then in what they print. --candid goes before it. Where it cannot be had, or was changed
on the way, one hint says why, fields are shown by the hashes of their names, and nothing else is different.
"""

import json
import os
import signal
import socket
import tempfile

from support import PATIENCE, Background, Devnet, TamperingProxy, Terminal, check, check_equal, run

NAMES = ["text", "timestamp"]
HASHES = ["1291439277", "2781795542"]


def members(done):
    return [sorted(json.loads(line)) for line in done.stdout.splitlines()]


def tail(*words):
    return run("icws-tail", *words, "-o", "json", "-C", "1")


with Devnet("--ticker-ms", "200") as devnet, tempfile.TemporaryDirectory() as folder:
    ticker = devnet.options_for("ticker")
    url = devnet.ready["network_url"]

    done = tail(*ticker, "-n", url)
    check_equal((done.returncode, members(done)), (0, [NAMES]), "names that the canister publishes")
    check(b"--candid" not in done.stderr, "and no hint")

    done = tail(*ticker[:-1], "fetch", "-n", url)
    check_equal((done.returncode, members(done)), (0, [NAMES]), "names, under the key that the network says")
    done = tail(*ticker)
    check_equal((done.returncode, members(done)), (0, [HASHES]), "no network is named")
    check_equal(done.stderr.count(b"--candid FILE"), 1, "which a hint says")

    did = os.path.join(folder, "other.did")
    with open(did, "w", encoding="utf-8") as file:
        file.write("service : { ws_message : (record {}, opt record { text : text }) -> () }")
    done = tail(*ticker, "-n", url, "--candid", did)
    check_equal((done.returncode, members(done)), (0, [["text"]]), "a file goes before what is published")

    with TamperingProxy(url, lambda path, body: body.replace(b"AppMessage", b"AppMessagf")) as proxy:
        done = tail(*ticker, "-n", proxy.url)
        check_equal((done.returncode, members(done)), (0, [HASHES]), "somebody changed what is published")
        check_equal(done.stderr.count(b"icws-tail: the canister's interface is not known: "), 1, "which a hint says")
        check_equal(done.stderr.count(b"--candid FILE"), 1, "once")
        done = tail(*ticker, "-n", proxy.url, "-q")
        check_equal((done.returncode, members(done), done.stderr), (0, [HASHES], b""), "quietly")
        done = run("icws-tail", *ticker, "-n", proxy.url, "-o", "hex", "-C", "1")
        check_equal((done.returncode, done.stdout[:8], done.stderr.count(b"\n")), (0, b"4449444c", 1),
                    "not asked for where nothing is decoded")  # fmt: skip

    with socket.create_server(("127.0.0.1", 0)) as silent:
        nobody = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = tail(*ticker, "-n", nobody, "--connect-timeout", "1")
        check_equal((done.returncode, members(done)), (0, [HASHES]), "a network that says nothing")
        check(b"the canister's interface is not known: it did not come in time" in done.stderr, "is not waited for")
        done = tail(*ticker, "-n", nobody)
        check_equal((done.returncode, members(done)), (0, [HASHES]), "for long")
        waiting_for = f"icws-tail: waiting for {nobody} to say the canister's interface; --candid FILE gives it"
        check_equal(done.stderr.decode().splitlines()[0], waiting_for, "which is said")
        done = tail(*ticker, "-n", nobody, "-q")
        check_equal((done.returncode, members(done), done.stderr), (0, [HASHES], b""), "but not with -q")

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        nobody = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waiting = Background("icws-tail", *ticker, "-n", nobody, "-o", "json")
        silent.accept()
        waiting.process.send_signal(signal.SIGTERM)
        check_equal(waiting.process.stderr.read(), b"", "a signal while the interface is waited for: no words")
        check_equal(waiting.end(), 143, "and the exit status")

    # A line of a chat is a message of the canister's own type.
    chat = Terminal("icws-chat", *devnet.options_for("chat"), "-n", url)
    chat.expect("open: you are ")
    chat.send('/json {"text": "by name", "timestamp": 5}\r')
    chat.expect("you: by name")
    chat.expect("> ")
    chat.send("\x04")
    check_equal(chat.end(), 0, "exit status of icws-chat")
    check("--candid" not in chat.text, "no hint")

done = run("icws-tail", "--demo", "-o", "json", "-C", "1")
check_equal((done.returncode, members(done)), (0, [NAMES]), "the demo's names")
check(b"--candid" not in done.stderr, "and no hint")
