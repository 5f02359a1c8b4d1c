#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-gateway: the identity file is made at the first start, for its owner alone, and is the same
principal ever after; what others can read is refused, and so is a second gateway with it."""

import os
import tempfile

from gateway_support import UNREACHABLE, Gateway, run_gateway
from support import check, check_equal, run

NETWORK = ["--ic-network-url", UNREACHABLE]

with tempfile.TemporaryDirectory() as folder:
    key = os.path.join(folder, "gateway.pem")
    os.umask(0)
    with Gateway(folder, *NETWORK) as gateway:
        created = gateway.events[0]
        check_equal((created["event"], created["file"]), ("identity_created", key), "says that it made one")
        check_equal(oct(os.stat(key).st_mode & 0o777), oct(0o600), "mode of the new file")
        principal = gateway.started["principal"]
        check(principal in gateway.started["message"], "people read the principal, too")
        shown = run("icws", "key", "show", "--identity", key).stdout.decode()
        check(principal in shown, "icws key show has the same principal")

        second = run_gateway(folder, "--identity", key, "--gateway-address", "127.0.0.1:0", *NETWORK)
        check_equal(second.returncode, 1, "a second gateway with the same identity")
        check(b"another gateway runs with this identity" in second.stderr, "says why")
    with open(key, "rb") as file:
        first = file.read()

    with Gateway(folder, *NETWORK) as gateway:
        check_equal(gateway.started["principal"], principal, "the principal after a restart")
        check_equal(gateway.events[0]["event"], "started", "nothing is made anew")
    with Gateway(folder, *NETWORK, identity="other.pem") as gateway:
        check(gateway.started["principal"] != principal, "another file is another principal")

    # The same default in the working directory.
    for mode in 0o640, 0o604, 0o660:
        os.chmod(key, mode)
        done = run_gateway(folder, "--identity", key, *NETWORK)
        check_equal(done.returncode, 1, f"mode {mode:o}")
        check(f"chmod 600 '{key}'" in done.stderr.decode(), "names the command that mends it")
    os.chmod(key, 0o600)
    with open(key, "rb") as file:
        check_equal(file.read(), first, "the file is as it was")

    with open(key, "r+b") as file:
        file.truncate(60)
    done = run_gateway(folder, "--identity", key, *NETWORK)
    check_equal(done.returncode, 1, "a file that is cut off")
    check_equal(os.stat(key).st_size, 60, "is left alone")
    done = run_gateway(folder, "--identity", os.path.join(folder, "absent", "key.pem"), *NETWORK)
    check_equal(done.returncode, 1, "a folder that is not there")
    check(b"absent/key.pem" in done.stderr, "names the file")
