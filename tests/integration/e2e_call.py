#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws status, query and call, against a local network.

Values are written and read at the types that the canister publishes. What cannot be right is not
sent: 2. Rejects are shown with code and text: 9. No network: 3. A wrong root key, or an answer that
somebody changed: 5. No answer in the time of --timeout: 27. Signals: 130.
"""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile

from support import PATIENCE, Background, Devnet, TamperingProxy, check, check_equal, program, run

NONCE = 0
STRANGER = f'(record {{ client_key = record {{ client_principal = principal "2vxsx-fae"; client_nonce = {NONCE} }} }})'
NO_CLIENT = '(variant { Err = "there is no such client" })'
NO_CANISTER = "by6od-j4aaa-aaaaa-qaadq-cai"  # after the network's last one


def closed_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def ends(status, stdout, stderr, *words, stdin=b""):
    """Runs icws; |stderr| is what it says, line by line, each without the program's name."""
    done = run("icws", *words, stdin=stdin)
    name = f"icws {words[0]}: "
    said = [line.removeprefix(name) for line in done.stderr.decode().splitlines()]
    check_equal(
        (done.returncode, done.stdout.decode(), said), (status, stdout, stderr), f"{words[0]} {' '.join(words[-2:])}"
    )


def check_status(devnet):
    url = devnet.ready["network_url"]
    done = run("icws", "status", "-n", url)
    check_equal((done.returncode, done.stderr), (0, b""), "status")
    lines = done.stdout.decode().splitlines()
    check_equal(lines[0], f"network     {url}", "says which network")
    check_equal(lines[1], "health      healthy", "and its health")
    check(re.fullmatch(r"version     \S.*", lines[2]) is not None, "and its version")
    check_equal(lines[4], f"root key    {devnet.ready['root_key']}", "and its root key")
    check_equal(lines[5:], ["nothing of this is proven: it is the word of who answered"], "and what that is worth")
    done = run("icws", "status", "-n", url, "--json")
    check_equal((done.returncode, done.stderr), (0, b""), "status --json")
    status = json.loads(done.stdout)
    check_equal(list(status), ["network", "health", "version", "height", "root_key", "proven"], "members")
    check_equal(
        (status["health"], status["root_key"], status["proven"]), ("healthy", devnet.ready["root_key"], False), "values"
    )


def check_query(to):
    done = run("icws", "query", *to, "-o", "json", "ws_get_messages", "(record { nonce = 0 })")
    check_equal((done.returncode, done.stderr), (0, b""), "query")
    messages = json.loads(done.stdout)["Ok"]
    check_equal(sorted(messages), ["cert", "is_end_of_queue", "messages", "tree"], "names of the interface")
    check_equal((messages["messages"], messages["is_end_of_queue"]), ([], True), "values")
    done = run("icws", "query", *to, "-v", "ws_get_messages", "(record { nonce = 0 })")
    check_equal(done.returncode, 0, "query -v")
    check(done.stdout.startswith(b"(variant { Ok = record { "), "prints Candid")
    check(re.search(rb"^icws query: request id [0-9a-f]{64}$", done.stderr, re.M) is not None, "and the request id")
    check(re.search(rb"^icws query: answered at \d{4}-.*Z by the network's clock$", done.stderr, re.M) is not None, "and when")


