#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values in icws-chat, at a terminal.

/send takes Candid and /json JSON, of the canister's message type; what does not fit is shown with the
place and a caret, and nothing is sent. Without an interface fields are shown by hashes, with one hint
how to name them; a line becomes text where that is what messages are.
"""

import os
import tempfile

from support import Devnet, Terminal, check, check_equal

DID = "service : { ws_message : (record {}, opt %s) -> () }"

with Devnet() as devnet, tempfile.TemporaryDirectory() as folder:
    options = devnet.options_for("echo")

    def interface(name, message_type):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(DID % message_type)
        return path

    # echo sends each message back as it came, whatever its type.
    chat = Terminal("icws-chat", *options, "--candid", interface("order.did", "record { item : nat8; note : opt text }"))
    chat.expect("open: you are ")
    chat.send('/send (record { item = 3; note = "soon" })\r')
    chat.expect('canister: (record { item = 3 : nat8; note = opt "soon" })')
    chat.send('/json {"item": 4}\r')
    chat.expect("canister: (record { item = 4 : nat8; note = null })")
    chat.send("/send (record { item = 300 })\r")
    chat.expect("-- not sent: line 1, column 18: expected nat8, found 300")
    chat.expect("  (record { item = 300 })")
    chat.expect("                   ^")
    chat.send('/json {"itme": 4}\r')
    chat.expect("-- not sent: ")
    chat.expect("itme")
    for command in ("/send", "/json"):
        chat.send(f"{command}\r")
        chat.expect("-- not sent: a value is missing; /help shows how one is written")
    chat.send("a line\r")
    chat.expect("-- not sent: a line does not make a message of this canister; /send takes a value of record")
    chat.expect("> ")  # Ctrl-D counts at a prompt
    chat.send("\x04")
    check_equal(chat.end(), 0, "exit status")
    check("--candid FILE" not in chat.text, "no hint where names are known")

    chat = Terminal("icws-chat", *options, "--candid", interface("text.did", "text"))
    chat.expect("open: you are ")
    chat.send("only text\r")
    chat.expect("canister: only text")
    chat.send("\x04")
    check_equal(chat.end(), 0, "exit status")

    chat = Terminal("icws-chat", *options)
    chat.expect("open: you are ")
    chat.send("/send (record { item = 3 : nat8 })\r")
    chat.expect("canister: (record { 1170195731 = 3 : nat8 })")
    chat.expect("--candid FILE")
    chat.send("/json 5\r")
    chat.expect("-- not sent: JSON does not say what types it is of")
    chat.expect("> ")
    chat.send("\x04")
    check_equal(chat.end(), 0, "exit status")

    chat = Terminal("icws-chat", *options, "--candid", interface("none.did", "nat").replace("none.did", "missing.did"))
    chat.expect("missing.did: No such file or directory")
    check_equal(chat.end(), 1, "exit status without the file")
