// SPDX-License-Identifier: Apache-2.0
// What the SDK takes from a browser and Node, depending on its version, does not have.

import { webcrypto } from 'node:crypto';
import { WebSocket } from 'ws';

globalThis.crypto ??= webcrypto;
globalThis.WebSocket ??= WebSocket;
globalThis.ErrorEvent ??= class ErrorEvent extends Event {
  constructor(type, { error } = {}) {
    super(type);
    this.error = error;
  }
};
globalThis.CloseEvent ??= class CloseEvent extends Event {
  constructor(type, { code = 0, reason = '', wasClean = false } = {}) {
    super(type);
    Object.assign(this, { code, reason, wasClean });
  }
};
