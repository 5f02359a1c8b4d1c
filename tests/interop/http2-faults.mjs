// SPDX-License-Identifier: Apache-2.0
//
// A network that speaks HTTP/2 over TLS, knows nothing but its status, and breaks off the first
// requests, each in another way.
//
//   http2-faults.mjs CERTIFICATE KEY
//
// Prints the port, and when its input ends how many requests it has seen, each on a line.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

const [certificate, key] = process.argv.slice(2);
const status = Buffer.from('d9d9f7a0', 'hex'); // an empty CBOR map
const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_ENHANCE_YOUR_CALM } =
  http2.constants;
const head = { ':status': 200, 'content-type': 'application/cbor', 'content-length': '4' };
let requests = 0;

const faults = [
  (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  (stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  (stream) => {
    stream.respond(head);
    stream.write(status.subarray(0, 2), () => stream.close(NGHTTP2_INTERNAL_ERROR));
  },
  (stream) => {
    stream.session.goaway(NGHTTP2_ENHANCE_YOUR_CALM);
    stream.session.destroy();
  },
];

const server = http2.createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) });

server.on('session', (session) => session.on('error', () => {}));

server.on('stream', (stream) => {
  const fault = faults[requests];
  requests += 1;
  stream.on('error', () => {});
  if (fault) {
    fault(stream);
    return;
  }
  stream.respond(head);
  stream.end(status);
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => {
  console.log(`requests ${requests}`);
  process.exit(0);
});
