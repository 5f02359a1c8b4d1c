#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway as a service: logs, metrics and health, allow-lists and limits, descriptors, what the service
manager is told, and the end by signals.  The network is not there, which stops none of that."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import tempfile

from gateway_support import UNREACHABLE, Gateway, WebSocket, wait_until
from support import PATIENCE, Background, check, check_equal, program, read_until, say, time

NETWORK = ["--ic-network-url", UNREACHABLE]
CANISTER = "rrkah-fqaaa-aaaaa-aaaaq-cai"
METRICS = ["--prometheus-endpoint", "127.0.0.1:0"]


def text_log(folder):
    """Lines for people: time, level, words."""
    process = subprocess.Popen(
        [program("icws-gateway"), *NETWORK, "--gateway-address", "127.0.0.1:0", "--identity", os.path.join(folder, "t.pem")],
        stderr=subprocess.PIPE,
    )
    started = lambda text: b"listening on" in text and text.endswith(b"\n")
    text = read_until(process.stderr.fileno(), started, time.monotonic() + PATIENCE)
    process.terminate()
    text += process.stderr.read()
    process.stderr.close()
    check_equal(process.wait(PATIENCE), 0, "exit status")
    for line in text.decode().splitlines():
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (error|warn|info|debug) \S.*", line), line)


def metrics_and_health(folder):
    before = time.time()
    with Gateway(folder, *NETWORK, *METRICS) as gateway:
        status, headers, text = gateway.get("/metrics")
        check_equal(status, 200, "/metrics")
        check_equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8", "content type")
        families = re.findall(r"^# TYPE (\S+) ", text, re.M)
        check_equal(re.findall(r"^# HELP (\S+) ", text, re.M), families, "a help text for each")
        values = gateway.metrics()
        check(before - 1 < values["process_start_time_seconds"] < time.time() + 1, "the start of the process")
        check_equal(values["icws_gateway_connections"], 0, "connections")
        check(any(series.startswith('icws_gateway_build_info{version="') for series in values), "build info")

        client = WebSocket(gateway.port)
        check_equal(client.status, 101, "a client")
        opcode, handshake = client.frame()
        check_equal(opcode, 2, "its handshake is binary")
        check(b"gateway_principal" in handshake, "and names the gateway")
        check_equal(gateway.metrics()["icws_gateway_connections"], 1, "connections")
        check_equal(gateway.metrics()["icws_gateway_connections_accepted_total"], 1, "accepted")
        client.socket.sendall(b"\x81\x82\0\0\0\0hi")
        check(client.close_code() != 1000, "a text frame is refused")
        check_equal(gateway.wait_for("client_refused")["level"], "warn", "and logged")
        check_equal(gateway.metrics()['icws_gateway_clients_refused_total{reason="text"}'], 1, "and counted")
        client.close()

        check_equal(gateway.get("/healthz")[0::2], (200, "ok\n"), "/healthz")
        check_equal(gateway.get("/healthz", "HEAD")[0::2], (200, ""), "HEAD /healthz")
        check_equal(gateway.get("/")[0], 404, "another path")
        check_equal(gateway.get("/metrics/x")[0], 404, "a path below")
        check_equal(gateway.get("/metrics", "POST")[0], 405, "another method")


def slow_reader_of_the_log(folder):
    """A log that nobody reads fills its pipe; the gateway goes on, and says afterwards what it lost."""

    def be_refused():
        client = WebSocket(gateway.port)
        client.socket.sendall(b"\x81\x82\0\0\0\0hi")
        client.close_code()
        client.close()

    with Gateway(folder, *NETWORK, *METRICS) as gateway:
        count = 65536 // 100  # a pipe's bytes, and less than a line has
        for _ in range(count):
            be_refused()
        refused = gateway.metrics()['icws_gateway_clients_refused_total{reason="text"}']
        check_equal(refused, count, "refused while nobody reads the log")
        for _ in range(100):
            gateway.read_line()
        be_refused()
        lost = int(gateway.wait_for("log_lost")["lines"])
        gateway.wait_for("client_refused")
    check(0 < lost, "lines were lost")
    lines = sum(event["event"] == "client_refused" for event in gateway.events)
    check_equal(lines + lost, count + 1, "lines that were read, and lost")


def drain(folder):
    with Gateway(folder, *NETWORK, *METRICS) as gateway:
        clients = [WebSocket(gateway.port) for _ in range(3)]
        for client in clients:
            client.frame()
        gateway.terminate()
        codes = [client.close_code() for client in clients]
        check_equal(codes, [1001] * 3, "what the clients are told")
        check_equal(gateway.process.wait(PATIENCE), 0, "exit status after SIGTERM")
    check_equal([event["event"] for event in gateway.events][-2:], ["draining", "drained"], "the log's end")


def client_of(gateway, canister):
    """A client whose ws_open goes to that canister, and so, here, nowhere."""
    return Background("icws-tail", "-g", f"ws://127.0.0.1:{gateway.port}", "-c", canister)


