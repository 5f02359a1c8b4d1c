// SPDX-License-Identifier: Apache-2.0
// node run-in-node.mjs SCENARIO... <ENVIRONMENT: what each came to, as a line of JSON.

import './polyfills.mjs';
import { json } from 'node:stream/consumers';

const { startStatusProxy } = await import('./status-proxy.mjs');
const { runAll } = await import('./scenarios.mjs');

const environment = await json(process.stdin);
environment.wrong_network_url = await startStatusProxy(environment.network_url);
console.log(JSON.stringify(await runAll(environment, process.argv.slice(2))));
process.exit(0); // timers of the SDK would keep it
