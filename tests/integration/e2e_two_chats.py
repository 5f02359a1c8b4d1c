#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two people talk.

Two icws-chat on two terminals join the room of one local network. What one types comes back to both,
certified; UTF-8 arrives whole and control characters arrive escaped. A message appears above the
line that is being typed. The commands answer, Ctrl-C drops a line, Ctrl-Z stops, Ctrl-D and /quit
end with 0.
"""

import signal
import time

from support import Devnet, Terminal, check_equal

with Devnet() as devnet:
    anna = Terminal("icws-chat", *devnet.options_for("chat"))
    anna.expect("open: you are ")
    anna.expect("joined")
    bert = Terminal("icws-chat", *devnet.options_for("chat"))
    bert.expect("open: you are ")
    anna.expect("joined")

    anna.send("good morning\r")
    anna.expect("you: good morning")
    bert.expect(": good morning")
    bert.send("gr\u00fc\u00df dich, \u2603\r")
    bert.expect("you: gr\u00fc\u00df dich, \u2603")
    anna.expect(": gr\u00fc\u00df dich, \u2603")

    # Ctrl-V takes the next key as it is.
    bert.send("red \x16\x1b[31m alarm \u202e\r")
    anna.expect(": red \\x1b[31m alarm \\u{202e}")

    anna.send("half a sent")
    anna.expect("half a sent")
    bert.send("in between\r")
    anna.expect(": in between")
    anna.expect("> half a sent")
    anna.send("ence\r")
    anna.expect("you: half a sentence")

    # Keys that make a signal throw away what has been typed and not been read yet.
    anna.send("never sent")
    anna.expect("never sent")
    anna.send("\x03")
    anna.expect("^C")
    anna.send("after it\r")
    anna.expect("you: after it")

    anna.send("before the stop")
    anna.expect("before the stop")
    anna.send("\x1a")
    time.sleep(0.5)
    anna.kill(signal.SIGCONT)
    anna.expect("> before the stop")
    anna.send("\r")
    anna.expect("you: before the stop")

    anna.send("/help\r")
    anna.expect("/whoami")
    anna.send("/whoami\r")
    anna.expect("a fresh key")
    anna.send("/status\r")
    anna.expect("open: ")
    anna.expect("4 sent, 0 waiting")
    anna.send("/nonsense\r")
    anna.expect("no such command")
    anna.send("//shrug\r")
    anna.expect("you: /shrug")

    bert.send("/quit\r")
    check_equal(bert.end(), 0, "exit status after /quit")
    anna.expect("left")
    anna.send("\x04")
    check_equal(anna.end(), 0, "exit status after Ctrl-D")
    check_equal("never sent" in anna.text.split("^C")[1], False, "the dropped line came back")