def drain_ends(folder):
    """What a client has under way is waited for, within limits."""
    with Gateway(folder, *NETWORK, *METRICS, "--drain-timeout", "60") as gateway:
        client = client_of(gateway, CANISTER)
        wait_until(lambda: gateway.metrics()["clients_connected"] == 1)
        gateway.terminate()
        gateway.wait_for("draining")
        check_equal(gateway.get("/healthz")[0::2], (503, "draining\n"), "/healthz meanwhile")
        try:
            check_equal(WebSocket(gateway.port).status, 503, "a new client meanwhile")
        except (EOFError, ConnectionError):
            say("ok: a new client is not accepted")
        gateway.terminate()
        gateway.wait_for("ended")
        check_equal(gateway.process.wait(PATIENCE), 128 + signal.SIGTERM, "exit status after a second signal")
        gateway.status = 128 + signal.SIGTERM
        check_equal(client.end(), 4, "the client's exit status")
    with Gateway(folder, *NETWORK, *METRICS, "--drain-timeout", "0.1") as gateway:
        client = client_of(gateway, CANISTER)
        wait_until(lambda: gateway.metrics()["clients_connected"] == 1)
        gateway.terminate()
        drained = gateway.wait_for("drained")
        check_equal(drained["level"], "warn", "the time is over")
        check("not closed on their canisters in time: 1" in drained["message"], drained["message"])
        check_equal(client.end(), 4, "the client's exit status")


def allow_lists(folder):
    with Gateway(
        folder, *NETWORK, *METRICS, "--allow-canister", CANISTER, "--allow-origin", "https://app.example",
        "--allow-origin", "http://localhost:3000",
    ) as gateway:  # fmt: skip
        client = client_of(gateway, "ryjl3-tyaaa-aaaaa-aaaba-cai")
        refused = gateway.wait_for("client_refused")
        check("ryjl3-tyaaa-aaaaa-aaaba-cai" in refused["message"], refused["message"])
        check_equal(client.end(), 4, "the client's exit status")
        for origin, status in (
            ("https://app.example", 101),
            ("http://localhost:3000", 101),
            ("https://app.example.evil.example", 403),
            ("http://app.example", 403),
            ("null", 403),
        ):
            check_equal(WebSocket(gateway.port, headers=[f"Origin: {origin}"]).status, status, origin)
        check_equal(WebSocket(gateway.port).status, 101, "no origin: no browser")
        metrics = gateway.metrics()
        check_equal(metrics['icws_gateway_clients_refused_total{reason="canister"}'], 1, "counted")
        check_equal(metrics['icws_gateway_clients_refused_total{reason="origin"}'], 3, "counted")


def limits(folder):
    """Per address, which is what a proxy says if it is trusted, and only then."""
    one = ["--max-clients-per-address", "1"]
    clients = []  # they stay connected
    with Gateway(folder, *NETWORK, *METRICS, *one, "--trusted-proxy", "127.0.0.0/8") as gateway:
        for address, status in ("192.0.2.1", 101), ("192.0.2.1", 503), ("8.8.8.8, 192.0.2.2", 101), ("192.0.2.2", 503):
            clients.append(WebSocket(gateway.port, headers=[f"X-Forwarded-For: {address}"]))
            check_equal(clients[-1].status, status, f"a client for whom the proxy says {address}")
        refused = gateway.metrics()['icws_gateway_clients_refused_total{reason="clients_per_address"}']
        check_equal(refused, 2, "refused")
    with Gateway(folder, *NETWORK, *one) as gateway:
        clients = [WebSocket(gateway.port, headers=[f"X-Forwarded-For: 192.0.2.{i}"]) for i in (1, 2)]
        check_equal([client.status for client in clients], [101, 503], "nobody is trusted")
    with Gateway(folder, *NETWORK, "--max-clients", "2", "--drain-timeout", "0") as gateway:
        clients = [WebSocket(gateway.port) for _ in range(3)]
        check_equal([client.status for client in clients], [101, 101, 503], "--max-clients")


def service_manager(folder):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(PATIENCE)
        for name in os.path.join(folder, "notify"), "\0icws-gateway-test-%d" % os.getpid():
            if name[0] == "\0":
                manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                manager.settimeout(PATIENCE)
            manager.bind(name)
            environment = {**os.environ, "NOTIFY_SOCKET": name.replace("\0", "@")}
            with Gateway(folder, *NETWORK, environment=environment) as gateway:
                check_equal(manager.recv(1000), b"READY=1", "when it has started")
                check_equal(gateway.end(signal.SIGTERM), 0, "exit status")
            check_equal(manager.recv(1000), b"STOPPING=1", "when it ends")
            manager.close()
    with Gateway(folder, *NETWORK, environment={**os.environ, "NOTIFY_SOCKET": "nonsense"}):
        pass


def descriptors(folder):
    def limit(soft, hard):
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    for hard, clients, wanted in (4096, "100", 1124), (1100, "100", 1100):
        process = subprocess.Popen(
            [program("icws-gateway"), *NETWORK, "--gateway-address", "127.0.0.1:0", "--max-clients", clients,
             "--log-format", "json", "--identity", os.path.join(folder, "d.pem")],
            stderr=subprocess.PIPE, preexec_fn=limit(256, hard),
        )  # fmt: skip
        started = lambda text: b'"started"' in text and text.endswith(b"\n")
        text = read_until(process.stderr.fileno(), started, time.monotonic() + PATIENCE)
        soft = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[0]
        process.terminate()
        check_equal(process.wait(PATIENCE), 0, "exit status")
        process.stderr.close()
        check_equal(soft, wanted, f"the soft limit of files with the hard limit {hard}")
        warnings = [event for event in map(json.loads, text.splitlines()) if event["level"] == "warn"]
        check_equal([event["event"] for event in warnings], ["few_descriptors"] if wanted == hard else [], "warnings")


with tempfile.TemporaryDirectory() as folder:
    text_log(folder)
    metrics_and_health(folder)
    slow_reader_of_the_log(folder)
    drain(folder)
    drain_ends(folder)
    allow_lists(folder)
    limits(folder)
    service_manager(folder)
    descriptors(folder)
