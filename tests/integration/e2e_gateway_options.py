#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway: its command line and its configuration file; what is wrong there is said with its
place and what to do, and nothing starts."""

import os
import signal
import tempfile

from gateway_support import UNREACHABLE, Gateway, run_gateway
from support import ROOT, check, check_equal, run

with tempfile.TemporaryDirectory() as folder:

    def write(name, text):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    # The command line.
    for arguments, words in (
        (["--unknown"], "unknown option '--unknown'"),
        (["operand"], "'operand' is too much"),
        (["--gateway-address", "localhost:8080"], "--gateway-address takes a numeric address and a port"),
        (["--gateway-address", "127.0.0.1"], "--gateway-address takes"),
        (["--prometheus-endpoint", "9090"], "--prometheus-endpoint takes a numeric address and a port"),
        (["--ic-network-url", "icp-api.io"], "--ic-network-url takes a URL that begins with http:// or https://"),
        (["--polling-interval", "0"], "--polling-interval takes a whole number above zero"),
        (["--max-clients", "4294967296"], "--max-clients takes a number up to 4294967295"),
        (["--trusted-proxy", "10.0.0.0/33"], "--trusted-proxy takes an address, or a network"),
        (["--trusted-proxy", "10.0.0.1/8"], "without bits behind its prefix"),
        (["--allow-origin", "https://app.example/"], "--allow-origin takes an origin as browsers send it"),
        (["--allow-canister", "rrkah-fqaaa-aaaaa-aaaaq-cab"], "--allow-canister takes a canister id"),
        (["--log-level", "loud"], "--log-level takes error, warn, info or debug"),
        (["--log-format", "xml"], "--log-format takes text or json"),
        (["--drain-timeout", "86401"], "--drain-timeout takes seconds, up to 86400"),
        (["--tls-certificate-pem-path", "c.pem"], "belong together"),
        (["--tls-certificate-key-pem-path", "k.pem"], "belong together"),
        (["--connection-burst", "5"], "--connection-burst needs --connections-per-second"),
        (["--message-burst", "5"], "--message-burst needs --messages-per-second"),
        (["--proxy", "http://user:secret@proxy.example:3128"], "belongs into the file of --config"),
    ):
        done = run_gateway(folder, *arguments)
        check_equal(done.returncode, 2, " ".join(arguments))
        check_equal(done.stdout, b"", "stdout")
        check(words in done.stderr.decode(), f"says: {words}")
        check(b"secret" not in done.stderr, "no password in it")
    check_equal(os.listdir(folder), [], "no identity was made")

    # The file.
    for text, words in (
        ("polling-interval = 50\nfoo = 1\n", "gateway.conf:2: unknown key 'foo'"),
        ("polling-interval = soon\n", "gateway.conf:1: polling-interval takes a whole number above zero, not 'soon'"),
        ("\n# x\nlog-level = loud # y\n", "gateway.conf:3: log-level takes error, warn, info or debug, not 'loud'"),
        ("gateway-address = :80\n", "gateway.conf:1: gateway-address takes a numeric address and a port"),
        ("allow-canister = aaaaa-aa\nallow-canister = x\n", "gateway.conf:2: allow-canister takes a canister id"),
        ("max-clients = 1\nmax-clients = 2\n", "gateway.conf:2: 'max-clients' is in line 1 already"),
        ("polling-interval\n", "gateway.conf:1: a line is 'key = value', not 'polling-interval'"),
        ("config = other.conf\n", "gateway.conf:1: unknown key 'config'"),
        ("check-config = yes\n", "gateway.conf:1: unknown key 'check-config'"),
        ("tls-certificate-pem-path = c.pem\n", "belong together"),
    ):
        write("gateway.conf", text)
        done = run_gateway(folder, "--config", "gateway.conf")
        check_equal(done.returncode, 2, repr(text))
        check(words in done.stderr.decode(), f"says: {words}")
    done = run_gateway(folder, "--config", "absent.conf")
    check_equal(done.returncode, 1, "a file that is not there")
    check(b"absent.conf: No such file" in done.stderr, "says so")

    # --check-config starts nothing; a password may be in the file, and the command line wins.
    write("gateway.conf", "proxy = http://user:secret@proxy.example:3128\nlog-level = info\n")
    done = run_gateway(folder, "--config", "gateway.conf", "--check-config")
    check_equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), "--check-config")
    example = os.path.join(ROOT, "packaging", "gateway.conf")
    done = run_gateway(folder, "--config", example, "--check-config")
    check_equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), "the example in packaging/")
    done = run_gateway(folder, "--check-config", "--log-level", "loud")
    check_equal(done.returncode, 2, "--check-config with something wrong")
    check_equal(os.listdir(folder), ["gateway.conf"], "no identity was made")

    write("gateway.conf", f"ic-network-url = {UNREACHABLE}\nlog-format = text\n")
    with Gateway(folder, "--config", os.path.join(folder, "gateway.conf")) as gateway:
        check_equal(gateway.started["network"], UNREACHABLE, "the network of the file")
        busy = run_gateway(
            folder, "--identity", "other.pem", "--gateway-address", f"127.0.0.1:{gateway.port}",
            "--ic-network-url", UNREACHABLE,
        )  # fmt: skip
        check_equal(busy.returncode, 1, "a port that is taken")
        check(str(gateway.port) in busy.stderr.decode(), "names the port")
        check_equal(gateway.end(signal.SIGINT), 0, "ends by SIGINT")

    for arguments, words in (
        (["--cacert", "absent.pem"], "absent.pem"),
        (["--ic-network-url", "http://"], "http://"),
        (["--tls-certificate-pem-path", "absent.pem", "--tls-certificate-key-pem-path", "k.pem"], "absent.pem"),
        (["--prometheus-endpoint", "192.0.2.1:9"], "192.0.2.1"),
    ):
        done = run_gateway(
            folder, "--ic-network-url", UNREACHABLE, "--gateway-address", "127.0.0.1:0", *arguments
        )
        check_equal(done.returncode, 1, " ".join(arguments))
        check(words in done.stderr.decode(), f"says: {words}")

text = run("icws-gateway", "--help").stdout.decode()
check_equal(run("icws-gateway", "--version").stdout[:13], b"icws-gateway ", "--version")
for option in "gateway-address ic-network-url polling-interval prometheus-endpoint tls-certificate-pem-path".split():
    check(f"--{option} " in text, f"--help has --{option}, as the reference gateway")
