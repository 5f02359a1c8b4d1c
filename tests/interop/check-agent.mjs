// SPDX-License-Identifier: Apache-2.0
//
// check-agent.mjs FOLDER
//
// One generation of the official agents, unchanged, against a local network: FOLDER/agent.mjs is the
// generation, standard input the line that icws-devnet --json prints.  What each check expects is written
// here; the twins show that the agent does look.  Exit code 1 at the first check that fails.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

globalThis.crypto ??= webcrypto; // Node 18

const api = await import(`./${process.argv[2]}/agent.mjs`);
const { Actor, CanisterStatus, HttpAgent, IDL, Principal } = api;
const network = JSON.parse(await text(process.stdin));
const canisterId = Principal.fromText(network.canisters.echo);
const rootKey = Uint8Array.from(Buffer.from(network.root_key, "hex"));

const idlFactory = () => {
  const Result = IDL.Variant({ Ok: IDL.Null, Err: IDL.Text });
  const Messages = IDL.Record({ cert: IDL.Vec(IDL.Nat8), tree: IDL.Vec(IDL.Nat8) });
  return IDL.Service({
    ws_open: IDL.Func([IDL.Record({ client_nonce: IDL.Nat64, gateway_principal: IDL.Principal })], [Result], []),
    ws_close: IDL.Func([IDL.Text], [], []), // which is not what the canister takes
    ws_nothing: IDL.Func([], [], []), // which it does not have
    ws_get_messages: IDL.Func(
      [IDL.Record({ nonce: IDL.Nat64 })],
      [IDL.Variant({ Ok: Messages, Err: IDL.Text })],
      ["query"],
    ),
    ws_message: IDL.Func([], [], ["query"]), // which is no query
  });
};

const makeAgent = (identity, host = network.network_url) =>
  HttpAgent.create({ host, identity, shouldFetchRootKey: true });
const makeActor = (agent, id = canisterId) => Actor.createActor(idlFactory, { agent, canisterId: id });

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("this should have failed");
}

function checkRejection(error, code, errorCode, words) {
  const found = api.rejection(error);
  assert.equal(found.code, code, String(error));
  assert.equal(found.text, words);
  assert.equal(found.errorCode, errorCode);
}

/** A proxy that may change the answers on their way; |change| gets path and bytes. */
async function withProxy(change, use) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = request.method === "GET" ? undefined : Buffer.concat(parts);
    const { "content-type": type } = request.headers;
    const answer = await fetch(network.network_url + request.url, {
      method: request.method,
      headers: type ? { "content-type": type } : {},
      body,
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(change(request.url, bytes));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Flips a bit of the byte that lies |distance| behind |words|. */
function flipBehind(bytes, words, distance) {
  const at = bytes.indexOf(words);
  assert(at >= 0, `no ${words} in the answer`);
  bytes[at + words.length + distance] ^= 1;
  return bytes;
}

const identities = {
  Ed25519: api.Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7)),
  secp256k1: api.Secp256k1KeyIdentity.generate(new Uint8Array(32).fill(8)),
  "P-256": await api.ECDSAKeyIdentity.generate(),
};
const session = api.Ed25519KeyIdentity.generate(new Uint8Array(32).fill(9));
const delegation = await api.DelegationChain.create(
  identities.secp256k1,
  session.getPublicKey(),
  new Date(Date.now() + 3600e3),
  { targets: [canisterId] },
);
identities.delegated = api.DelegationIdentity.fromDelegation(session, delegation);
const alice = identities.Ed25519;

