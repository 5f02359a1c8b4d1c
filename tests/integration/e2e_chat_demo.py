#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo.

`icws-chat --demo` brings its local network: a typed line comes back certified, Ctrl-C reaches the
chat alone, and when the chat ends nothing listens at the gateway's address any more.
"""

import re
import socket

from support import Terminal, check, check_equal

chat = Terminal("icws-chat", "--demo")
chat.expect("join from another terminal with:")
chat.expect("open: you are ")
address = re.search(r"ws://([0-9.]+):([0-9]+)", chat.text)
chat.send("dropped")
chat.expect("dropped")
chat.send("\x03")
chat.expect("^C")
chat.send("\x03")
chat.expect("-- Ctrl-D ends; /help for help")
chat.send("kept\r")
chat.expect("you: kept")
chat.send("\x04")
check_equal(chat.end(), 0, "exit status")
try:
    socket.create_connection((address.group(1), int(address.group(2))), 5).close()
    check(False, "the local network has gone")
except ConnectionRefusedError:
    check(True, "the local network has gone")
