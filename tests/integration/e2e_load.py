#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many clients on one gateway, none of which may fail; and what bench_load says when some do.

How long anything takes is not looked at.
"""

import json
import os
import socket
import tempfile

from gateway_support import Gateway
from support import BIN, Devnet, check, check_equal, run

BENCH = os.path.join("..", "bench", "bench_load")
CLIENTS = 200
PINGS = 20


def load(*arguments, **options):
    """Runs it; gives its exit status and its report."""
    done = run(BENCH, "--json", *arguments, **options)
    check_equal(done.stderr, b"", "it does not complain")
    return done.returncode, json.loads(done.stdout)


def check_histogram(report, name, count):
    histogram = report["histograms"][name]
    counts = [bucket["count"] for bucket in histogram["buckets"]]
    check_equal(histogram["count"], count, f"count of {name}")
    check_equal(counts[-1], count, f"count in all buckets of {name}")
    check_equal(counts, sorted(counts), f"counts of {name} are cumulative")
    quantiles = [histogram[quantile] for quantile in ("p50", "p90", "p99", "max")]
    check_equal(quantiles, sorted(quantiles), f"quantiles of {name} are in order")


def check_failures(report, clients, error):
    """All have failed, for one reason."""
    check_equal((report["opened"], report["failed"]), (0, clients), "all have failed")
    check_equal([(kind["error"], kind["count"]) for kind in report["failures"]], [(error, clients)], "why")


def check_load(target, *extra):
    """Every client opens, and every ping is answered."""
    status, report = load(*target, "-n", str(CLIENTS), "-p", str(PINGS), "-r", "100", *extra)
    check_equal(status, 0, "exit status")
    check_equal(report["failures"], [], "failures")
    check_equal((report["clients"], report["opened"], report["failed"]), (CLIENTS, CLIENTS, 0), "clients")
    check_equal((report["pings"], report["pongs"]), (CLIENTS * PINGS, CLIENTS * PINGS), "pings and pongs")
    check_histogram(report, "open_connection_latency_s", CLIENTS)
    check_histogram(report, "receive_message_latency_ms", CLIENTS * (PINGS + 1))  # and a greeting
    check_histogram(report, "ping_pong_latency_ms", CLIENTS * PINGS)


with Devnet() as devnet:
    target = devnet.options_for("pingpong")

    # Each pings when it is open and closes when it is done; or all are open at the same time.
    check_load(target)
    check_load(target, "--together")

    # icws-gateway, with HTTP between it and the network.
    with tempfile.TemporaryDirectory() as folder:
        with Gateway(folder, "--ic-network-url", devnet.ready["network_url"]) as gateway:
            check_load(["-g", f"ws://127.0.0.1:{gateway.port}", *target[2:]], "--together")

    # Clients that only stay, and a process that is looked at.
    status, report = load(*target, "-n", "50", "--idle", "0.2", "--pid", str(devnet.process.pid))
    check_equal((status, report["opened"], report["failed"], report["pings"]), (0, 50, 0, 0), "idle clients")
    check(all(kib > 0 for kib in report["process"]["resident_kib"].values()), "its memory is reported")

    # A canister that does not greet, a network whose key is another, and one that is not there.
    echo = devnet.options_for("echo")
    status, report = load(*echo, "-n", "3", "--timeout", "5")
    check_equal((status, report["opened"], report["failed"]), (1, 3, 3), "no greeting")
    check_equal([(kind["error"], kind["count"]) for kind in report["failures"]], [("ICWS_ERR_ACK_TIMEOUT", 3)], "why")
    with Devnet() as other:
        stranger = target[:4] + ["-k", other.ready["root_key"]]
        status, report = load(*stranger, "-n", "3")
        check_equal(status, 1, "exit status with another network's root key")
        check_failures(report, 3, "ICWS_ERR_CERTIFICATE_DELEGATION")

    # Words for people have the same numbers.
    done = run(BENCH, *target, "-n", "2", "-p", "3")
    check_equal((done.returncode, done.stderr), (0, b""), "in words")
    check(b"2 arrived, 2 opened, 0 failed" in done.stdout, "clients in words")
    check(b"6 pings, 6 pongs" in done.stdout, "pings in words")

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    nobody = f"ws://127.0.0.1:{free.getsockname()[1]}"
    status, report = load("-g", nobody, *target[2:], "-n", "3")
    check_equal(status, 1, "exit status without a gateway")
    check_failures(report, 3, "ICWS_ERR_CONNECT")

# Nobody hangs where a connection is taken and nothing is said.
with socket.create_server(("127.0.0.1", 0)) as silent:
    status, report = load("-g", f"ws://127.0.0.1:{silent.getsockname()[1]}", *target[2:], "-n", "3", "--timeout", "1")
    check_equal(status, 1, "exit status with a silent gateway")
    check_failures(report, 3, "ICWS_ERR_CONNECT_TIMEOUT")

# A network of its own.
path = os.pathsep.join([BIN, os.environ["PATH"]])
status, report = load("--devnet", "-n", "3", "-p", "2", environment={**os.environ, "PATH": path})
check_equal((status, report["opened"], report["pongs"]), (0, 3, 6), "with an icws-devnet of its own")

# What is wrong on the command line is said there.
for arguments, words in (
    ([], b"--gateway and --canister, or --devnet, are required"),
    (["--devnet", *target], b"--devnet brings its own"),
    (["--devnet", "--idle", "1", "--together"], b"exclude each other"),
    (["--devnet", "-n", "100001"], b"at most 100000 clients"),
    (["--devnet", "-n", "0"], b"--clients"),
):
    done = run(BENCH, *arguments)
    check_equal((done.returncode, done.stdout), (2, b""), f"refused: {' '.join(arguments)[:40]}")
    check(words in done.stderr, f"says {words.decode()!r}")
for url in "wss://127.0.0.1:1", "http://127.0.0.1:1", "ws://", "127.0.0.1":
    done = run(BENCH, "-g", url, *target[2:])
    check_equal((done.returncode, done.stdout), (1, b""), f"no gateway: {url}")
    check(b"ws://HOST:PORT" in done.stderr, "says what a URL must be")
