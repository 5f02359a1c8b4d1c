# SPDX-License-Identifier: Apache-2.0
"""What the tests of icws-gateway share: the program with its log, WebSocket clients, certificates."""

import base64
import json
import os
import select
import signal
import socket
import ssl
import struct
import subprocess
import time
import urllib.error
import urllib.request

from support import PATIENCE, check, check_equal, program, say, sys

# Nobody listens there: the discard port.
UNREACHABLE = "http://127.0.0.1:9"


class Gateway:
    """icws-gateway with its log in JSON, from `with` until the end of its block."""

    def __init__(self, folder, *options, identity="gateway.pem", environment=None):
        self.arguments = [
            "--gateway-address", "127.0.0.1:0",
            "--identity", os.path.join(folder, identity),
            "--log-format", "json",
            *options,
        ]  # fmt: skip
        self.environment = environment
        self.events = []
        self.text = b""
        self.status = 0  # what it ends with
        self.told_to_end = False  # a second signal would end it at once

    def __enter__(self):
        self.process = subprocess.Popen(
            [program("icws-gateway"), *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )
        self.started = self.wait_for("started")
        self.port = int(self.started["url"].rsplit(":", 1)[1])
        return self

    def __exit__(self, exception, *_):
        if not self.told_to_end:
            self.terminate()
        status = self.process.wait(PATIENCE)
        self.read_rest()
        if exception is None:
            check_equal(status, self.status, "the gateway's exit status")

    def read_line(self):
        """The next event; None at the end.  Every line is an object of strings."""
        fd = self.process.stderr.fileno()
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self.text:
            if not select.select([fd], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(self.events)
            piece = os.read(fd, 65536)
            if not piece:
                check(not self.text, "the log ends with a whole line")
                return None
            self.text += piece
        line, self.text = self.text.split(b"\n", 1)
        event = json.loads(line)
        for key, value in event.items():
            if not isinstance(value, str):
                raise TypeError(line)
        self.events.append(event)
        return event

    def wait_for(self, name):
        while True:
            event = self.read_line()
            if event is None:
                say(f"FAILED: no event {name!r} but {self.events!r}")
                sys.exit(1)
            if event["event"] == name:
                return event

    def read_rest(self):
        while self.read_line() is not None:
            pass
        check(self.process.stdout.read() == b"", "nothing on standard output")
        self.process.stdout.close()
        self.process.stderr.close()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def terminate(self, number=signal.SIGTERM):
        self.told_to_end = True
        self.process.send_signal(number)

    def end(self, number):
        """Sends a signal and gives the exit status."""
        self.terminate(number)
        return self.process.wait(PATIENCE)

    def get(self, path, method="GET"):
        """A request to the metrics endpoint: status, headers and body."""
        request = urllib.request.Request(f"http://{self.started['metrics']}{path}", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def metrics(self):
        """All samples by their series."""
        text = self.get("/metrics")[2]
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        return {series: float(value) for series, value in (line.rsplit(" ", 1) for line in lines)}


def wait_until(condition):
    """Asks again and again: for what no event tells."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.02)


def run_gateway(folder, *options, stdin=b""):
    """The program, to its end; for what makes it end by itself."""
    return subprocess.run(
        [program("icws-gateway"), *options],
        cwd=folder,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
    )


class WebSocket:
    """A client of few words (RFC 6455): upgrades, and reads frames."""

    def __init__(self, port, tls=None, headers=()):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        lines = [
            "GET / HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + base64.b64encode(bytes(16)).decode(),
            *headers,
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            self.receive()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ", 2)[1])

    def receive(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError(self.data)
        self.data += piece

    def frame(self):
        """The next frame: opcode and payload.  None of the gateway's is fragmented."""
        while len(self.data) < 2 or len(self.data) < self.frame_end():
            self.receive()
        end = self.frame_end()
        opcode, payload = self.data[0] & 15, self.data[self.frame_start() : end]
        self.data = self.data[end:]
        return opcode, payload

    def frame_start(self):
        return {126: 4, 127: 10}.get(self.data[1], 2)

    def frame_end(self):
        start = self.frame_start()
        if len(self.data) < start:
            return start
        return start + int.from_bytes(self.data[2:start], "big") if start > 2 else start + self.data[1]

    def close_code(self):
        """Reads until the close frame, answers it, and gives its code."""
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                self.socket.sendall(b"\x88\x82\0\0\0\0" + payload[:2])
                return struct.unpack(">H", payload[:2])[0]

    def certificate(self):
        return self.socket.getpeercert(binary_form=True)

    def close(self):
        self.socket.close()


class Certificate:
    """A certificate for localhost that signs itself, as two files that can be replaced."""

    def __init__(self, folder, name="tls"):
        self.certificate = os.path.join(folder, f"{name}-certificate.pem")
        self.key = os.path.join(folder, f"{name}-key.pem")

    def make(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", self.key, "-out", self.certificate],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self

    def options(self):
        return ["--tls-certificate-pem-path", self.certificate, "--tls-certificate-key-pem-path", self.key]

    def context(self):
        """Of a client that trusts this certificate as it is now."""
        return ssl.create_default_context(cafile=self.certificate)

    def der(self):
        with open(self.certificate, encoding="ascii") as file:
            return ssl.PEM_cert_to_DER_cert(file.read())
