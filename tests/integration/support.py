# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: the programs, a local network, a terminal."""

import http.client
import http.server
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BIN = os.environ.get("ICWS_BIN_DIR", os.path.join(ROOT, "build", "bin"))
SHARED_VECTORS = os.path.join(ROOT, "..", "shared", "vectors")
OWN_VECTORS = os.path.join(ROOT, "tests", "vectors")
PATIENCE = 60  # seconds until a test gives up on something that should come at once


def program(name):
    return os.path.join(BIN, name)


def say(text):
    print(text, flush=True)


def check(condition, what):
    if not condition:
        say(f"FAILED: {what}")
        sys.exit(1)
    say(f"ok: {what}")


def check_equal(got, wanted, what):
    check(got == wanted, f"{what}: {wanted!r}" if got == wanted else f"{what}: {wanted!r} expected, {got!r} got")


def skip(why):
    say(f"SKIPPED: {why}")
    sys.exit(77)


def run(name, *arguments, stdin=b"", environment=None):
    """Runs a program to its end."""
    return subprocess.run(
        [program(name), *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        env=environment,
    )


def read_until(fd, wanted, deadline):
    """Reads a descriptor until a line was there for which |wanted| is true."""
    text = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            raise TimeoutError(text)
        piece = os.read(fd, 65536)
        if not piece:
            raise EOFError(text)
        text += piece
        if wanted(text):
            return text


class Devnet:
    """icws-devnet, from `with` until the end of its block."""

    def __init__(self, *options):
        self.options = options
        self.status = 0  # what it ends with

    def __enter__(self):
        self.process = subprocess.Popen(
            [program("icws-devnet"), "--json", "--exit-with-parent", *self.options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        fd = self.process.stdout.fileno()
        line = read_until(fd, lambda text: text.endswith(b"\n"), time.monotonic() + PATIENCE)
        self.ready = json.loads(line)
        return self

    def __exit__(self, exception, *_):
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        if exception is None:
            check_equal(status, self.status, "the local network's exit status")

    def kill(self):
        """Ends it without a chance to do anything."""
        self.status = -signal.SIGKILL
        self.process.kill()
        self.process.wait(PATIENCE)

    def options_for(self, canister):
        """The options of a program that connects to one of the canisters."""
        return [
            "-g", self.ready["gateway_url"],
            "-c", self.ready["canisters"][canister],
            "-k", self.ready["root_key"],
        ]  # fmt: skip

    def network_options(self):
        """The options of a program that asks the network."""
        return ["-n", self.ready["network_url"], "-k", self.ready["root_key"]]

    def interface(self, canister):
        """The text that one of the canisters publishes."""
        path = f"/canister/{self.ready['canisters'][canister]}/metadata/candid:service"
        done = run("icws", "read-state", *self.network_options(), "-o", "raw", path)
        check_equal((done.returncode, done.stderr), (0, b""), f"reading the interface of {canister}")
        return done.stdout


class TamperingProxy:
    """What stands between a program and a network, and changes what it answers.

    |change| gets the path and the body of each answer and returns the body to pass on.
    """

    def __init__(self, network_url, change):
        address = network_url.removeprefix("http://")

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def relay(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                network = http.client.HTTPConnection(address, timeout=PATIENCE)
                network.request(self.command, self.path, body, {"Content-Type": "application/cbor"})
                answer = network.getresponse()
                content = change(self.path, answer.read())
                network.close()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.getheader("Content-Type"))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = relay

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Background:
    """A program that runs beside the test, with its standard error to look into."""

    def __init__(self, name, *arguments, **streams):
        self.process = subprocess.Popen(
            [program(name), *arguments], stderr=subprocess.PIPE, **{"stdin": subprocess.DEVNULL, **streams}
        )

    def wait_for_words(self, words):
        read_until(self.process.stderr.fileno(), lambda text: words in text, time.monotonic() + PATIENCE)

    def end(self):
        status = self.process.wait(PATIENCE)
        self.process.stderr.close()
        return status


ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])")


class Terminal:
    """A program on a pseudo terminal, 80 columns wide."""

    def __init__(self, name, *arguments, environment=None):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm", "COLUMNS": "80", "LINES": "24", "INPUTRC": "/dev/null"})
            os.environ.update(environment or {})
            os.execv(program(name), [program(name), *arguments])
        self.seen = 0

    def read(self, seconds):
        """Takes what the program writes within some time; false when there is nothing."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.fd, 65536)
        except OSError:  # the program has closed the terminal
            return False
        self.text += piece.decode("utf-8", "backslashreplace")
        return bool(piece)

    def expect(self, words):
        """Waits for |words| behind what was expected before."""
        deadline = time.monotonic() + PATIENCE
        while True:
            plain = ESCAPE_SEQUENCE.sub("", self.text)
            at = plain.find(words, self.seen)
            if at >= 0:
                self.seen = at + len(words)
                say(f"ok: the terminal shows {words!r}")
                return
            if time.monotonic() > deadline or (not self.read(1) and self.ended()):
                say(f"FAILED: the terminal does not show {words!r} but {plain[self.seen:]!r}")
                sys.exit(1)

    def ended(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return False
        self.status = status
        return True

    def send(self, text):
        os.write(self.fd, text.encode())

    def kill(self, number):
        os.kill(self.pid, number)

    def end(self):
        """Waits for the program's end; gives its exit status."""
        deadline = time.monotonic() + PATIENCE
        while not hasattr(self, "status") and not self.ended():
            self.read(0.1)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
        while self.read(0.1):
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(self.status)
