#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws-devnet from outside: what it prints, how it ends, what it refuses."""

import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from support import PATIENCE, Devnet, check, check_equal, program, read_until, run

SEED = "07" * 32
IDS = {
    "chat": "bnz7o-iuaaa-aaaaa-qaaaa-cai",
    "pingpong": "bkyz2-fmaaa-aaaaa-qaaaq-cai",
    "ticker": "bd3sg-teaaa-aaaaa-qaaba-cai",
    "echo": "be2us-64aaa-aaaaa-qaabq-cai",
}

# One line of JSON, and the same keys from the same seed.
with Devnet("--seed", SEED) as devnet:
    first = devnet.ready
check_equal(devnet.process.returncode, 0, "ends with its parent")
check_equal(sorted(first), ["canisters", "gateway_url", "interfaces", "network_url", "root_key"], "members")
check_equal(first["canisters"], IDS, "canisters")
check(first["network_url"].startswith("http://127.0.0.1:"), "network_url")
check_equal(list(first["interfaces"]), list(IDS), "interfaces")
for name, text in first["interfaces"].items():
    done = run("icws", "candid", "check", "-", stdin=text.encode())
    check_equal((done.returncode, done.stderr), (0, b""), f"the interface of {name}")
check_equal(len(bytes.fromhex(first["root_key"])), 133, "bytes of the root key")
with Devnet("--seed", SEED) as devnet:
    check_equal(devnet.ready["root_key"], first["root_key"], "root key of the same seed")
with Devnet() as devnet:
    check(devnet.ready["root_key"] != first["root_key"], "a network without a seed has keys of its own")

