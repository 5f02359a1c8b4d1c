// SPDX-License-Identifier: Apache-2.0
// node serve-page.mjs SCENARIO... <ENVIRONMENT: bundles the page as a web application is bundled and serves it. Prints its
// address, and, when a browser has run the scenarios, what each came to, as a line of JSON.

import { build } from 'esbuild';
import { createServer } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { startStatusProxy } from './status-proxy.mjs';

const HTML = '<!doctype html><meta charset="utf-8"><title>libicws</title><script type="module" src="/page.js"></script>';

const environment = await json(process.stdin);
environment.wrong_network_url = await startStatusProxy(environment.network_url);
const bundle = await build({
  entryPoints: [new URL('page.mjs', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  write: false,
  // Variables of Node that the SDK and its dependencies read.
  define: { global: 'globalThis', 'process.env.LOG_LEVEL': '"info"' },
});

const PAGES = {
  '/': ['text/html', HTML],
  '/page.js': ['text/javascript', bundle.outputFiles[0].contents],
  '/task': ['application/json', JSON.stringify({ environment, scenarios: process.argv.slice(2) })],
};

const server = createServer(async (request, response) => {
  if (request.method === 'POST' && request.url === '/outcome') {
    console.log(await text(request));
    response.end();
    return;
  }
  const [type, body] = PAGES[request.url] ?? [];
  response.writeHead(body ? 200 : 404, { 'content-type': type ?? 'text/plain' });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
