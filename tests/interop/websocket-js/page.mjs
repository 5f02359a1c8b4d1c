// SPDX-License-Identifier: Apache-2.0
// The script of the page: asks its server what to do and tells it what came of it.

import { runAll } from './scenarios.mjs';

const { environment, scenarios } = await (await fetch('/task')).json();
const outcome = await runAll(environment, scenarios);
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) });
