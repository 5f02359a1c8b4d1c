# SPDX-License-Identifier: Apache-2.0
"""What the tests of faults share: a gateway in front of a local network, and a line between them that
breaks."""

import json
import signal
import socket
import struct
import subprocess
import threading
from urllib.parse import urlsplit

import gateway_support
from support import Background, check


class Gateway(gateway_support.Gateway):
    """icws-gateway in front of a network."""

    def __init__(self, folder, network_url, *options):
        super().__init__(folder, "--ic-network-url", network_url, *options)

    def options_for(self, devnet, canister):
        """The options of a program that connects to one of the canisters through this gateway."""
        return [
            "-g", self.started["url"],
            "-c", devnet.ready["canisters"][canister],
            "-k", devnet.ready["root_key"],
        ]  # fmt: skip


class Reader(Background):
    """icws-tail, read line by line."""

    def __init__(self, options):
        super().__init__("icws-tail", *options, "-J", stdout=subprocess.PIPE)
        self.numbers = []

    def read(self, count):
        """Reads so many messages and keeps their numbers."""
        for _ in range(count):
            line = self.process.stdout.readline()
            check(line != b"", "the reader goes on")
            self.numbers.append(json.loads(line)["seq"])

    def end(self):
        status = super().end()
        self.process.stdout.close()
        return status

    def interrupt(self):
        self.process.send_signal(signal.SIGTERM)
        return self.end()


class Line:
    """A TCP proxy in front of a URL: the line to the network, which can be cut and mended."""

    def __init__(self, url):
        target = urlsplit(url)
        self.target = (target.hostname, target.port)
        self.port = 0
        self.sockets = []
        self.lock = threading.Lock()

    def __enter__(self):
        self.mend()
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        self.cut()

    def mend(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.__accept, args=(self.listener,), daemon=True).start()

    def cut(self):
        """Resets all connections; new ones are refused."""
        with self.lock:
            if self.listener.fileno() >= 0:
                self.listener.shutdown(socket.SHUT_RDWR)
                self.listener.close()
            for one in self.sockets:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # the other side was first
                one.close()
            self.sockets = []

    def __accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            with self.lock:
                if listener is not self.listener or listener.fileno() < 0:
                    near.close()
                    far.close()
                    return
                self.sockets += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self.__pump, args=pair, daemon=True).start()

    @staticmethod
    def __pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # cut
