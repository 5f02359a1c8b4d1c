#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the programs end.

No gateway: 3. Something that is no gateway: 3 or 4. A wrong root key: 5. No message within -W: 27.
Signals: 130 and 143. A wrong ack interval: 8.
"""

import signal
import socket
import threading

from support import Background, Devnet, check, check_equal, run

CANISTER = "bnz7o-iuaaa-aaaaa-qaaaa-cai"


def closed_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def answer(listener, text):
    connection, _ = listener.accept()
    connection.recv(65536)
    connection.sendall(text)
    connection.close()


for name in ("icws-tail", "icws-chat"):
    done = run(name, "-g", f"ws://127.0.0.1:{closed_port()}", "-c", CANISTER)
    check_equal(done.returncode, 3, f"{name} without a gateway")
    check(b"refused" in done.stderr, f"{name} says why")

with socket.create_server(("127.0.0.1", 0)) as silent:
    url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
    done = run("icws-tail", "-g", url, "-c", CANISTER, "--connect-timeout", "0.5")
    check_equal(done.returncode, 3, "a server that says nothing")

with socket.create_server(("127.0.0.1", 0)) as server:
    url = f"ws://127.0.0.1:{server.getsockname()[1]}"
    page = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    thread = threading.Thread(target=answer, args=(server, page))
    thread.start()
    done = run("icws-tail", "-g", url, "-c", CANISTER)
    thread.join()
    check_equal(done.returncode, 3, "a web server")
    check(b"404" in done.stderr, "says the HTTP status")

with Devnet("--ack-interval-ms", "600000") as devnet:
    options = devnet.options_for("chat")
    quiet = devnet.options_for("echo")
    with_mainnet_key = options[:-1] + ["mainnet"]
    for name in ("icws-tail", "icws-chat"):
        done = run(name, *with_mainnet_key)
        check_equal(done.returncode, 5, f"{name} with another network's root key")
        check(b"check 1" in done.stderr, f"{name} names the check")
        check_equal(done.stdout, b"", f"{name} prints nothing unverified")

    done = run("icws-tail", *quiet, "-W", "1")
    check_equal(done.returncode, 27, "no message within -W")

    done = run("icws-tail", *options[:2], "-c", CANISTER[:-3] + "aaa", *options[4:])
    check_equal(done.returncode, 2, "a canister id with a wrong checksum")

    done = run("icws-tail", *options, "--cacert", "/etc/hosts")
    check_equal(done.returncode, 2, "CAs for a gateway without TLS")
    check(b"--cacert is for wss://" in done.stderr, "says what --cacert is for")

    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        tail = Background("icws-tail", *quiet)
        tail.wait_for_words(b"open: ")
        tail.process.send_signal(number)
        check_equal(tail.end(), status, f"after {number.name}")

    # The latency of 30 s that the protocol grants comes on top of the second.
    done = run("icws-chat", *options, "--ack-interval", "1", "--wait-ack", stdin=b"hello\n")
    check_equal(done.returncode, 8, "no ack in time")