# Words for people, a port of their choice, and the end by either signal.
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        network_port = other.getsockname()[1]
for number in signal.SIGINT, signal.SIGTERM:
    process = subprocess.Popen(
        [program("icws-devnet"), "--gateway-port", str(port), "--network-port", str(network_port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    words = read_until(
        process.stdout.fileno(), lambda text: b"icws-chat -g" in text and text.endswith(b"\n"), time.monotonic() + PATIENCE
    ).decode()
    check(f"icws-chat -g ws://127.0.0.1:{port} -c {IDS['chat']} -n http://127.0.0.1:" in words, "a command to chat with")
    check("development only" in words, "says what it is for")
    check(f"network   http://127.0.0.1:{network_port}\n" in words, "the HTTP API")
    busy = run("icws-devnet", "--network-port", str(network_port))
    check_equal(busy.returncode, 1, "a port that is taken")
    check(str(network_port) in busy.stderr.decode(), "names that port")
    busy = run("icws-devnet", "--gateway-port", str(port))
    check_equal(busy.returncode, 1, "a port that is taken")
    check(str(port) in busy.stderr.decode(), "names that port")
    process.send_signal(number)
    check_equal(process.wait(PATIENCE), 0, f"ends by {number.name}")
    process.stdout.close()

# Keys and ids outlive the program where they are kept, for its owner only.
with tempfile.TemporaryDirectory() as parent:
    folder = Path(parent, "network")
    with Devnet("--state", folder) as devnet:
        kept = devnet.ready
        busy = run("icws-devnet", "--state", folder)
        check_equal(busy.returncode, 1, "a folder that is in use")
        check(b"another program uses" in busy.stderr, "says so")
    check_equal(kept["canisters"], IDS, "canisters of a new folder")
    check_equal(folder.stat().st_mode & 0o777, 0o700, "mode of the folder")
    check_equal((folder / "seed").stat().st_mode & 0o777, 0o600, "mode of the seed")
    with Devnet("--state", folder) as devnet:
        again = devnet.ready
    check_equal(again["root_key"], kept["root_key"], "root key after a restart")
    check_equal(again["canisters"], kept["canisters"], "canister ids after a restart")

    # Ids that are written there are the ones that are used; words that are not known are passed over.
    swapped = {**IDS, "chat": IDS["echo"], "echo": IDS["chat"]}
    (folder / "canisters").write_text("".join(f"{name} {text}\n" for name, text in {**swapped, "other": "aaaaa-aa"}.items()))
    with Devnet("--state", folder) as devnet:
        check_equal(devnet.ready["canisters"], swapped, "ids as they are written")
    for text in "", f"chat {IDS['chat']}\n", "chat", "chat aaaaa-ab\n", "chat aaaaa-aa\n", f"chat {IDS['echo']}\necho {IDS['echo']}\n":
        (folder / "canisters").write_text(text)
        damaged = run("icws-devnet", "--state", folder)
        check_equal(damaged.returncode, 1, f"a file of canisters with {text!r}")
        if text in ("", f"chat {IDS['chat']}\n"):
            check(b" for new ids" in damaged.stderr, "says what is missing, and what to do")
    (folder / "canisters").unlink()

    for mode, path, mend in ((0o750, folder, "700"), (0o640, folder / "seed", "600")):
        before = path.stat().st_mode & 0o777
        path.chmod(mode)
        open_to_others = run("icws-devnet", "--state", folder)
        check_equal(open_to_others.returncode, 1, f"{path.name} with mode {mode:o}")
        check(f"chmod {mend} '{path}'" in open_to_others.stderr.decode(), "the command that mends it")
        path.chmod(before)
    for text in "", SEED, SEED[2:] + "\n", "x" * 64 + "\n", SEED + "\n\n":
        (folder / "seed").write_text(text)
        damaged = run("icws-devnet", "--state", folder)
        check_equal(damaged.returncode, 1, f"a seed file with {text!r}")
        check(b"holds no seed" in damaged.stderr, "says so")
    (folder / "seed").write_text(SEED + "\n")
    with Devnet("--state", folder) as devnet:
        check_equal(devnet.ready["root_key"], first["root_key"], "the seed is the one of --seed")

# The gateway may work over HTTP, as it would at a real network.
for way in "http", "process":
    with Devnet("--gateway-over", way) as devnet:
        echo = subprocess.run(
            [program("icws-tail"), *devnet.options_for("ticker"), "--count", "1"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        check_equal(echo.returncode, 0, f"a message through a gateway over {way}")
        check(echo.stdout != b"", "which was printed")

# What is wrong on the command line is said there, and nothing starts.
for arguments in (
    ["--gateway-port", "65536"],
    ["--gateway-port", "x"],
    ["--network-port", "65536"],
    ["--gateway-over", "pigeon"],
    ["--state", "x", "--seed", SEED],
    ["--round-ms", "0"],
    ["--round-ms", "4294967296"],
    ["--ack-interval-ms", "1000", "--keep-alive-ms", "1000"],
    ["--seed", SEED[1:]],
    ["--seed", SEED[2:]],
    ["--seed", SEED + "07"],
    ["--seed", "0x" + SEED[2:]],
    ["--unknown"],
    ["operand"],
):
    result = run("icws-devnet", *arguments)
    check_equal(result.returncode, 2, " ".join(arguments))
    check_equal(result.stdout, b"", "stdout")
    check(result.stderr.startswith(b"icws-devnet: "), "a complaint")
closed = subprocess.run(
    [program("icws-devnet"), "--exit-with-parent"], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE
)
check_equal(closed.returncode, 2, "--exit-with-parent without a pipe")

# Output that nobody takes is an error, not a network that nobody knows.
with open("/dev/full", "w") as full:
    process = subprocess.run(
        [program("icws-devnet"), "--json"], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE
    )
check_equal(process.returncode, 1, "a full disk")
check(b"No space left" in process.stderr, "says so")

# --help names every option.
text = run("icws-devnet", "--help").stdout.decode()
for option in "gateway-port network-port gateway-over round-ms ack-interval-ms keep-alive-ms ticker-ms state seed json exit-with-parent verbose".split():
    check(f"--{option}" in text, f"--help has --{option}")
