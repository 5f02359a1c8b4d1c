#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway in front of a network's HTTP API, with our own clients: ws and wss, what the metrics
say of a known exchange, an allow-list, the drain as the canister sees it, a restart after kill -9, and
a network that comes late, goes away and comes back."""

import contextlib
import select
import signal
import socket
import subprocess
import tempfile
import threading

from gateway_support import Certificate, Gateway, wait_until
from support import PATIENCE, Background, Devnet, check, check_equal, program, run

METRICS = ["--prometheus-endpoint", "127.0.0.1:0"]


class Road:
    """A TCP port of its own in front of the network's, which can be closed and opened."""

    def __init__(self, url):
        self.target = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def opened(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.stop, stopped = socket.socketpair()
        thread = threading.Thread(target=self.serve, args=(stopped,), daemon=True)
        thread.start()
        yield
        self.stop.close()
        thread.join()

    def serve(self, stopped):
        other_end = {}
        while True:
            for ready in select.select([self.listener, stopped, *other_end], [], [])[0]:
                if ready is stopped:
                    for end in (self.listener, stopped, *other_end):
                        end.close()
                    return
                if ready is self.listener:
                    client, server = ready.accept()[0], socket.create_connection(self.target)
                    other_end[client], other_end[server] = server, client
                elif ready in other_end:
                    self.forward(ready, other_end)

    @staticmethod
    def forward(ready, other_end):
        with contextlib.suppress(OSError):
            piece = ready.recv(65536)
            if piece:
                other_end[ready].sendall(piece)
                return
        for end in (other_end.pop(other_end[ready]), other_end.pop(ready)):
            end.close()


def options_of(devnet, gateway, canister):
    return ["-g", gateway.started["url"], "-c", devnet.ready["canisters"][canister], "-k", devnet.ready["root_key"]]


def known_exchange(folder, devnet, network):
    """ws_open; OpenMessage and a ping; the client leaves."""
    with Gateway(folder, *network, *METRICS) as gateway:
        done = run("icws-tail", *options_of(devnet, gateway, "pingpong"), "-C", "1", "-q")
        check_equal(done.returncode, 0, "icws-tail")
        names = ("poll_started", "client_opened", "client_left", "poll_stopped")
        started, opened, left, stopped = (gateway.wait_for(name) for name in names)
        check_equal(opened["canister"], devnet.ready["canisters"]["pingpong"], "the log has the canister")
        check_equal(opened["address"], "127.0.0.1", "the client's address")
        check_equal(opened["client"], left["client"], "the client's principal")
        check_equal(started["canister"], opened["canister"], "whom the poller is for")
        check_equal(stopped["canister"], opened["canister"], "whom it was for")
        wait_until(lambda: gateway.metrics()["icws_gateway_closes_total"] == 1)
        metrics = gateway.metrics()
        for series, value in (
            ("clients_connected", 0),
            ("active_pollers", 0),
            ("client_connected_count", 1),
            ("icws_gateway_connections", 0),
            ("icws_gateway_connections_accepted_total", 1),
            ("icws_gateway_messages_in_total", 1),
            ("icws_gateway_messages_out_total", 2),
            ("icws_gateway_messages_dropped_total", 0),
            ("icws_gateway_relay_duration_seconds_count", 1),
            ('icws_gateway_relay_duration_seconds_bucket{le="+Inf"}', 1),
        ):
            check_equal(metrics[series], value, series)
        polls = metrics["icws_gateway_polls_total"]
        check(polls >= 1 and metrics["poller_duration_count"] <= polls, "polls")
        check(metrics["icws_gateway_bytes_in_total"] > 200, "bytes in: one envelope")
        check(metrics["icws_gateway_bytes_out_total"] > 1000, "bytes out: two certified messages")
        wrong = {s: v for s, v in metrics.items() if v != 0 and ("_refused_" in s or "_errors_" in s)}
        check_equal(wrong, {}, "nothing went wrong")


def over_tls(folder, devnet, network):
    pair = Certificate(folder).make()
    with Gateway(folder, *network, *pair.options()) as gateway:
        options = options_of(devnet, gateway, "ticker")
        options[1] = f"wss://localhost:{gateway.port}"
        done = run("icws-tail", *options, "--cacert", pair.certificate, "-C", "3", "-q")
        check_equal((done.returncode, done.stdout.count(b"tick ")), (0, 3), "three messages over wss://")
        done = run("icws-tail", *options, "-C", "1")
        check_equal(done.returncode, 3, "a client that does not trust the certificate")


def only_one_canister(folder, devnet, network):
    with Gateway(folder, *network, *METRICS, "--allow-canister", devnet.ready["canisters"]["ticker"]) as gateway:
        done = run("icws-tail", *options_of(devnet, gateway, "ticker"), "-C", "1", "-q")
        check_equal(done.returncode, 0, "the canister that is allowed")
        done = run("icws-tail", *options_of(devnet, gateway, "pingpong"), "-C", "1", "-q")
        check_equal(done.returncode, 4, "another")
        check(b"does not serve canister" in done.stderr, "the client reads why")
        refused = gateway.wait_for("client_refused")
        check_equal(refused["canister"], devnet.ready["canisters"]["pingpong"], "the log has the canister")
        check("client" in refused, "and who wanted it")


def everybody_leaves(folder, devnet, network):
    """At the end the canister has been told of all clients: who is in the room sees them leave."""
    watcher = subprocess.Popen(
        [program("icws-tail"), *devnet.options_for("chat"), "-q"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    seen = b""

    def wait_for(words, count):
        nonlocal seen
        while seen.count(words) < count:
            check(select.select([watcher.stdout], [], [], PATIENCE)[0], f"something comes after {seen!r}")
            seen += watcher.stdout.read1(65536)

    with Gateway(folder, *network) as gateway:
        clients = [Background("icws-tail", *options_of(devnet, gateway, "chat"), stdout=subprocess.DEVNULL) for _ in range(3)]
        for client in clients:
            client.wait_for_words(b"open: ")
        gateway.terminate()
        check_equal([client.end() for client in clients], [3] * 3, "what the clients end with")
        check_equal(gateway.process.wait(PATIENCE), 0, "exit status")
    check_equal(gateway.events[-1]["message"], "all clients are closed", "the log's last words")
    wait_for(b"left", 3)
    watcher.terminate()
    watcher.communicate()
    check(True, "the canister's other clients saw three leave")


def killed(folder, devnet, network):
    with Gateway(folder, *network) as gateway:
        client = Background("icws-tail", *options_of(devnet, gateway, "ticker"), stdout=subprocess.DEVNULL)
        client.wait_for_words(b"open: ")
        principal = gateway.started["principal"]
        check_equal(gateway.end(signal.SIGKILL), -signal.SIGKILL, "kill -9")
        gateway.status = -signal.SIGKILL
        check_equal(client.end(), 3, "what its client ends with")
    with Gateway(folder, *network) as gateway:
        check_equal(gateway.started["principal"], principal, "the principal afterwards")
        done = run("icws-tail", *options_of(devnet, gateway, "ticker"), "-C", "2", "-q")
        check_equal(done.returncode, 0, "a client afterwards")


def network_comes_and_goes(folder, devnet):
    road = Road(devnet.ready["network_url"])
    with Gateway(folder, "--ic-network-url", road.url(), *METRICS) as gateway:
        client = Background("icws-tail", *options_of(devnet, gateway, "ticker"), "-J", stdout=subprocess.PIPE)
        wait_until(lambda: gateway.metrics()["clients_connected"] == 1)
        with road.opened():
            client.wait_for_words(b"open: ")
            check(b"tick " in client.process.stdout.readline(), "a client that came before the network is served")
        failed = gateway.wait_for("poll_failed")
        check_equal(failed["level"], "error", "the network has gone")
        check_equal(failed["canister"], devnet.ready["canisters"]["ticker"], "the canister that is not polled")
        with road.opened():
            gateway.wait_for("poll_works")
            check(b"tick " in client.process.stdout.readline(), "the same client is served when it is back")
            client.process.terminate()
            client.process.stdout.close()
            client.end()
            wait_until(lambda: gateway.metrics()["clients_connected"] == 0)
            wait_until(lambda: gateway.metrics()["icws_gateway_closes_total"] == 1)


with tempfile.TemporaryDirectory() as folder, Devnet("--ticker-ms", "200") as devnet:
    network = ["--ic-network-url", devnet.ready["network_url"]]
    known_exchange(folder, devnet, network)
    over_tls(folder, devnet, network)
    only_one_canister(folder, devnet, network)
    everybody_leaves(folder, devnet, network)
    killed(folder, devnet, network)
    network_comes_and_goes(folder, devnet)
