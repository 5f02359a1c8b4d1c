// SPDX-License-Identifier: Apache-2.0
// A network's HTTP interface as it is, except that /api/v2/status names another root key.

import { createServer, request } from 'node:http';
import { ROOT } from '../lib/certificate.mjs';

const DER_BYTES = ROOT.der.length;

// The key stands in the CBOR behind its name and a head of two bytes.
function replaceRootKey(body) {
  const at = body.indexOf('root_key') + 'root_key'.length + 2;
  if (body.readUInt8(at - 1) !== DER_BYTES) throw new Error('the status names no root key');
  return Buffer.concat([body.subarray(0, at), ROOT.der, body.subarray(at + DER_BYTES)]);
}

// Gives the proxy's URL.
export function startStatusProxy(networkUrl) {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const forwarded = request(new URL(url, networkUrl), { method, headers }, async answer => {
      const body = Buffer.concat(await answer.toArray());
      outgoing.writeHead(answer.statusCode, { ...answer.headers, 'content-length': body.length });
      outgoing.end(method === 'GET' && url === '/api/v2/status' ? replaceRootKey(body) : body);
    });
    incoming.pipe(forwarded);
  });
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)),
  );
}