def check_call(to, folder):
    ends(0, NO_CLIENT + "\n", [], "call", *to, "ws_close", STRANGER)
    ends(0, '{"Err":"there is no such client"}\n', [], "call", *to, "-o", "json", "ws_close", STRANGER)
    ends(0, NO_CLIENT + "\n", [], "call", *to, "ws_close", "-", stdin=STRANGER.encode())
    file = os.path.join(folder, "argument")
    with open(file, "w", encoding="utf-8") as text:
        text.write(STRANGER)
    ends(0, NO_CLIENT + "\n", [], "call", *to, "ws_close", "--file", file)

    hex_argument = encode("--candid", folder + "/it.did", "--method", "ws_close", STRANGER)
    done = run("icws", "call", *to, "-o", "hex", "--hex", "ws_close", hex_argument)
    check_equal((done.returncode, done.stderr), (0, b""), "call of hex digits")
    check_equal(decode(folder, done.stdout.decode().strip()), NO_CLIENT, "answered in hex digits")
    with open(file, "wb") as binary:
        binary.write(bytes.fromhex(hex_argument))
    raw = run("icws", "call", *to, "-o", "raw", "ws_close", "--hex", "--file", file)
    check_equal((raw.returncode, raw.stdout.hex()), (0, done.stdout.decode().strip()), "a binary file, and raw")
    ends(0, NO_CLIENT + "\n", [], "call", *to, "--hex", "ws_close", hex_argument)

    done = run("icws", "call", *to, "-o", "json", "ws_get_messages", "(record { nonce = 0 })")
    check_equal((done.returncode, json.loads(done.stdout)["Ok"]["messages"]), (0, []), "a query method, as a call")


def encode(*words):
    return run("icws", "candid", "encode", *words).stdout.decode().strip()


def decode(folder, message):
    words = ("--candid", folder + "/it.did", "--method", "ws_close", "--results", message)
    return run("icws", "candid", "decode", *words).stdout.decode().strip()


def check_wrong(to, canister):
    ends(2, "", [f"{canister}: there is no method 'ws_get_message'; did you mean: ws_get_messages"],
         "query", *to, "ws_get_message")  # fmt: skip
    ends(2, "", [f"{canister}: there is no method 'greet'; there are: ws_close, ws_get_messages, ws_message, ws_open"],
         "call", *to, "greet")  # fmt: skip
    ends(2, "", [f"{canister}: 'ws_open' is an update method: 'icws call' runs it"], "query", *to, "ws_open")
    ends(1, "", ["the argument: line 1, column 19: expected nat64, found -1", "  (record { nonce = -1 })",
                 "                    ^"],
         "query", *to, "ws_get_messages", "(record { nonce = -1 })")  # fmt: skip


def check_rejects(to, network, canister):
    for command in ("query", "call"):
        done = run("icws", command, *to, "--hex", "-o", "hex", "greet", "4449444c0000")
        check_equal((done.returncode, done.stdout), (9, b""), f"{command} of a method that is not there")
        check(b"rejected: CANISTER_ERROR (5), IC0536: " in done.stderr, f"says why: {done.stderr.decode()}")
    done = run("icws", "call", *network, "-c", NO_CANISTER, "--hex", "-o", "hex", "greet", "4449444c0000")
    check_equal((done.returncode, done.stdout), (9, b""), "a canister that is not there")
    check(b"rejected: DESTINATION_INVALID (3), IC0301: " in done.stderr, f"says so: {done.stderr.decode()}")
    check(b"nothing proves this" in done.stderr, "and what that is worth")


def check_identity(to, folder):
    """Anonymous, unless a key file says who it is."""
    open_as = '(record {{ client_nonce = 1; gateway_principal = principal "{}" }})'
    ends(0, '(variant { Err = "the anonymous principal cannot open a connection" })\n', [],
         "call", *to, "ws_open", open_as.format("2vxsx-fae"))  # fmt: skip
    key = os.path.join(folder, "key.pem")
    principal = run("icws", "key", "new", key).stdout.decode().split()[1]
    identity = ("--identity", key)
    ends(0, "(variant { Ok })\n", [], "call", *to, *identity, "ws_open", open_as.format(principal))
    done = run("icws", "query", *to, *identity, "-o", "json", "ws_get_messages", "(record { nonce = 0 })")
    messages = json.loads(done.stdout)["Ok"]["messages"]
    check_equal([message["client_key"]["client_principal"] for message in messages], [principal], "is its own gateway")
    missing = os.path.join(folder, "missing.pem")
    done = run("icws", "call", *to, "--identity", missing, "ws_open", open_as.format(principal))
    check_equal((done.returncode, done.stdout, os.path.exists(missing)), (1, b"", False), "no such key file")


