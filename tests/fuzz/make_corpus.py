#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Makes the seeds of the fuzz targets hashtree and certificate in corpus/<name>/ from the project's
# own vectors, tests/vectors/certified_messages.json, and from trees spelled out here.
import json
import pathlib

here = pathlib.Path(__file__).parent

# Each of these is one message in one form of certificate.
CASES = {
    "signed by the root": "root",
    "subnet delegation, ranges: flat": "flat",
    "subnet delegation, ranges: sharded": "sharded",
    "delegation within a delegation": "nested",
    "certificate time beyond 64 bits": "time",
    "certificate tree with labels out of order": "order",
}

TREES = {
    "empty": "8100",
    "fork": "830181008100",
    "labels": "830183024161820341318302416282034132",
    "disorder": "830183024162820341318302416182034132",
    "pruned": "83018204582000" + "00" * 31 + "8302417a820340",
    "pruned_short": "8204581f" + "00" * 31,
    "deep": "83024161" * 128 + "820340",
    "too_deep": "83024161" * 129 + "820340",
}


def decode(data, at=0):
    """One item of the CBOR that frames consist of, and where it ends."""
    kind, count = data[at] >> 5, data[at] & 31
    at += 1
    if count >= 24:
        size = 1 << (count - 24)
        count = int.from_bytes(data[at : at + size], "big")
        at += size
    if kind == 6:
        return decode(data, at)
    if kind in (2, 3):
        return data[at : at + count], at + count
    if kind != 5:
        raise ValueError("unexpected item")
    result = {}
    for _ in range(count):
        key, at = decode(data, at)
        result[key], at = decode(data, at)
    return result, at


def write(target, name, data):
    folder = here / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


vectors = json.loads((here / "../vectors/certified_messages.json").read_text())
for case in vectors["cases"]:
    if case["name"] in CASES:
        frame, _ = decode(bytes.fromhex(case["frames"][-1]["hex"]))
        write("certificate", CASES[case["name"]], frame[b"cert"])
        write("hashtree", "message_" + CASES[case["name"]], frame[b"tree"])
for name, tree in TREES.items():
    write("hashtree", name, bytes.fromhex(tree))
