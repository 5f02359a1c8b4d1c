#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Command lines, without a network.

Wrong ones end with 2, print nothing but words on standard error, and touch nothing. --help and
--version end with 0. `icws key` makes a key that it shows again and overwrites none; `icws verify`
names the check that failed.
"""

import copy
import json
import os
import re
import stat
import subprocess
import tempfile

from support import OWN_VECTORS, SHARED_VECTORS, check, check_equal, run, say, skip

CANISTER = "ryjl3-tyaaa-aaaaa-aaaba-cai"
HERE = ["-g", "ws://127.0.0.1:1", "-c", CANISTER]

WRONG = [
    ["icws-tail"],
    ["icws-tail", "-g", "ws://127.0.0.1:1"],
    ["icws-tail", "-c", CANISTER],
    ["icws-tail", "-g", "http://127.0.0.1:1", "-c", CANISTER],
    ["icws-tail", "-g", "ws://127.0.0.1:1", "-c", "aaaaa-aa"],
    ["icws-tail", "-g", "ws://127.0.0.1:1", "-c", "ryjl3-tyaaa"],
    ["icws-tail", *HERE, "operand"],
    ["icws-tail", *HERE, "--unknown"],
    ["icws-tail", *HERE, "-C", "0"],
    ["icws-tail", *HERE, "-C", "3x"],
    ["icws-tail", *HERE, "-W", "soon"],
    ["icws-tail", *HERE, "-k", "fetch"],
    ["icws-tail", *HERE, "-k", "fetch", "-n", "ic"],
    ["icws-tail", *HERE, "-k", "00"],
    ["icws-tail", *HERE, "-n", "http://127.0.0.1:1"],
    ["icws-tail", *HERE, "-n", "mars", "-k", "fetch"],
    ["icws-tail", *HERE, "--demo"],
    ["icws-tail", *HERE, "-o", "xml"],
    ["icws-tail", *HERE, "-o", "hex", "-J"],
    ["icws-chat"],
    ["icws-chat", *HERE, "-q"],
    ["icws-chat", *HERE, "--candid", "-"],
    ["icws-chat", *HERE, "-k", "fetch", "-n", "ic"],
    ["icws-chat", "--demo", "-k", "mainnet"],
    ["icws"],
    ["icws", "key"],
    ["icws", "key", "old"],
    ["icws", "key", "new"],
    ["icws", "key", "new", "one", "two"],
    ["icws", "key", "show"],
    ["icws", "candid"],
    ["icws", "candid", "decode"],
    ["icws", "candid", "decode", "--method", "m", "00"],
    ["icws", "candid", "encode", "--candid", "x.did", "--method", "m", "--types", "()", "()"],
    ["icws", "candid", "check"],
    ["icws", "candid", "subtype", "one.did"],
    ["icws", "verify"],
    ["icws", "verify", "-c", CANISTER],
    ["icws", "verify", "-c", CANISTER, "--certificate", "/dev/null", "-k", "fetch"],
    ["icws", "verify", "-c", CANISTER, "--certificate", "/dev/null", "--at", "yesterday"],
    ["icws", "verify", "-c", CANISTER, "--certificate", "/dev/null", "--tree", "/dev/null"],
    ["icws", "verify", "-c", CANISTER, "--certificate", "-", "--tree", "-", "--path", "websocket/x", "--content", "-"],
    ["icws", "verify", "-c", CANISTER, "--certificate", "/dev/null", "--tree", "/dev/null", "--path", "x",
     "--content", "/dev/null"],
]  # fmt: skip


def check_usage():
    for words in WRONG:
        done = run(*words)
        check_equal((done.returncode, done.stdout), (2, b""), " ".join(words))
        check(done.stderr.startswith(words[0].encode()), "and says who complains")
    done = run("icws", "key")
    check_equal(done.stderr, b"icws: 'icws key' is followed by one of: new, show\nicws: try 'icws --help'\n", "icws key")
    for words in (
        ["icws-tail"], ["icws-chat"], ["icws"], ["icws", "key", "new"], ["icws", "verify"],
        ["icws", "candid", "decode"], ["icws", "candid", "encode"], ["icws", "candid", "check"],
        ["icws", "candid", "subtype"],
    ):  # fmt: skip
        done = run(*words, "--help")
        check_equal((done.returncode, done.stderr), (0, b""), " ".join(words) + " --help")
        check(done.stdout.startswith(b"Usage: " + " ".join(words).encode()), "and shows how it goes")
        done = run(words[0], "--version")
        check(re.fullmatch(words[0].encode() + rb" \d+\.\d+\.\d+\n", done.stdout) is not None, words[0] + " --version")


def check_keys(folder):
    path = os.path.join(folder, "key.pem")
    os.umask(0)
    made = run("icws", "key", "new", path)
    check_equal(made.returncode, 0, "icws key new")
    check_equal(oct(stat.S_IMODE(os.stat(path).st_mode)), oct(0o600), "its mode")
    with open(path, "rb") as file:
        before = file.read()
    again = run("icws", "key", "new", path)
    check_equal((again.returncode, again.stdout), (1, b""), "icws key new, once more")
    with open(path, "rb") as file:
        check(file.read() == before, "the key is the same")
    shown = run("icws", "key", "show", "--identity", path)
    check_equal(shown.returncode, 0, "icws key show")
    check(shown.stdout.startswith(made.stdout), "it shows the same principal")
    check(re.search(rb"public key: 302a300506032b6570032100[0-9a-f]{64}\n$", shown.stdout), "and the public key")
    os.chmod(path, 0o644)
    refused = run("icws", "key", "show", "--identity", path)
    check_equal((refused.returncode, refused.stdout), (1, b""), "a key that others can read")
    check(f"chmod 600 '{path}'".encode() in refused.stderr, "and the command that mends it")
    with open("/dev/full", "wb") as full:
        os.chmod(path, 0o600)
        done = subprocess.run(
            [os.path.join(os.environ.get("ICWS_BIN_DIR", "build/bin"), "icws"), "key", "show", "--identity", path],
            stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip
        check_equal(done.returncode, 1, "a full disk")
    with open(os.path.join(OWN_VECTORS, "identities.json")) as file:
        for case in json.load(file)["cases"]:
            for form in ("pem_pkcs8_v1", "pem_pkcs8_v2", "pem_pkcs8_v2_rfc8410"):
                if case["kind"] != "ed25519" or form not in case:
                    continue
                with open(path, "w") as key:
                    key.write(case[form])
                done = run("icws", "key", "show", "--identity", path)
                wanted = f"principal:  {case['principal']}\npublic key: {case['public_key_der']}\n"
                if done.stdout.decode() != wanted:
                    check(False, f"{form} of {case['principal']}")
    check(True, "keys of other programs are read")


class Case:
    """A message to verify, each part in a file."""

    def __init__(self, folder, root_key, canister, message, time_ns):
        self.folder = folder
        self.root_key = root_key
        self.canister = canister
        self.time_ns = time_ns
        self.parts = {name: bytes.fromhex(message[name]) for name in ("cert", "tree", "content")}
        self.key = message["key"]

    def write(self, name, as_hex):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(self.parts[name].hex().encode() + b"\n" if as_hex else self.parts[name])
        return path

    def run(self, *options, as_hex=False, whole=True):
        words = ["-k", self.root_key, "-c", self.canister, "--certificate", self.write("cert", as_hex)]
        if whole:
            words += ["--tree", self.write("tree", as_hex), "--content", self.write("content", as_hex)]
            words += ["--path", "websocket/" + self.key]
        return run("icws", "verify", *words, *options)

    def changed(self, **members):
        case = copy.copy(self)
        case.parts = dict(self.parts)
        for name, value in members.items():
            if name in case.parts:
                case.parts[name] = value
            else:
                setattr(case, name, value)
        return case


def flipped(data, at):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def check_invalid(done, name, what):
    check_equal(done.returncode, 5, what)
    check_equal(done.stdout.split(b"\n")[0], b"invalid: " + name.encode(), "the failed check")


def check_verify(folder):
    with open(os.path.join(SHARED_VECTORS, "recorded-session.json")) as file:
        session = json.load(file)
    message = session["messages"][0]
    time_ns = int(message["certificate_time_ns"])
    case = Case(folder, session["root_key_der"], session["canister_id"], message, time_ns)

    for as_hex in (False, True):
        done = case.run("--at", str(time_ns), as_hex=as_hex)
        check_equal(done.returncode, 0, "a recorded message, " + ("hex" if as_hex else "binary"))
        check(done.stdout.startswith(b"valid\n"), "valid")
        check(session["client_principal"].encode() in done.stdout, "its client")
    done = case.run("-J", "--at", "2023-12-09T17:42:18.049473644Z")
    result = json.loads(done.stdout)
    check_equal(
        (result["valid"], result["age_ms"], result["delegated"], result["time"]),
        (True, 0, False, "2023-12-09T17:42:18.049473644Z"),
        "as JSON",
    )
    decoded = message["decoded"]
    check_equal(
        (result["message"]["seq"], result["message"]["service"], result["message"]["nonce"], result["message"]["content"]),
        (int(decoded["sequence_num"]), decoded["is_service_message"], decoded["client_nonce"], decoded["content"]),
        "the message as JSON",
    )
    done = case.run(whole=False)
    check_equal(done.returncode, 0, "the certificate alone, years later, without --at")
    check(b"\nage " in done.stdout, "prints its age")

    check_equal(case.run("--at", str(time_ns + 300 * 10**9)).returncode, 0, "five minutes old")
    check_invalid(case.run("--at", str(time_ns + 301 * 10**9)), "certificate age", "older")
    check_invalid(case.run("--at", str(time_ns - 301 * 10**9)), "certificate age", "from the future")
    check_invalid(case.changed(root_key="mainnet").run(), "certificate", "under another root key")
    check_invalid(case.changed(cert=flipped(case.parts["cert"], -1)).run(), "certificate", "signature changed")
    check_invalid(case.changed(cert=b"").run(), "certificate", "no certificate")
    check_invalid(case.changed(canister="2vxsx-fae").run(), "tree", "another canister's data")
    check_invalid(case.changed(tree=flipped(case.parts["tree"], -1)).run(), "tree", "tree changed")
    check_invalid(case.changed(content=flipped(case.parts["content"], 20)).run(), "content", "content changed")
    check_invalid(case.changed(key=case.key + "0").run(), "content", "another key")
    done = case.changed(key=case.key + "0").run("-J")
    check_equal(json.loads(done.stdout)["check"], "content", "the failed check as JSON")

    path = case.write("cert", False)
    done = run("icws", "verify", "-k", case.root_key, "-c", case.canister, "--certificate", "-", stdin=case.parts["cert"])
    check_equal(done.returncode, 0, "from standard input")
    os.unlink(path)
    done = run("icws", "verify", "-k", case.root_key, "-c", case.canister, "--certificate", path)
    check_equal(done.returncode, 1, "a file that is not there")


def check_verdicts(folder, name):
    """The verdicts on other people's certificates."""
    with open(os.path.join(SHARED_VECTORS, name)) as file:
        vectors = json.load(file)["vectors"]
    counts = {"valid": 0, "invalid": 0}
    for vector in vectors:
        if "canister_id" not in vector or vector["expected"] not in counts:
            continue  # of a subnet, which is not asked here, or either verdict would do
        path = os.path.join(folder, "certificate")
        with open(path, "w") as file:
            file.write(vector["certificate_hex"])
        done = run("icws", "verify", "-k", vector["root_key_hex"], "-c", vector["canister_id"], "--certificate", path)
        valid = vector["expected"] == "valid"
        # A root key that is no key at all is a wrong command line.
        no_key = done.returncode == 2 and b"root key" in done.stderr and not valid
        if done.returncode != (0 if valid else 5) and not no_key:
            check(False, f"{vector['name']}: {vector['expected']} expected, {done.stdout.decode()}")
        counts["valid" if valid else "invalid"] += 1
    check(True, f"{name}: {counts}")


with tempfile.TemporaryDirectory() as folder:
    check_usage()
    check_keys(folder)
    if not os.path.isdir(SHARED_VECTORS):
        skip("icws verify: ../shared/vectors missing")
    check_verify(folder)
    check_verdicts(folder, "certificates.json")
    check_verdicts(folder, "synthetic_certificates.json")
say("done")
