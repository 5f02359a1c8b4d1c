#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Makes the seeds of the fuzz targets hashtree, certificate, session, candid, candid_text,
# candid_value, message, response and http_api in corpus/<name>/ from the project's own vectors, tests/vectors/*.json,
# and from what is spelled out here.
import json
import pathlib
import re
import struct

here = pathlib.Path(__file__).parent

# Each of these is one message in one form of certificate.
CASES = {
    "signed by the root": "root",
    "subnet delegation, ranges: flat": "flat",
    "subnet delegation, ranges: sharded": "sharded",
    "delegation within a delegation": "nested",
    "certificate time beyond 64 bits": "time",
    "certificate tree with labels out of order": "order",
}

TREES = {
    "empty": "8100",
    "fork": "830181008100",
    "labels": "830183024161820341318302416282034132",
    "disorder": "830183024162820341318302416182034132",
    "pruned": "83018204582000" + "00" * 31 + "8302417a820340",
    "pruned_short": "8204581f" + "00" * 31,
    "deep": "83024161" * 128 + "820340",
    "too_deep": "83024161" * 129 + "820340",
}

# Messages with values of each kind, whole and broken, for the types that fuzz_candid_value.c expects.
VALUES = {
    "a_primitive_type_at_itself": "4449444c00047e717d7c01026869ac02ff7e",
    "fixed_ints_at_themselves": "4449444c00047776757480ffff000000800000000000000080",
    "floats_at_themselves": "4449444c000273720000c0bf182d4454fb210940",
    "nat_at_int": "4449444c00017dffffffffffffffffff01",
    "blob": "4449444c016d7b0100026869",
    "vec_of_vec": "4449444c026d016d7d010002010700",
    "vec_of_null_at_vec_of_opt": "4449444c016d7f010002",
    "opt_opt_at_opt_of_no_opt": "4449444c026e016e7d0100010107",
    "vec_at_opt_of_which_one_item_does_not_decode": "4449444c026d016b02617f627f0100020001",
    "opt_in_a_vec_each_for_itself": "4449444c036d016e026b02007d01710100030100070101017800",
    "a_field_that_is_not_expected": "4449444c016c03617d6271637e010007017801",
    "fields_that_are_missing": "4449444c016c01637d010007",
    "within_records_and_vecs": "4449444c036c0161016d026c01627101000201780179",
    "variant_by_its_case": "4449444c016b02617d627f01000007",
    "an_index_that_is_longer_than_needed": "4449444c016b02617f627f0100818000",
    "func_at_itself": "4449444c016a017d017101010100010103caffee03666f6f",
    "a_func_that_takes_itself": "4449444c016a01000000010001010000",
    "service_with_more_methods": "4449444c026902016101016d016a00000001000103caffee",
    "two_types_of_references_in_turn": "4449444c046d016c02000201036a017d00006a017c00000100020101000161010100016201010001610101000162",
    "a_future_type_in_an_opt_at_opt": "4449444c0267036162636e0002017e01050068656c6c6f01",
    "a_future_type_in_a_field_that_is_not_expected": "4449444c0267036162636c020000017d0101000007",
    "methods_that_are_not_in_order": "4449444c026902016e01016d016a00000001000100",
    "a_method_that_is_no_function": "4449444c026901016d016e7d01000100",
    "ids_that_do_not_increase": "4449444c016c02017d007d00",
    "a_value_of_empty": "4449444c016e6f010001",
    "principal_at_itself": "4449444c0001680103caffee",
    "list": "4449444c026e016c02007d010001000101010201808080808080808080800100",
    "tree": "4449444c026b029e87c0bd047c8294a8c804016d00010102007f010200000100",
    "nulls": "4449444c016d7f0100b0ea01",
    "doubling": "4449444c046c02000101016c02000201026c02000301036c000100",
    "deep": "4449444c016e000100" + "01" * 511 + "00",
    "holds_itself": "4449444c016c0100000100",
    "mismatches": "4449444c026c02000101716e0001010101010101000361626303616263036162630361626303616263",
    "self_service": "4449444c056902016d01016e036a01000102006e036a020304017d01016e7d02030001010101016d010102",
}


