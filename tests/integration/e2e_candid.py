#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""icws candid, without a network.

What goes in comes out again. Wrong values, messages and interfaces end with 1 and are said with the
place: a line, a column and a caret for text, a byte for messages.
"""

import json
import os
import shutil
import subprocess
import tempfile

from support import OWN_VECTORS, SHARED_VECTORS, check, check_equal, program, run, skip

# Bytes that @dfinity/candid makes of record { text = "hi"; timestamp = 1 : nat64 }.
MESSAGE = "4449444c016c02ad99e7e70471d6a9bbae0a7801000268690100000000000000"
DID = """// An application.
type Kind = variant { ask; answer : text };
type Message = record { text : text; timestamp : nat64; kind : opt Kind };
service : {
  ws_message : (record {}, opt Message) -> ();
  add : (nat, nat8) -> (nat) query;
}
"""


def candid(*words, stdin=b""):
    return run("icws", "candid", *words, stdin=stdin)


def prints(expected, *words, stdin=b""):
    done = candid(*words, stdin=stdin)
    check_equal((done.returncode, done.stdout.decode(), done.stderr), (0, expected + "\n", b""), " ".join(words))


def fails(expected, *words, stdin=b""):
    done = candid(*words, stdin=stdin)
    check_equal((done.returncode, done.stdout), (1, b""), " ".join(words))
    check_equal(done.stderr.decode(), expected, "and says why")


def check_values(did, folder):
    prints('(record { 1291439277 = "hi"; 2781795542 = 1 : nat64 })', "decode", MESSAGE)
    prints('(record { text = "hi"; timestamp = 1 : nat64 })',
           "decode", "--types", "(record { text : text; timestamp : nat64 })", MESSAGE.upper())  # fmt: skip
    prints('(record { kind = null; text = "hi"; timestamp = 1 : nat64 })', "decode", "--candid", did, MESSAGE)
    prints('(record { kind = null; text = "hi"; timestamp = 1 : nat64 })',
           "decode", "--candid", did, "--types", "(Message)", "-", stdin=bytes.fromhex(MESSAGE))  # fmt: skip
    binary = os.path.join(folder, "message.bin")
    with open(binary, "wb") as file:
        file.write(bytes.fromhex(MESSAGE))
    prints('(record { 1291439277 = "hi"; 2781795542 = 1 : nat64 })', "decode", binary)

    prints(MESSAGE, "encode", '(record { text = "hi"; timestamp = 1 : nat64 })')
    prints(MESSAGE, "encode", "-", stdin=b'(record { timestamp = 1 : nat64; text = "hi" })\n')
    prints("4449444c00027d7b0102", "encode", "--candid", did, "--method", "add", "(1, 2)")
    prints("(1 : nat, 2 : nat8)", "decode", "--candid", did, "--method", "add", "4449444c00027d7b0102")
    prints("(7 : nat)", "decode", "--candid", did, "--method", "add", "--results", "4449444c00017d07")
    prints("4449444c00017d07", "encode", "--candid", did, "--method", "add", "--results", "(7)")
    # A file gives its types to annotations, and to decode the application's messages.
    application = '(record { kind = null; text = "hi"; timestamp = 1 : nat64 })'
    encoded = candid("encode", "--candid", did, '(record { text = "hi"; timestamp = 1 } : Message)').stdout.decode().strip()
    prints(application, "decode", "--candid", did, encoded)
    prints(encoded, "encode", "--candid", did, "--types", "(Message)", application)
    prints("4449444c00027c7101" "0178", "encode", "--candid", did, '(1, "x")')
    prints("()", "decode", " 4449 444c\n00 00 ")
    prints("4449444c00017c01", "encode", "(1)")
    prints("4449444c0000", "encode", "()")


def check_wrong_values(did, folder):
    fails(
        "icws candid encode: the value: line 1, column 5: expected nat8, found 256\n  (1, 256)\n      ^\n",
        "encode", "--candid", did, "--method", "add", "(1, 256)",
    )  # fmt: skip
    fails(
        "icws candid decode: argument 1, field text: expected nat, found text (at byte 21 of 32)\n",
        "decode", "--types", "(record { text : nat })", MESSAGE,
    )  # fmt: skip
    fails("icws candid decode: bytes are left over after the last argument (at byte 32 of 33)\n",
          "decode", MESSAGE + "00")  # fmt: skip
    fails("icws candid decode: the message does not start with DIDL (at byte 0 of 0)\n", "decode", "-")
    fails("icws candid decode: standard input: an odd number of hex digits\n", "decode", "-", stdin=b"444")
    fails(
        "icws candid check: standard input: line 1, column 6: expected the name of a type, found the number 5\n"
        "  type 5\n       ^\n",
        "check", "-", stdin=b"type 5",
    )  # fmt: skip
    fails("icws candid decode: /dev/zero: it is too large\n", "decode", "/dev/zero")
    fails(
        "icws candid encode: the value: line 1, column 2: expected Message, found 1\n  (1)\n   ^\n",
        "encode", "--candid", did, "--types", "(Message)", "(1)",
    )  # fmt: skip
    fails(
        f"icws candid encode: {did}: there is no method 'ad'; did you mean: add\n",
        "encode", "--candid", did, "--method", "ad", "()",
    )  # fmt: skip
    fails(
        f"icws candid encode: {did}: there is no method 'nothing'; there are: add, ws_message\n",
        "encode", "--candid", did, "--method", "nothing", "()",
    )  # fmt: skip
    plain = os.path.join(folder, "plain.did")
    with open(plain, "w", encoding="utf-8") as file:
        file.write("service : {}")
    fails(
        f"icws candid decode: {plain}: the service has no method ws_message; "
        "--types or --method says what the values are\n",
        "decode", "--candid", plain, MESSAGE,
    )  # fmt: skip
    fails(
        'icws candid encode: the value: line 1, column 11: unexpected case "\\u{e9}"; the type has: "\\u{65e5}"\n'
        '  (variant {"é"})\n            ^\n',
        "encode", "--types", '(variant {"日"})', '(variant {"é"})',
    )  # fmt: skip
    fails("icws candid decode: no/such/file: No such file or directory\n", "decode", "no/such/file")
    done = candid("encode", "(record { text = }")
    check_equal(done.returncode, 1, "a value that is none")
    check(b"line 1, column 18" in done.stderr and done.stderr.endswith(b"                   ^\n"), "with a caret")


def check_command_line():
    for words in (("--help",), ("-h",)):
        done = candid(*words)
        check_equal((done.returncode, done.stderr), (0, b""), f"icws candid {words[0]}")
        check(b"candid decode" in done.stdout, "lists the commands")
    done = candid("decode", "")
    check_equal((done.returncode, done.stdout), (2, b""), "an operand that is nothing")
    check(done.stderr.startswith(b"icws candid decode: a message is missing\n"), "is missing")
    done = candid("decode", "--results", MESSAGE)
    check_equal((done.returncode, done.stdout), (2, b""), "results of no method")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [program("icws"), "candid", "decode", MESSAGE], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    check_equal(
        (done.returncode, done.stderr),
        (1, b"icws candid decode: cannot write to standard output: No space left on device\n"),
        "no room for the output",
    )


def check_interfaces(did, folder):
    check_equal(candid("check", did).returncode, 0, "check")
    for name, text, reason in (
        ("broken", "type A = record { a nat };", "line 1, column 21: expected ';' or '}', found the name nat"),
        ("twice", "type A = nat;\ntype A = int;", "line 2, column 6: "),
        ("unknown", "service : { f : (B) -> () }", "line 1, column 18: "),
        ("cycle", "type A = B;\ntype B = A;", "line 1, column 6: "),
        ("import", 'import "x.did";', "line 1, column 8: "),
        ("dash", 'import "-";', "line 1, column 8: cannot import -: "),
    ):
        path = os.path.join(folder, name + ".did")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = candid("check", path)
        check_equal((done.returncode, done.stdout), (1, b""), name)
        check(f"{path}: {reason}" in done.stderr.decode(), f"{name}: {done.stderr.decode()}")

    newer = os.path.join(folder, "newer.did")
    with open(newer, "w", encoding="utf-8") as file:
        file.write(DID.replace("add : (nat, nat8)", "more : () -> ();\n  add : (int, opt nat8)"))
    check_equal(candid("subtype", newer, did).returncode, 0, "a service with a method more, and wider arguments")
    fails("icws candid subtype: method more: the method is missing\n", "subtype", did, newer)

    outer = os.path.join(folder, "outer.did")
    with open(outer, "w", encoding="utf-8") as file:
        file.write('import "app.did";\nservice : { say : (Message) -> () }')
    check_equal(candid("check", outer).returncode, 0, "an import is found beside the file")
    inner = os.path.join(folder, "inner")
    os.mkdir(inner)
    with open(os.path.join(inner, "middle.did"), "w", encoding="utf-8") as file:
        file.write('import "types.did"; import "../app.did"; type Two = vec One;')
    with open(os.path.join(inner, "types.did"), "w", encoding="utf-8") as file:
        file.write("type One = nat8;")
    with open(outer, "w", encoding="utf-8") as file:
        file.write('import "inner/middle.did"; import "app.did"; service : { say : (Two) -> (Message) }')
    prints("4449444c016d7b01000101", "encode", "--candid", outer, "--method", "say", "(vec { 1 })")


def bind(folder, *words):
    return subprocess.run([program("icws"), "candid", "bind", *words], cwd=folder, capture_output=True, timeout=60)


def check_bind(did, folder):
    done = bind(folder, did)
    check_equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), "bind")
    with open(os.path.join(folder, "app.h"), encoding="utf-8") as file:
        check("struct app_message {" in file.read(), "makes a header")
    with open(os.path.join(folder, "app.c"), encoding="utf-8") as file:
        check('#include "app.h"' in file.read(), "and a source")
    check_equal(bind(folder, "--prefix", "other", did).returncode, 0, "bind with a prefix")
    check(os.path.exists(os.path.join(folder, "other.c")), "names the files after it")
    check_equal(bind(folder, did).returncode, 0, "again")
    own = os.path.join(folder, "own.c")
    with open(own, "w", encoding="utf-8") as file:
        file.write("int main(void) { return 0; }\n")
    done = bind(folder, "--prefix", "own", did)
    check_equal(
        (done.returncode, done.stderr),
        (1, b"icws candid bind: own.c is there and was not made by icws candid bind; --prefix gives another name\n"),
        "a file of somebody else",
    )
    with open(own, encoding="utf-8") as file:
        check_equal(file.read(), "int main(void) { return 0; }\n", "stays")
    check(not os.path.exists(os.path.join(folder, "own.h")), "and nothing is made beside it")
    done = bind(folder, "--prefix", "9", did)
    check_equal(done.returncode, 1, "a prefix that is none")
    check(done.stderr.startswith(b"icws candid bind: '9' begins no names: --prefix takes"), "and says so")
    dotted = os.path.join(folder, "My.app.did")
    shutil.copy(did, dotted)
    check_equal(bind(folder, dotted).returncode, 0, "a name with a dot")
    check(os.path.exists(os.path.join(folder, "my_app.c")), "loses its last ending only")
    os.mkdir(os.path.join(folder, "taken.h"))
    done = bind(folder, "--prefix", "taken", did)
    check_equal((done.returncode, done.stderr), (1, b"icws candid bind: taken.h: Is a directory\n"), "no file to write")


def check_vectors():
    with open(os.path.join(OWN_VECTORS, "protocol_candid.json"), encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    did = os.path.join(SHARED_VECTORS, "..", "canister.did")
    if not os.path.exists(did):
        skip("icws candid decode: ../shared/canister.did missing")
    case = next(case for case in cases if case["kind"] == "ws_message_args" and case["expected"] == "valid")
    done = candid("decode", "--candid", did, "--method", "ws_message", case["hex"])
    check_equal(done.returncode, 0, "the arguments of ws_message")
    nonce = case["value"]["msg"]["client_key"]["client_nonce"]
    check(f"client_nonce = {nonce} : nat64" in done.stdout.decode(), "have the client's nonce")


with tempfile.TemporaryDirectory() as work:
    interface = os.path.join(work, "app.did")
    with open(interface, "w", encoding="utf-8") as written:
        written.write(DID)
    check_values(interface, work)
    check_wrong_values(interface, work)
    check_command_line()
    check_interfaces(interface, work)
    check_bind(interface, work)
    check_vectors()
