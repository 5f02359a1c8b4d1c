#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Named identities.

icws-chat makes the key file where there is none, mode 0600, and is the same principal ever after;
icws-tail does not make one. A second program with the same file is warned. A file that others can
read is refused with the command that mends it. An encrypted key asks for its passphrase on the
terminal, without echo; Ctrl-C there ends with 130 and gives the echo back.
"""

import os
import re
import shutil
import subprocess
import tempfile
import termios

from support import Background, Devnet, Terminal, check, check_equal, run, skip

PRINCIPAL = re.compile(rb"[a-z0-9]{5}(?:-[a-z0-9]{1,5}){10}")
PASSPHRASE = "correct horse"


def principal_of(path):
    return PRINCIPAL.search(run("icws", "key", "show", "--identity", path).stdout).group()


def encrypted_key(encrypted):
    der = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))
    subprocess.run(
        ["openssl", "pkcs8", "-topk8", "-inform", "DER", "-v2", "aes-256-cbc", "-passout", "pass:" + PASSPHRASE,
         "-out", encrypted],
        input=der, check=True,
    )  # fmt: skip
    os.chmod(encrypted, 0o600)


def echoes(terminal):
    return bool(termios.tcgetattr(terminal.fd)[3] & termios.ECHO)


with tempfile.TemporaryDirectory() as folder, Devnet() as devnet:
    options = devnet.options_for("chat")
    key = os.path.join(folder, "key.pem")

    done = run("icws-tail", *options, "--identity", key)
    check_equal(done.returncode, 1, "icws-tail with a key file that is not there")
    check(not os.path.exists(key), "icws-tail makes none")

    os.umask(0)
    done = run("icws-chat", *options, "--identity", key)
    check_equal(done.returncode, 0, "icws-chat with a key file that is not there")
    check_equal(oct(os.stat(key).st_mode & 0o777), oct(0o600), "mode of the new file")
    first = principal_of(key)
    check(first in done.stderr, "acts as the new key's principal")
    done = run("icws-chat", *options, "--identity", key)
    check(first in done.stderr, "is the same principal again")

    other = Background("icws-tail", *options, "--identity", key)
    other.wait_for_words(b"open: ")
    done = run("icws-chat", *options, "--identity", key)
    check(b"in use by another program" in done.stderr, "warns about a key in use")
    other.process.terminate()
    other.end()

    os.chmod(key, 0o640)
    for name in ("icws-chat", "icws-tail"):
        done = run(name, *options, "--identity", key)
        check_equal(done.returncode, 1, f"{name} with a key that others can read")
        check(f"chmod 600 '{key}'".encode() in done.stderr, f"{name} says what mends it")
    os.chmod(key, 0o600)

    if shutil.which("openssl") is None:
        skip("encrypted keys, for openssl is missing")
    encrypted = os.path.join(folder, "encrypted.pem")
    encrypted_key(encrypted)
    terminal = Terminal("icws", "key", "show", "--identity", encrypted)
    terminal.expect("Passphrase for ")
    check(not echoes(terminal), "the passphrase is not echoed")
    terminal.send(PASSPHRASE + "\n")
    terminal.expect("principal:")
    check_equal(terminal.end(), 0, "exit status with the passphrase")
    check(PASSPHRASE not in terminal.text, "the passphrase is not shown")

    terminal = Terminal("icws", "key", "show", "--identity", encrypted)
    terminal.expect("Passphrase for ")
    terminal.send("wrong\n")
    check_equal(terminal.end(), 1, "exit status with a wrong passphrase")

    terminal = Terminal("icws-tail", *options, "--identity", encrypted)
    terminal.expect("Passphrase for ")
    terminal.send("\x03")
    check_equal(terminal.end(), 130, "exit status after Ctrl-C")