def decode(data, at=0):
    """One item of the CBOR that frames consist of, and where it ends."""
    kind, count = data[at] >> 5, data[at] & 31
    at += 1
    if count >= 24:
        size = 1 << (count - 24)
        count = int.from_bytes(data[at : at + size], "big")
        at += size
    if kind == 6:
        return decode(data, at)
    if kind in (2, 3):
        return data[at : at + count], at + count
    if kind != 5:
        raise ValueError("unexpected item")
    result = {}
    for _ in range(count):
        key, at = decode(data, at)
        result[key], at = decode(data, at)
    return result, at


def write(target, name, data):
    folder = here / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


# --- Sessions: the operations of fuzz_session.c ------------------------------------------------------

DEFAULTS = bytes([0, 0])  # limits, and that no allocation fails
EARLY, IN_TIME, TEXT = 1, 2, 4

HANDSHAKE = bytes([0])
REFUSE_TO_SIGN = bytes([9])
CLOSE = bytes([12])
DISCONNECT = bytes([13])


def frame(number, flags=IN_TIME):
    return bytes([1, number, flags])


def edited(number, position, change):
    return struct.pack(">BBBBHB", 2, number, IN_TIME, 1, position, change)


def spliced(key, content, cert, tree):
    return bytes([3, key, content, cert, tree])


def raw(data, flags=0):
    return struct.pack(">BBH", 4, flags, len(data)) + data


def send(length):
    return bytes([5, length])


def wait(exponent):
    return bytes([6, exponent])


def wall(seconds):
    return struct.pack(">Bh", 7, seconds)


