// SPDX-License-Identifier: Apache-2.0
//
// A network that speaks HTTP/2 over TLS and nothing else, and knows nothing but its status: it keeps
// all requests waiting until so many are open at the same time, then answers them.
//
//   http2-status.mjs CERTIFICATE KEY STREAMS
//
// Prints the port, and when its input ends what it has seen, each on a line.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

const [certificate, key, streams] = process.argv.slice(2);
const status = Buffer.from('d9d9f7a0', 'hex'); // an empty CBOR map
const seen = { sessions: 0, requests: 0, protocols: [] };
let waiting = [];

const server = http2.createSecureServer({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  settings: { maxConcurrentStreams: 1000 },
});

server.on('session', (session) => {
  seen.sessions += 1;
  seen.protocols.push(session.alpnProtocol);
  session.on('error', () => {});
});

server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  seen.requests += 1;
  seen.path = headers[':path'];
  waiting.push(stream);
  if (waiting.length < Number(streams)) return;
  for (const open of waiting) {
    open.respond({ ':status': 200, 'content-type': 'application/cbor' });
    open.end(status);
  }
  waiting = [];
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => {
  console.log(`sessions ${seen.sessions} requests ${seen.requests} ${seen.protocols} ${seen.path}`);
  process.exit(0);
});
