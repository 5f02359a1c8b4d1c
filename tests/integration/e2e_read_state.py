#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws read-state, against a local network.

Values are printed for what they are; absent and pruned ones are told apart, and end with 11. The
certificate can be kept, and icws verify agrees. A wrong root key, or a changed answer: 5.
"""

import json
import os
import re
import tempfile

from support import Devnet, TamperingProxy, check, check_equal, run

INTERFACE_LINE = "type ClientKey = record { client_principal : principal; client_nonce : nat64 };"


def read_state(*words):
    return run("icws", "read-state", *words)


def check_values(network, canister):
    done = read_state(*network, "-c", canister, "/time")
    check_equal((done.returncode, done.stderr), (0, b""), "the time")
    check(re.fullmatch(rb"/time = \d{19} \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z\)\n", done.stdout) is not None,
          f"is a number and a date: {done.stdout.decode()}")  # fmt: skip
    metadata = f"/canister/{canister}/metadata/candid:service"
    done = read_state(*network, metadata)
    check_equal((done.returncode, done.stderr), (0, b""), "the interface, without -c")
    lines = done.stdout.decode().splitlines()
    check_equal(lines[0], f"{metadata} =", "stands below its path")
    check(all(line.startswith("  ") for line in lines[1:]) and f"  {INTERFACE_LINE}" in lines, "indented")
    done = read_state(*network, "-o", "raw", metadata)
    check_equal(done.returncode, 0, "the interface alone")
    check_equal("".join("  " + line + "\n" for line in done.stdout.decode().splitlines()),
                "".join(line + "\n" for line in lines[1:]), "is the same text")  # fmt: skip

    module = f"/canister/{canister}/module_hash"
    done = read_state(*network, "-o", "json", "/time", metadata, module)
    check_equal(done.returncode, 0, "three paths, as JSON")
    answer = json.loads(done.stdout)
    check_equal(list(answer), ["time", "values"], "members")
    check_equal(answer["values"]["/time"]["value"], answer["time"], "the time is the certificate's")
    check(INTERFACE_LINE in answer["values"][metadata]["value"], "text is text")
    check_equal(list(answer["values"][module]), ["state", "hex"], "bytes are hex")
    check_equal(len(answer["values"][module]["hex"]), 64, "of a hash")


def check_missing(network, canister):
    network = [*network, "-c", canister]
    missing = f"/request_status/0x{'00' * 32}/status"
    done = read_state(*network, "/time", missing)
    check_equal((done.returncode, done.stderr), (11, b""), "one value of two")
    lines = done.stdout.decode().splitlines()
    check_equal((len(lines), lines[1]), (2, f"{missing}: absent, which the certificate proves"), "is not there")
    done = read_state(*network, "-o", "json", missing)
    check_equal((done.returncode, json.loads(done.stdout)["values"]), (11, {missing: {"state": "absent"}}), "as JSON")
    done = read_state(*network, "-o", "raw", missing)
    check_equal((done.returncode, done.stdout, done.stderr.decode()),
                (11, b"", f"icws read-state: there is no value at {missing}\n"), "as bytes")  # fmt: skip
    done = read_state(*network, f"/canister/{canister}/metadata/none")
    check_equal((done.returncode, done.stdout), (9, b""), "a section that the network says it does not have")
    check(b"HTTP status 404: Custom section not found." in done.stderr and b"nothing proves this" in done.stderr,
          f"on its word alone: {done.stderr.decode()}")  # fmt: skip
    done = read_state(*network, "/canister")
    check_equal((done.returncode, done.stdout), (9, b""), "a path that nobody may read")


def check_certificate(devnet, network, canister, folder):
    file = os.path.join(folder, "certificate.bin")
    path = f"/canister/{canister}/module_hash"
    done = read_state(*network, "--certificate", file, path)
    check_equal(done.returncode, 0, "a certificate that is kept")
    value = done.stdout.decode().split(" = ")[1].strip()
    done = run("icws", "verify", "-k", devnet.ready["root_key"], "-c", canister, "--certificate", file, "-J")
    check_equal(done.returncode, 0, "icws verify")
    check_equal("0x" + json.loads(done.stdout)["certified"][path], value, "says the same")
    done = read_state(*network, "--certificate", os.path.join(folder, "no/such/folder"), path)
    check_equal((done.returncode, done.stdout), (1, b""), "a certificate that cannot be kept")


def check_subnet(network, canister):
    done = read_state(*network, "-c", canister, "-o", "json", "/subnet")
    check_equal(done.returncode, 0, "subnets")
    values = json.loads(done.stdout)["values"]
    keys = [path for path in values if re.fullmatch(r"/subnet/[a-z0-9-]+/public_key", path)]
    check_equal(len(keys), 1, "of which there is one, by its id")
    subnet = keys[0].split("/")[2]
    check(any(re.fullmatch(rf"/subnet/{subnet}/node/[a-z0-9-]+/public_key", path) for path in values), "with a node")
    done = read_state(*network, "-c", canister, f"/subnet/{subnet}/canister_ranges")
    check_equal(done.returncode, 0, "its ranges")
    check(re.fullmatch(r"\S+ = [a-z0-9-]+ to [a-z0-9-]+(, [a-z0-9-]+ to [a-z0-9-]+)*\n", done.stdout.decode())
          is not None, f"are ids: {done.stdout.decode()}")  # fmt: skip
    done = read_state(*network, "-s", subnet, "/time")
    check_equal(done.returncode, 0, "the time of the subnet")


def check_trust(devnet, canister):
    url = devnet.ready["network_url"]
    done = read_state("-n", url, "-k", "mainnet", "-c", canister, "/time")
    check_equal((done.returncode, done.stdout), (5, b""), "another network's root key")
    with TamperingProxy(url, lambda path, body: body.replace(b"ClientKey", b"ClientKee")) as proxy:
        to = ("-n", proxy.url, "-k", devnet.ready["root_key"])
        check_equal(read_state(*to, "-c", canister, "/time").returncode, 0, "somebody who changes nothing of it")
        done = read_state(*to, f"/canister/{canister}/metadata/candid:service")
        check_equal((done.returncode, done.stdout), (5, b""), "somebody who changes it")


def check_command_line(canister):
    for words, reason in (
        ((), "a PATH is missing, such as /time"),
        (("time",), "a path begins with a slash, as in /time"),
        (("/canister/x/module_hash",), "'/canister/' is followed by an id such as ryjl3-tyaaa-aaaaa-aaaba-cai"),
        (("/time",), "--canister or --subnet is needed: whom to ask"),
        (("-c", canister, "-s", canister, "/time"), "--canister and --subnet exclude each other"),
        (("-c", "x", "/time"), "--canister takes an id such as ryjl3-tyaaa-aaaaa-aaaba-cai, not 'x': is it mistyped?"),
        (("-c", canister, "-o", "raw", "/time", "/time"), "--output raw is for one PATH"),
        (("-c", canister, "-o", "hex", "/time"), "--output takes text, json or raw, not 'hex'"),
        (("-c", canister, *["/time"] * 65), "64 paths are the most"),
    ):
        done = read_state(*words)
        check_equal((done.returncode, done.stdout), (2, b""), " ".join(words[:4]))
        check_equal(done.stderr.decode().splitlines()[0], "icws read-state: " + reason, "and says why")


with Devnet() as devnet, tempfile.TemporaryDirectory() as work:
    echo = devnet.ready["canisters"]["echo"]
    options = devnet.network_options()
    check_values(options, echo)
    check_missing(options, echo)
    check_certificate(devnet, options, echo, work)
    check_subnet(options, echo)
    check_trust(devnet, echo)
    check_command_line(echo)
