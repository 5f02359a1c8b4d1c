#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A canister that is not a room.

The canister pingpong greets and answers, and no message of it names a sender.
"""

from support import Devnet, Terminal, check_equal

with Devnet() as devnet:
    chat = Terminal("icws-chat", *devnet.options_for("pingpong"))
    chat.expect("canister: ping")
    chat.send("hello\r")
    chat.expect("canister: hello ping")
    chat.send("/quit\r")
    check_equal(chat.end(), 0, "exit status")
