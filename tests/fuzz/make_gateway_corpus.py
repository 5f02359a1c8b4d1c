#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Makes the seeds of the fuzz target gateway in corpus/gateway/: scripts as fuzz_gateway.c reads them.
import pathlib
import struct

folder = pathlib.Path(__file__).parent / "corpus" / "gateway"

OK = bytes.fromhex("4449444c016b02bc8a017fc5fed201710100") + b"\0"  # variant { Ok }
ERR = bytes.fromhex("4449444c016b02bc8a017fc5fed20171010001026e6f")  # variant { Err = "no" }
REPLIED, REJECTED, TAKEN, UNKNOWN = range(4)


def with_length(data):
    return struct.pack(">H", len(data)) + data


def frame(data):
    return b"\0" + with_length(data)


def answer(how, data=b"", which=0):
    return bytes([3, which, how]) + with_length(data)


def poll(how, data=b""):
    return bytes([4, how]) + with_length(data)


def time(tenths):
    return b"\6" + struct.pack(">H", tenths)


OPEN = b"\1\7"
MESSAGE = b"\2" + with_length(b"hello")
FIRST = b"\5\1\0"  # one message for the client
SLOW, LOST = b"\7\1", b"\7\2"
DISMISS, GONE = b"\10", b"\11"
OPENED = OPEN + answer(REPLIED, OK) + FIRST

SCRIPTS = {
    "session": OPENED + MESSAGE + answer(REPLIED, OK) + GONE + answer(REPLIED, OK),
    "pipelined": OPENED + 2 * MESSAGE + answer(REPLIED, OK, 1) + answer(REPLIED, OK) + GONE + answer(TAKEN),
    "flood": OPENED + 12 * MESSAGE + answer(REPLIED, OK) + time(2) + answer(REPLIED, OK) + time(50) + GONE,
    "messages_before_the_answer": OPEN + 3 * MESSAGE + answer(REPLIED, OK) + answer(REPLIED, ERR) + GONE,
    "open_is_refused": OPEN + answer(REPLIED, ERR),
    "open_is_rejected": OPEN + MESSAGE + answer(REJECTED, b"no such canister"),
    "open_is_taken": OPEN + answer(TAKEN) + FIRST + MESSAGE + answer(TAKEN) + GONE,
    "open_has_no_answer": OPEN + answer(UNKNOWN, b"the network is away") + answer(REJECTED, b"no"),
    "open_is_answered_by_garbage": OPEN + answer(REPLIED, b"?"),
    "message_is_rejected": OPENED + 3 * MESSAGE + answer(REJECTED, b"trapped") + answer(UNKNOWN, b"expired"),
    "gone_in_setup": OPEN + GONE + answer(REPLIED, OK) + answer(REPLIED, OK),
    "gone_at_once": GONE,
    "dismissed": OPENED + MESSAGE + DISMISS + answer(REPLIED, OK) + answer(REPLIED, OK),
    "second_open": OPENED + OPEN + answer(REPLIED, OK),
    "first_is_a_message": MESSAGE,
    "garbage": frame(b"hello"),
    "cut": frame(bytes.fromhex("d9d9f7a168656e76656c6f7065d9d9f7a367636f6e74656e74a1")),
    "nothing": frame(b""),
    "silent": time(300),
    "no_message_of_the_canister": OPEN + answer(REPLIED, OK) + time(600),
    "waits_too_long": OPENED + 3 * MESSAGE + time(500),
    "expires": OPENED + 3 * MESSAGE + time(490) + answer(REPLIED, OK) + time(2400) + answer(REPLIED, OK),
    "slow": OPENED + SLOW + b"\5\1\1" + answer(REPLIED, OK),
    "lost": OPENED + LOST + time(1) + b"\5\2\1" + answer(REPLIED, OK),
    "polls_fail": OPENED + poll(REJECTED, b"IC0508") + time(1) + poll(UNKNOWN) + time(2) + poll(REPLIED, b"?") + time(60),
    "forwarded": b"\12" + b"198.51.100.7, 192.0.2.1:4711, [2001:db8::1]:80, 10.9.9.9",
    "forwarded_garbage": b"\12" + b"unknown, 10.9.9.9:, ,[::1",
}

folder.mkdir(parents=True, exist_ok=True)
for name, script in SCRIPTS.items():
    (folder / name).write_bytes(script)