def check_no_interface(network):
    """A hint says why, once, and the values are what the text says."""
    done = run("icws", "query", *network, "-c", NO_CANISTER, "greet", "(1 : nat8)")
    said = done.stderr.decode().splitlines()
    check_equal((done.returncode, done.stdout, len(said)), (9, b"", 2), "a canister that publishes none")
    check(said[0].startswith("icws query: the canister's interface is not known (") and "--candid FILE" in said[0],
          said[0])  # fmt: skip
    check_equal(run("icws", "query", *network, "-c", NO_CANISTER, "-q", "greet").stderr.decode().splitlines(), said[1:],
                "quietly")  # fmt: skip
    done = run("icws", "call", *network, "-c", "aaaaa-aa", "--effective", NO_CANISTER, "canister_status", "()")
    said = done.stderr.decode().splitlines()
    check_equal((done.returncode, done.stdout), (9, b""), "the management canister")
    check_equal(said[0], "icws call: the canister's interface is not known (aaaaa-aa has none of its own);"
                " --candid FILE gives it", "has no interface")  # fmt: skip


def check_interface(to, folder):
    """--candid is used in place of what is published."""
    other = os.path.join(folder, "other.did")
    with open(other, "w", encoding="utf-8") as file:
        file.write(
            "service : { ws_close : (record { client_key : record { client_principal : principal; client_nonce :"
            " nat64 } }) -> (variant { Err : text; Fine }) query }"
        )
    ends(2, "", [f"{other}: there is no method 'ws_open'; there are: ws_close"], "call", *to, "--candid", other, "ws_open")
    ends(0, NO_CLIENT + "\n", [], "call", *to, "--candid", other, "ws_close", STRANGER)
    with open(other, "w", encoding="utf-8") as file:
        file.write("service : { ws_close : () -> (nat) }")
    argument = encode("--candid", folder + "/it.did", "--method", "ws_close", STRANGER)
    done = run("icws", "call", *to, "--candid", other, "--hex", "ws_close", argument)
    check_equal(done.returncode, 7, "a reply of another type")
    check(done.stdout.startswith(b"// argument 1: expected nat, found variant"), "is printed all the same")


def check_trust(devnet, canister):
    url = devnet.ready["network_url"]
    key = devnet.ready["root_key"]
    method = ("ws_get_messages", "(record { nonce = 0 })")
    for command in ("query", "call"):
        done = run("icws", command, "-n", url, "-k", "mainnet", "-c", canister, *method)
        check_equal((done.returncode, done.stdout), (5, b""), f"{command} with another network's root key")
    done = run("icws", "query", "-n", url, "-k", "fetch", "-c", canister, "-o", "json", *method)
    check_equal(done.returncode, 0, "a network that is trusted for what it says of itself")
    done = run("icws", "query", "-n", url, "-c", canister, *method)
    check_equal(done.returncode, 2, "a network that nobody said to trust")
    check(b"--network URL needs --root-key" in done.stderr, "and what is missing")

    with TamperingProxy(url, lambda path, body: body) as proxy:
        done = run("icws", "query", "-n", proxy.url, "-k", key, "-c", canister, "-o", "json", *method)
        check_equal(done.returncode, 0, "through somebody who changes nothing")
    plain = ("--hex", "-o", "hex")
    with TamperingProxy(url, lambda path, body: body.replace(b"DIDL", b"DIDM") if "/query" in path else body) as proxy:
        argument = encode("(record { nonce = 0 : nat64 })")
        done = run("icws", "query", "-n", proxy.url, "-k", key, "-c", canister, *plain, "ws_get_messages", argument)
        check_equal((done.returncode, done.stdout), (5, b""), "a query's reply that somebody changed")
    with TamperingProxy(url, lambda path, body: body.replace(b"there is no", b"there is on")) as proxy:
        done = run("icws", "call", "-n", proxy.url, "-k", key, "-c", canister, "ws_close", STRANGER)
        check_equal((done.returncode, done.stdout), (5, b""), "a call's reply that somebody changed")
    with TamperingProxy(url, lambda path, body: body.replace(b"ClientKey", b"ClientKee")) as proxy:
        done = run("icws", "query", "-n", proxy.url, "-k", key, "-c", canister, *method)
        check_equal((done.returncode, done.stdout), (5, b""), "an interface that somebody changed")