const checks = {
  async "the root key comes from the status"() {
    const agent = await makeAgent(alice);
    assert.deepEqual(new Uint8Array(agent.rootKey), rootKey);
    assert.equal((await agent.status()).replica_health_status, "healthy");
  },

  async "an update call of each kind of identity"() {
    let nonce = 1n;
    for (const [kind, identity] of Object.entries(identities)) {
      const actor = makeActor(await makeAgent(identity));
      const open = { client_nonce: nonce++, gateway_principal: alice.getPrincipal() };
      assert.deepEqual(await actor.ws_open(open), { Ok: null }, kind);
    }
  },

  async "a query with signatures, and the certificate that it hands on"() {
    const actor = makeActor(await makeAgent(alice));
    const { Ok } = await actor.ws_get_messages({ nonce: 0n });
    const data = await api.certifiedData(Uint8Array.from(Ok.cert), rootKey, canisterId);
    assert.equal(data.length, 32);
    assert.notDeepEqual(data, new Uint8Array(32));
  },

  async "time, interface, module hash and controllers by read_state"() {
    const agent = await makeAgent(alice);
    const paths = ["time", "candid", "module_hash", "controllers"];
    const status = await CanisterStatus.request({ agent, canisterId, paths });
    const hash = createHash("sha256").update(network.interfaces.echo).digest("hex");
    assert(Math.abs(status.get("time").getTime() - Date.now()) < 60e3);
    assert.equal(status.get("candid"), network.interfaces.echo);
    assert.equal(status.get("module_hash"), hash);
    assert.deepEqual(status.get("controllers"), []);
  },

  async "rejections with code and text"() {
    const agent = await makeAgent(alice);
    const actor = makeActor(agent);
    const words = "argument of ws_close: a value is not a record (at byte 7 of 9)";
    checkRejection(await failure(actor.ws_close("x")), 5, "IC0503", words);
    checkRejection(await failure(actor.ws_nothing()), 5, "IC0536", "the canister has no such method");
    checkRejection(await failure(actor.ws_message()), 5, "IC0536", "the canister has no such query method");
    const nobody = makeActor(agent, Principal.fromUint8Array(Uint8Array.from([128, 0, 0, 0, 0, 16, 9, 9, 1, 1])));
    checkRejection(await failure(nobody.ws_nothing()), 3, "IC0301", "there is no such canister");
  },

  async "a wrong root key is refused"() {
    const agent = await HttpAgent.create({ host: network.network_url, identity: alice }); // trusts mainnet
    const error = await failure(makeActor(agent).ws_open({ client_nonce: 99n, gateway_principal: alice.getPrincipal() }));
    assert.match(String(error), /[Ss]ignature verification failed|[Ii]nvalid (signature|certificate)/);
    await failure(makeActor(agent).ws_get_messages({ nonce: 0n }));
  },

  async "a tampered answer is refused, the same through the proxy unharmed is not"() {
    const through = (change) =>
      withProxy(change, async (url) => makeActor(await makeAgent(alice, url)).ws_get_messages({ nonce: 0n }));
    assert((await through((_, bytes) => bytes)).Ok);
    const isQuery = (url) => url.endsWith("/query");
    await failure(through((url, bytes) => (isQuery(url) ? flipBehind(bytes, "isignature", 10) : bytes)));
    await failure(through((url, bytes) => (isQuery(url) ? flipBehind(bytes, "DIDL", 1) : bytes)));
    await failure(through((url, bytes) => (url.endsWith("/read_state") ? flipBehind(bytes, "isignature", 10) : bytes)));
  },

  async "a clock that is behind is told so in words that agents know"() {
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...of) {
        super(...(of.length > 0 ? of : [Date.now()]));
      }
      static now = () => RealDate.now() - 20 * 60e3;
    };
    try {
      const agent = await makeAgent(alice);
      const open = { client_nonce: 77n, gateway_principal: alice.getPrincipal() };
      const opened = makeActor(agent).ws_open(open);
      if (api.clockFailure) assert.match(String(await failure(opened)), api.clockFailure);
      else assert.deepEqual(await opened, { Ok: null });
    } finally {
      globalThis.Date = RealDate;
    }
  },
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`${api.generation}: ${name}`);
  } catch (error) {
    console.error(`${api.generation}: FAILED: ${name}\n`, error);
    process.exitCode = 1;
  }
}
