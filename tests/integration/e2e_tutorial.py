#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/tutorial.md does what it says: its commands are run, in its order, and print what stands there.

Blocks marked `console` are run by a shell; `background` ones until the page's end, `terminal` ones with
the lines behind "> " typed, `node` ones where the npm packages are installed. The page's ports are
those that a reader gets; here the programs choose free ones.
"""

import os
import re
import shlex
import signal
import subprocess
import tempfile
import time

from interop import WEBSOCKET_JS
from support import BIN, PATIENCE, ROOT, Terminal, check, check_equal, read_until, say

PAGE = os.path.join(ROOT, "docs", "tutorial.md")
CHOSEN = {
    "--network-port 4943": "",
    "--gateway-port 8000": "",
    "127.0.0.1:8080": "127.0.0.1:0",
    "127.0.0.1:9090": "127.0.0.1:0",
}
PORTS = ("4943", "8000", "8080", "9090")
found = {}  # the port that stands for one of the page


def blocks():
    """The kind of each block of commands, and its lines."""
    with open(PAGE, encoding="utf-8") as page:
        for kind, text in re.findall(r"^```console ?(\w*)\n(.*?)^```$", page.read(), re.MULTILINE | re.DOTALL):
            yield kind, text.splitlines()


def commands(lines):
    """The commands of a block, each with the lines that stand below it."""
    found_commands = []
    for line in lines:
        if line.startswith("$ "):
            found_commands.append((line[2:], []))
        else:
            found_commands[-1][1].append(line)
    return found_commands


def here(command):
    """The command with the ports of this run. For another port than 4943, "local" is a URL and what it implies."""
    for port, own in found.items():
        command = re.sub(rf":{port}\b", f":{own}", command)
    trust = "" if "icws status" in command else " -k fetch"
    return command.replace("-n local", f"-n http://127.0.0.1:{found.get('4943')}{trust}")


def pattern(lines):
    """What matches the lines; a port that is not known yet is a group."""
    text = "".join(re.escape(line).replace("…", "[^\n]*") + "\n" for line in lines)
    for port in PORTS:
        text = re.sub(rf"\b{port}\b", found.get(port, rf"(?P<p{port}>\\d+)"), text, count=1)
        text = re.sub(rf"\b{port}\b", found.get(port, rf"(?P=p{port})"), text)
    return re.compile(text)


def run_command(folder, command, lines):
    done = subprocess.run(
        ["sh", "-c", here(command)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
    )
    text = done.stdout.decode()
    check(pattern(lines).fullmatch(text), f"$ {command}\n{text}")


def start(folder, command, lines, running):
    """Starts a program that runs on; returns when it has said what the page shows."""
    for words, free in CHOSEN.items():
        command = command.replace(words, free)
    process = subprocess.Popen(
        shlex.split(here(command)),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    running.append(process)
    wanted = pattern(lines)
    deadline = time.monotonic() + PATIENCE
    text = read_until(process.stdout.fileno(), lambda said: wanted.match(said.decode()), deadline)
    ports = wanted.match(text.decode()).groupdict()
    found.update({name[1:]: port for name, port in ports.items()})
    say(f"ok: $ {command}")


def talk(command, lines):
    """A program at a terminal: what stands behind "> " is typed, the rest must be shown."""
    name, *arguments = shlex.split(command)
    terminal = Terminal(os.path.basename(name), *arguments, environment={"COLUMNS": "200"})
    for line in lines:
        if line.startswith("> "):
            terminal.send(line[2:] + "\r")
            continue
        for words in filter(None, line.split("…")):
            terminal.expect(words)
    check_equal(terminal.end(), 0, "its exit status")


def end(process):
    process.send_signal(signal.SIGINT)
    status = process.wait(PATIENCE)
    process.stdout.close()
    return status


def follow(folder, running):
    """The page from its beginning to its end; |running| gets what runs on."""
    for kind, lines in blocks():
        if kind == "node" and not os.path.isdir(os.path.join(WEBSOCKET_JS, "node_modules")):
            say("not run, since npm packages are missing (scripts/setup installs them): the block of node")
            continue
        for command, output in commands(lines):
            if kind == "background":
                start(folder, command, output, running)
            elif kind == "terminal":
                talk(command, output)
            else:
                run_command(folder, command, output)


with tempfile.TemporaryDirectory() as folder:
    os.symlink(os.path.dirname(BIN), os.path.join(folder, "build"))
    os.symlink(os.path.join(ROOT, "tests"), os.path.join(folder, "tests"))
    running = []
    try:
        follow(folder, running)
    finally:
        statuses = [end(process) for process in reversed(running)]
    check_equal(statuses, [0, 0], "what gateway and network end with after Ctrl-C")