def check_connections(canister):
    url = f"http://127.0.0.1:{closed_port()}"
    done = run("icws", "status", "-n", url)
    check_equal((done.returncode, done.stdout), (3, b""), "status of no network")
    check(b"Failed to connect" in done.stderr, "says why")
    done = run("icws", "query", "-n", url, "-k", "fetch", "-c", canister, "ws_get_messages")
    check_equal((done.returncode, done.stdout), (3, b""), "query of no network")
    done = run("icws", "status", "-n", "http://127.0.0.1:1", "--proxy", url)
    check_equal((done.returncode, done.stdout), (3, b""), "status through no proxy")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ends(27, "", ["no answer within the time of --timeout"], "status", "-n", url, "--timeout", "0.5")
        ends(27, "", ["no answer within the time of --timeout"],
             "query", "-n", url, "-k", "mainnet", "-c", canister, "--timeout", "0.5", "ws_open")  # fmt: skip
        ends(27, "", ["no answer within the time of --timeout", "the canister may have executed the call, or may yet"],
             "call", "-n", url, "-k", "mainnet", "-c", canister, "--timeout", "0.5", "--hex", "-o", "hex", "ws_open",
             "4449444c0000")  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        silent.settimeout(PATIENCE)
        waiting = Background("icws", "call", "-n", url, "-k", "mainnet", "-c", canister, "ws_open")
        silent.accept()
        waiting.process.send_signal(signal.SIGINT)
        check_equal(waiting.end(), 130, "after SIGINT")


def check_command_line(canister):
    for words, reason in (
        (("query", "x"), "--canister is needed"),
        (("query", "-c", "aaa", "x"), "--canister takes an id such as ryjl3-tyaaa-aaaaa-aaaba-cai, not 'aaa': is it mistyped?"),
        (("query", "-c", canister), "METHOD is missing"),
        (("call", "-c", canister, "x", "(1)", "(2)"), "'(2)' is too much: the values are one ARGUMENT"),
        (("call", "-c", canister, "x", "--file", "y", "(2)"), "ARGUMENT and --file exclude each other"),
        (("call", "-c", canister, "x", "--candid", "-", "-"), "only one file can be standard input"),
        (("call", "-c", canister, "x", "-o", "xml"), "--output takes candid, json, hex or raw, not 'xml'"),
        (("call", "-c", canister, "x", "--hex"), "--hex needs an argument"),
        (("call", "-c", canister, "x", "-n", "mars"), "--network takes ic, local, or a URL"),
        (("call", "-c", canister, "x", "-n", "http://", "-k", "fetch"), ""),
        (("call", "-c", canister, "x", "-n", "http://127.0.0.1:1", "-k", "fetch", "--cacert", "/etc/hosts"),
         "--cacert is for https:// networks"),
        (("status", "extra"), "'extra' is too much"),
    ):  # fmt: skip
        done = run("icws", *words)
        check_equal((done.returncode, done.stdout), (2, b""), " ".join(words))
        check(reason.encode() in done.stderr, f"{reason}: {done.stderr.decode()}")


with Devnet() as devnet, tempfile.TemporaryDirectory() as work:
    id_text = devnet.ready["canisters"]["echo"]
    network = devnet.network_options()
    to_echo = [*network, "-c", id_text]
    with open(work + "/it.did", "wb") as published:
        published.write(devnet.interface("echo"))

    check_status(devnet)
    check_query(to_echo)
    check_call(to_echo, work)
    check_wrong(to_echo, id_text)
    check_rejects(to_echo, network, id_text)
    check_identity(to_echo, work)
    check_no_interface(network)
    check_interface(to_echo, work)
    check_trust(devnet, id_text)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [program("icws"), "call", *to_echo, "ws_close", STRANGER], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    check_equal(
        (done.returncode, done.stderr),
        (1, b"icws call: cannot write to standard output: No space left on device\n"),
        "no room for the output",
    )
    check_connections(id_text)
    check_command_line(id_text)