def sign(length=64):
    return bytes([8, length // 4])


def events(count=9):
    return bytes([10, count])


def output(taken=True):
    return bytes([11, 0 if taken else 1])


PUMP = events() + sign() + events() + output() + events()
OPENING = DEFAULTS + HANDSHAKE + PUMP


def replay(first, case):
    """The session of a test vector, whose frames have the numbers from |first| on."""
    seed, sent = OPENING, 0
    for number, vector in enumerate(case["frames"], first):
        more = vector.get("client_sent", 0) - sent
        sent += more
        seed += (send(9) + PUMP) * more + frame(number) + PUMP
    return seed + events() + output()


def special_sessions(first):
    """Sessions that no vector has, around the one that starts with frame |first|."""
    opened = OPENING + frame(first) + PUMP
    return {
        "sent_before_open": DEFAULTS + send(1) + send(0) + HANDSHAKE + PUMP + frame(first) + PUMP * 3,
        "queue_full": bytes([96, 0]) + (send(100) + send(60)) * 2 + HANDSHAKE + PUMP,
        "signed_late": DEFAULTS + HANDSHAKE + events() + frame(first) + events() + sign() + output(),
        "never_signed": DEFAULTS + HANDSHAKE + events() + REFUSE_TO_SIGN + events() + output(),
        "closed_while_signing": DEFAULTS + HANDSHAKE + events() + CLOSE + sign() + PUMP,
        "closed_with_output": opened + send(5) + events() + sign() + output(False) + CLOSE + output() * 2,
        "closed_before_events": OPENING + frame(first) + CLOSE + events() + output(),
        "disconnected": opened + send(5) + DISCONNECT + PUMP + frame(first + 1),
        "early": opened + frame(first + 1) + frame(first + 2, IN_TIME | EARLY) + events() + frame(first + 2),
        "two_early": opened + frame(first + 1) + frame(first + 2, EARLY) * 3 + events(),
        "handshake_timeout": bytes([2, 0]) + wait(4) + PUMP,
        "open_timeout": bytes([4, 0]) + HANDSHAKE + PUMP + wait(4) + PUMP,
        "ack_timeout": bytes([1, 0]) + opened[2:] + send(5) + PUMP + wait(15) + PUMP,
        "stale": OPENING + wall(600) + frame(first, 0) + PUMP,
        "future": OPENING + wall(-600) + frame(first, 0) + PUMP,
        "text": OPENING + raw(b"hello", TEXT) + PUMP,
        "raw_handshake": DEFAULTS + raw(bytes.fromhex("a171676174657761795f7072696e636970616c4104")) + PUMP,
        "raw_frame": OPENING + raw(bytes.fromhex("a4636b65796063" + "636572744064747265654067636f6e74656e7440")) + PUMP,
        "frame_too_long": bytes([8, 0]) + HANDSHAKE + PUMP + frame(first + 4) + PUMP,
        "message_too_long": bytes([16, 0]) + HANDSHAKE + send(101) + send(100) + PUMP,
        "spliced": OPENING + spliced(*[first] * 4) + PUMP + spliced(*[first + 1] * 4) + PUMP,
        "content_of_another": OPENING + frame(first) + PUMP + spliced(first + 1, first + 2, first + 1, first + 1) + PUMP,
        "no_memory_for_certificate": bytes([0, 8]) + OPENING[2:] + frame(first) + PUMP,
        "no_memory_for_message": bytes([0, 2]) + send(50) + OPENING[2:] + frame(first) + PUMP,
        **{f"edited_{at}": OPENING + edited(first, at, 1) + PUMP for at in (6, 60, 130, 500, 960)},
    }


def write_sessions(cases):
    """All cases; but of those that fail one of the verifier's checks, the first."""
    first, seen = 0, set()
    for case in cases:
        failed = case["failed_check"]
        if failed not in ("1", "2", "3", "content") or failed not in seen:
            slug = re.sub("[^a-z0-9]+", "_", case["name"].lower()).strip("_")
            write("session", f"{failed}_{slug}", replay(first, case))
        seen.add(failed)
        first += len(case["frames"])
    assert first <= 256  # numbers of frames are single bytes
    for name, seed in special_sessions(0).items():
        write("session", name, seed)


# --- Messages ------------------------------------------------------------------------------------


def write_messages(target, vectors):
    """Of each kind the valid ones, and every eighth that is not."""
    numbers = {}
    for case in json.loads((here / "../vectors" / vectors).read_text())["cases"]:
        kind = case["kind"] + ("" if case["expected"] == "valid" else "_invalid")
        number = numbers[kind] = numbers.get(kind, 0) + 1
        if case["expected"] == "valid" or number % 8 == 1:
            write(target, f"{kind}_{number}", bytes.fromhex(case["hex"]))


# --- Candid values as text ---------------------------------------------------------------------------

CANDID_TEXTS = {
    "any_primitives": '(null, true, false, "text", 1, -2, 1.5, NaN, -inf, 0x1.8p-3, 0xff_ff, +1_000)',
    "any_numbers": "(1 : nat, 2 : nat8, 3 : nat16, 4 : nat32, 5 : nat64, -1 : int8, -2 : int16, -3 : int32, "
    "-4 : int64, 1e23 : float32, null : reserved, 340282366920938463463374607431768211456)",
    "any_escapes": r'("\t\n\r\\\"\'\41\u{2603}\u{202e}☃", blob "\00a\ff\"")',
    "any_references": '(principal "aaaaa-aa", service "w7x7r-cok77-xa", func "aaaaa-aa"."a b", func "aaaaa-aa".m)',
    "any_record": '(record { a = 1; "b c" = record { 2; true }; 7 = opt null }, record {}, record { "x" })',
    "any_vec": "(vec { opt 1; null; 2 }, vec {}, vec { 1 : nat8; 2 }, vec { vec {} }, vec { record { a = opt 1 } })",
    "any_variant": '(variant { Ok = 1 : nat }, variant { Err }, variant { "opt" = variant { 5 } })',
    "any_annotated": "((((1 : nat) : int) : reserved), null : List, vec { null; 1 } : vec opt nat, 5 : Byte, "
    "func \"aaaaa-aa\".m : func (x : text) -> (record { a : nat }) query)",
    "any_nested": "(" + "opt " * 100 + "null, " + "vec {" * 50 + "1.0" + "}" * 50 + ")",
    "any_comments": "( // one\n 1 /* two /* three */ */, 2,\n)",
    "any_wide": "(vec { " + '"abcdefghijklmnopqrstuvwxyz"; ' * 4 + "}, record { a = variant { b = opt record { "
    + '"abcdefghijklmnopqrstuvwxyz"; ' * 4 + "} } })",
    "opts": "(opt 5, opt opt -5, opt opt null, opt record { head = 1; tail = record { head = 2 } }, vec { vec {} })",
    "opts_bare": "(5, null)",
    "fixed": '(255, -9223372036854775808, 16777217, 1e-5, blob "\\01")',
    "fixed_blob": "(0, 0, 0, 0, vec { 1; 2 : nat8 })",
    "record": '(record { c = vec { variant { Leaf }; null }; a = "x" : text; b = opt record { 1; 2 : nat }; 7 = 5 })',
    "record_left_out": '(record { "a" = "x"; c = vec {} })',
    "tree": '(variant { Node = record { variant { Leaf }; variant { Leaf = null } } }, func "aaaaa-aa".m, '
    'principal "aaaaa-aa", service "aaaaa-aa")',
    "bad_field": "(record { a = 1; a = 2 })",
    "bad_range": "(256, 0, 0, 0)",
    "bad_annotation": "(1 : nat : Nat)",
    "bad_text": '("\\u{d800}", "',
}

# --- Requests to the HTTP API: all anonymous, so that what is changed in them is not refused for its signature

CANISTER = bytes.fromhex("80000000001000000101")
CANISTER_TEXT = "bnz7o-iuaaa-aaaaa-qaaaa-cai"
EXPIRY = 1_700_000_240_000_000_000  # four minutes ahead of the clock of fuzz_http_api.c


def cbor(value):
    """Encodes what requests are made of."""

    def head(major, number):
        if number < 24:
            return bytes([major << 5 | number])
        size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
        return bytes([major << 5 | 24 + size.bit_length() - 1]) + number.to_bytes(size, "big")

    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


def http_request(method, path, content_type="", body=b""):
    """A request as fuzz_http_api.c reads it."""
    return f"{method} {path} {content_type}\n".encode() + struct.pack(">H", len(body)) + body


def http_post(path, **content):
    content = {"sender": b"\x04", "ingress_expiry": EXPIRY, **content}
    body = bytes.fromhex("d9d9f7") + cbor({"content": content})
    return http_request("POST", path, "application/cbor", body)


def http_ask(version, kind, method, arg=b""):
    path = f"/api/{version}/canister/{CANISTER_TEXT}/{kind}"
    return http_post(path, request_type=kind, canister_id=CANISTER, method_name=method, arg=arg, nonce=b"1")


def http_read(version, *paths, whose="canister", id_text=CANISTER_TEXT):
    paths = [[label if isinstance(label, bytes) else label.encode() for label in path] for path in paths]
    return http_post(f"/api/{version}/{whose}/{id_text}/read_state", request_type="read_state", paths=paths)


STATUS = http_request("GET", "/api/v2/status")
PREFLIGHT = http_request("OPTIONS", "/api/v3/canister/aaaaa-aa/query")
GET_MESSAGES = bytes.fromhex("4449444c016c01ef9999fe097801000000000000000000")
REQUESTS = {
    "call_v2": http_ask("v2", "call", "ws_get_messages", GET_MESSAGES),
    "call_v3": http_ask("v3", "call", "ws_open", b"?"),
    "call_v4": http_ask("v4", "call", "ws_get_messages", GET_MESSAGES),
    "call_no_method": http_ask("v4", "call", "nothing"),
    "query_v2": http_ask("v2", "query", "ws_get_messages", GET_MESSAGES),
    "query_v3": http_ask("v3", "query", "ws_get_messages", GET_MESSAGES),
    "query_rejected": http_ask("v3", "query", "ws_get_messages", b"?"),
    "read_time": http_read("v2", ["time"]),
    "read_subnet": http_read("v2", ["subnet"], ["canister_ranges"]),
    "read_canister": http_read(
        "v3", *[["canister", CANISTER, *rest] for rest in (["metadata", "candid:service"], ["module_hash"], ["controllers"])]
    ),
    "read_status": http_read("v3", ["request_status", bytes(32)], ["request_status", bytes(32), "reply"]),
    "read_two_statuses": http_read("v3", ["request_status", bytes(32)], ["request_status", b"1" * 32]),
    "read_certified_data": http_read("v3", ["canister", CANISTER, "certified_data"]),
    "read_of_a_subnet": http_read("v3", ["subnet"], whose="subnet"),
    "one_after_the_other": STATUS + http_ask("v3", "call", "ws_get_messages", GET_MESSAGES) * 2 + PREFLIGHT + STATUS,
    "other_type": http_request("POST", "/api/v2/canister/aaaaa-aa/call", "text/plain"),
    "other_path": http_request("GET", "/api/v2/statuses") + http_request("PUT", "/api/v2/status"),
}

# Answers for fuzz_response.c.  The Ed25519 signatures are the ones of the key whose seed is 32 bytes of 7
# over "\x0bic-response" and the hash of the answer, to the request id and at the time that the target has.
REJECT = {"reject_code": 4, "reject_message": "no", "error_code": "IC0406"}
SIGNATURES = {
    "replied": "c623faa531df284df52183a8dfcdfb632ffc8eff1b82e7f6efbff1847fd1eb0c"
    "f84d85ea8d496e583dedec86526815b06cb3a746567b92c17c1bbbcd9e6b230e",
    "rejected": "e2d27c254e2e680fb60268d18983e8388e3f1a6ae2ba18a3257bb89f231446a2"
    "261f8de7fc13065c3ef0fdebc37a6e402112baf5b3d086aac92f7436401a5a09",
}


def query_response(status, **content):
    signature = bytes.fromhex(SIGNATURES[status])
    signatures = [{"timestamp": 1, "signature": signature, "identity": b"node"}]
    return cbor({"status": status, **content, "signatures": signatures})


def status_tree(**fields):
    tree = None
    for label, value in sorted(fields.items(), reverse=True):
        leaf = [2, label.encode(), [3, value]]
        tree = leaf if tree is None else [1, leaf, tree]
    return [2, b"request_status", [2, b"the request of the fuzz target.\0", tree]]


def call_response(**fields):
    certificate = cbor({"tree": status_tree(**fields), "signature": bytes(48)})
    return cbor({"status": "replied", "certificate": certificate})


RESPONSES = {
    "query_replied": query_response("replied", reply={"arg": b"hi"}),
    "query_rejected": query_response("rejected", **REJECT),
    "call_replied": call_response(status=b"replied", reply=b"hi"),
    "call_rejected": call_response(status=b"rejected", reject_code=b"\4", reject_message=b"no"),
    "call_done": call_response(status=b"done"),
    "call_refused": cbor({"status": "non_replicated_rejection", **REJECT}),
    "call_refused_v2": cbor(REJECT),
    "read_state": cbor({"certificate": b"?"}),
}

vectors = json.loads((here / "../vectors/certified_messages.json").read_text())
for case in vectors["cases"]:
    if case["name"] in CASES:
        fields, _ = decode(bytes.fromhex(case["frames"][-1]["hex"]))
        write("certificate", CASES[case["name"]], fields[b"cert"])
        write("hashtree", "message_" + CASES[case["name"]], fields[b"tree"])
for name, tree in TREES.items():
    write("hashtree", name, bytes.fromhex(tree))
write_sessions(vectors["cases"])
write_messages("candid", "protocol_candid.json")
for name, value in VALUES.items():
    write("candid_value", name, bytes.fromhex(value))
write_messages("message", "protocol_cbor.json")
write("message", "key", f"{vectors['gateway_principal']}_{7:020}".encode())
for name, request in REQUESTS.items():
    write("http_api", name, request)
for name, response in RESPONSES.items():
    write("response", name, bytes.fromhex("d9d9f7") + response)
for name, text in CANDID_TEXTS.items():
    write("candid_text", name, text.encode())
