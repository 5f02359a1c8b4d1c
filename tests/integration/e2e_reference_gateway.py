#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our programs at a gateway that behaves as the reference gateway does.

It is made of the official npm packages (tests/interop/gateway): it sends the reference's bytes, reads
a client's envelope and writes it again as the reference does, and judges what becomes of it. The
messages are those of the Rust kit, of the Motoko kit, and with the keys the other way around. Every
valid session has its tampered twins, each ending in the exit status of its own check, and nothing of
a tampered message, nor of any after it, is printed.
"""

import json
import subprocess
import threading

from interop import INTEROP, need_packages
from support import PATIENCE, check, check_equal, run, say

LINES = 5  # that the script `echo` takes

# What is wrong with a message: the exit status and words of the reason.
TAMPERED = {
    "cert_byte": (5, "check 1"),
    "cert_signer": (5, "check 1"),
    "cert_delegation": (5, "check 1"),
    "cert_ranges": (5, "check 1"),
    "cert_stale": (5, "check 1"),
    "cert_future": (5, "check 1"),
    "cert_canister": (5, "check 2"),
    "tree_byte": (5, "check 2"),
    "tree_of_others": (5, "check 3"),
    "content_byte": (5, "check 3"),
    "client_principal": (5, "check 4"),
    "client_nonce": (5, "check 4"),
    "key_gateway": (5, "check 5"),
    "key_shape": (5, "check 5"),
    "sequence_gap": (5, "check 6"),
    "sequence_again": (5, "check 6"),
    "timestamp_late": (5, "check 7"),
    "content_trailing": (7, "content of the message: bytes are left over"),
    "frame_cut": (7, "certified message, field tree: the input ends early"),
    "frame_trailing": (7, "certified message: bytes are left over"),
    "frame_tags": (7, "certified message: "),
    "frame_text": (7, "text"),
}
SECOND_ONLY = {"key_again": (5, "check 5")}  # a first message cannot come again
SERVICES = {
    "service_ack_too_far": (7, "the last one sent is 0"),
    "service_keep_alive": (7, "KeepAliveMessage"),
    "service_unknown": (7, "a service message is malformed"),
    "opened_twice": (7, "a second OpenMessage"),
}
# Before anything came that could be printed.
OPENINGS = {
    "handshake_empty": (4, "handshake"),
    "handshake_garbage": (4, "handshake"),
    "handshake_lie": (5, "check 5"),
    "hang_up_before_opening": (4, "closed"),
    "message_before_opening": (7, "not an OpenMessage"),
    "opened_for_another": (7, "another client key"),
}
CLOSES = {
    "WrongSequenceNumber": 7,
    "InvalidServiceMessage": 7,
    "KeepAliveTimeout": 7,
    "ClosedByApplication": 6,
}


class Gateway:
    """tests/interop/gateway, from `with` until the end of its block."""

    def __enter__(self):
        self.process = subprocess.Popen(
            ["node", f"{INTEROP}/gateway/main.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.watchdog.start()
        self.ready = json.loads(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def options(self, path):
        return ["-g", f"{self.ready['url']}/{path}", "-c", self.ready["canister"], "-k", self.ready["root_key"]]

    def report(self, path):
        """What the gateway saw of the connection that has just ended."""
        seen = json.loads(self.process.stdout.readline())
        check_equal(seen["path"], path, "report")
        kinds = {kind: seen[kind] for kind in ("fault", "texts", "pings", "pongs")}
        check_equal(kinds, {"fault": None, "texts": 0, "pings": 0, "pongs": 0}, f"{path}: the client's faults")
        return seen


def tail(gateway, path, *more):
    done = run("icws-tail", *gateway.options(path), "-J", *more)
    texts = [json.loads(line)["payload"]["1291439277"] for line in done.stdout.splitlines()]
    return done, texts, gateway.report(path)


def check_valid(gateway, kit):
    done, texts, seen = tail(gateway, f"{kit}/stream", "-C", "5")
    check_equal(done.returncode, 0, f"{kit}: messages")
    check_equal(texts, ["one", "two", "three", "four", "five"], f"{kit}: texts")
    check_equal((seen["opened"], seen["close_code"]), (True, 1000), f"{kit}: the end")

    done, texts, seen = tail(gateway, f"{kit}/acks", "-C", "5")
    check_equal(done.returncode, 0, f"{kit}: rounds of acks")
    check_equal(texts, ["round 0", "round 1", "round 2", "round 3", "done"], f"{kit}: what came between")
    check_equal(
        seen["heard"], ["keep-alive 3", "keep-alive 5", "keep-alive 7", "keep-alive 9"], f"{kit}: keep-alives"
    )

    lines = [f"line {n}" for n in range(LINES)]
    path = f"{kit}/echo"
    done = run("icws-chat", *gateway.options(path), "--wait-ack", stdin="\n".join(lines).encode())
    seen = gateway.report(path)
    check_equal(done.returncode, 0, f"{kit}: lines, all acknowledged")
    check_equal(done.stdout.decode().splitlines(), [f"canister: {line}" for line in lines], f"{kit}: lines come back")
    check_equal(seen["heard"], lines, f"{kit}: what the canister got")
    check_equal(seen["close_code"], 1000, f"{kit}: the end")


def check_end(gateway, path, status, words, printed):
    done, texts, seen = tail(gateway, path)
    check_equal((done.returncode, texts), (status, printed), f"{path}: exit status, and what was printed")
    reason = done.stderr.decode().splitlines()[-1]
    check(words in reason, f"{path}: it says {words!r} in {reason!r}")
    return seen


def check_tampered(gateway, kit):
    for name, (status, words) in {**TAMPERED, **SECOND_ONLY}.items():
        seen = check_end(gateway, f"{kit}/tampered_{name}", status, words, ["before"])
        check_equal(seen["close_code"], 4000, "the code that it closes with")
    for name, (status, words) in TAMPERED.items():
        seen = check_end(gateway, f"{kit}/opening_{name}", status, words, [])
        check_equal(seen["close_code"], 4000, "the code that it closes with")
    for name, (status, words) in SERVICES.items():
        check_end(gateway, f"{kit}/{name}", status, words, ["before"])
    for name, (status, words) in OPENINGS.items():
        check_end(gateway, f"{kit}/{name}", status, words, [])


def check_closes(gateway, kit):
    for reason, status in CLOSES.items():
        seen = check_end(gateway, f"{kit}/close_{reason}", status, reason, ["before"])
        code = 4001 if reason == "ClosedByApplication" else 4000
        check_equal(seen["close_code"], code, "the code that the client closes with")
    check_end(gateway, f"{kit}/hang_up", 3, "closed", ["before"])


need_packages("ws")
with Gateway() as gateway:
    for kit in ("rust", "motoko", "turned"):
        check_valid(gateway, kit)
        check_closes(gateway, kit)
    say("tampered twins")
    check_tampered(gateway, "rust")
