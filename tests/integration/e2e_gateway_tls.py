#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway on wss://: SIGHUP brings another certificate for new connections, while a pair that
does not fit is refused with its reason and the old one stays."""

import http.client
import os
import re
import shutil
import socket
import ssl
import tempfile

from gateway_support import UNREACHABLE, Certificate, Gateway, WebSocket, run_gateway
from support import PATIENCE, check, check_equal

NETWORK = ["--ic-network-url", UNREACHABLE, "--prometheus-endpoint", "127.0.0.1:0"]


def shown_to_new_client(gateway, trust):
    client = WebSocket(gateway.port, trust)
    check_equal(client.status, 101, "a new client")
    client.frame()
    der = client.certificate()
    client.close()
    return der


def visit(gateway, trust):
    """As a browser does that speaks HTTP/2, too."""
    trust.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", gateway.port), PATIENCE)
    with trust.wrap_socket(plain, server_hostname="localhost") as tls:
        check_equal(tls.selected_alpn_protocol(), "http/1.1", "the protocol")
        tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        check(tls.recv(4096).startswith(b"HTTP/1.1 426 "), "a visitor is told what this is")


with tempfile.TemporaryDirectory() as folder:
    pair = Certificate(folder).make()
    other = Certificate(folder, "other").make()
    with Gateway(folder, *NETWORK, *pair.options()) as gateway:
        check(gateway.started["url"].startswith("wss://127.0.0.1:"), "wss://")
        first = pair.der()
        old = WebSocket(gateway.port, pair.context())
        old.frame()
        check_equal(old.certificate(), first, "the certificate")
        visit(gateway, pair.context())
        try:
            WebSocket(gateway.port, other.context())
            check(False, "a client that does not trust it connects")
        except ssl.SSLCertVerificationError:
            pass
        try:
            WebSocket(gateway.port).frame()
            check(False, "a client without TLS connects")
        except (EOFError, ConnectionResetError):
            pass

        # What browsers offer: without HTTP/1.1 they would get no answer at all.
        offering = pair.context()
        offering.set_alpn_protocols(["h2", "http/1.1"])
        browser = http.client.HTTPSConnection("127.0.0.1", gateway.port, timeout=PATIENCE, context=offering)
        browser.request("GET", "/")
        check_equal(browser.sock.selected_alpn_protocol(), "http/1.1", "the protocol for a browser")
        answer = browser.getresponse()
        check_equal(answer.status, 426, "a page is asked for")
        check("gateway of IC WebSocket" in answer.read().decode(), "which says what this is")
        browser.close()

        # Another pair.
        pair.make()
        second = pair.der()
        check(first != second, "another certificate is made")
        gateway.reload()
        gateway.wait_for("tls_reloaded")
        check_equal(shown_to_new_client(gateway, pair.context()), second, "the new certificate")
        check_equal(gateway.metrics()["icws_gateway_tls_reloads_total"], 1, "reloads")

        # A certificate without its key, and a file that is none.
        trust = pair.context()
        shutil.copy(other.certificate, pair.certificate)
        gateway.reload()
        failed = gateway.wait_for("tls_reload_failed")
        check_equal(failed["level"], "error", "a pair that does not fit")
        check("the old certificate stays in use: " in failed["message"], failed["message"])
        check_equal(shown_to_new_client(gateway, trust), second, "the old certificate")
        os.remove(pair.key)
        gateway.reload()
        check(pair.key in gateway.wait_for("tls_reload_failed")["message"], "names the missing file")
        check_equal(shown_to_new_client(gateway, trust), second, "the old certificate")
        check_equal(gateway.metrics()["icws_gateway_tls_reloads_total"], 1, "reloads")

        # A connection from before is served on.
        gateway.terminate()
        check_equal(old.close_code(), 1001, "an old client is told of the end")

    # At the start there is no old pair.
    for options, words in (
        (pair.options(), pair.key),
        (["--tls-certificate-pem-path", other.key, "--tls-certificate-key-pem-path", other.key], other.key),
    ):
        done = run_gateway(folder, "--gateway-address", "127.0.0.1:0", *NETWORK, *options)
        check_equal(done.returncode, 1, "a start with what is no pair")
        check(words in done.stderr.decode(), "names the file")

    # What the service manager hears.
    pair.make()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(PATIENCE)
        manager.bind(os.path.join(folder, "notify"))
        environment = {**os.environ, "NOTIFY_SOCKET": manager.getsockname()}
        with Gateway(folder, *NETWORK, *pair.options(), environment=environment) as gateway:
            check_equal(manager.recv(1000), b"READY=1", "when it has started")
            gateway.reload()
            told = manager.recv(1000)
            check(re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", told), f"when it reloads: {told}")
            check_equal(manager.recv(1000), b"READY=1", "when it has reloaded")

    with Gateway(folder, *NETWORK) as gateway:
        gateway.reload()
        gateway.wait_for("tls_reload_skipped")
        check_equal(WebSocket(gateway.port).status, 101, "SIGHUP without TLS harms nothing")
