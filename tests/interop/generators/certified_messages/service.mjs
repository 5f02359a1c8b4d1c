// SPDX-License-Identifier: Apache-2.0
// Sessions that pass the seven checks and break a rule of service messages, or whose certified content is no message.

import { IDL } from '@dfinity/candid';
import { concat, unhex } from '../../lib/bytes.mjs';
import * as c from '../../lib/cbor.mjs';
import { ackMessage, encode, keepAliveMessage, openMessage } from '../../lib/protocol.mjs';
import {
  at,
  CLIENT_KEY,
  message,
  openFrame,
  opening,
  OTHER_CLIENT,
  relay,
  serviceMessage,
  appPayload,
} from '../../lib/session.mjs';

const T = at(1);
const first = (reason, item) => ({
  name: reason,
  failed_check: 'service',
  reason,
  accepted: 0,
  frames: relay([item], { time: at(0) }),
});
function second(reason, payload, sent) {
  const frames = [...openFrame(), ...relay([serviceMessage(2, payload, { time: T })], { time: T })];
  if (sent) frames[1].client_sent = sent;
  return { name: reason, failed_check: 'service', reason, accepted: 1, frames };
}

const unknownVariant = encode(IDL.Variant({ PingMessage: IDL.Null }), { PingMessage: null });

export function serviceSessions() {
  const open = openMessage(CLIENT_KEY);
  const time = at(0);
  return [
    first('first message is an application message', message({ seq: 1, time })),
    first('first message is an AckMessage', serviceMessage(1, ackMessage(0n), { time })),
    first(
      'OpenMessage with the principal of another client',
      serviceMessage(1, openMessage({ ...CLIENT_KEY, client_principal: OTHER_CLIENT }), { time }),
    ),
    first(
      'OpenMessage with the nonce of another client',
      serviceMessage(1, openMessage({ ...CLIENT_KEY, client_nonce: CLIENT_KEY.client_nonce ^ 1n }), { time }),
    ),
    first('OpenMessage undecodable', serviceMessage(1, open.slice(0, -1), { time })),
    first('OpenMessage without the service flag', message({ seq: 1, payload: open, time })),
    second('second OpenMessage', open),
    second('KeepAliveMessage from the canister', keepAliveMessage(0n)),
    second('unknown variant', unknownVariant),
    second('application message with the service flag', appPayload('hello')),
    second('payload empty', new Uint8Array()),
    second('payload not Candid', unhex('deadbeef')),
    second('payload truncated', ackMessage(0n).slice(0, -1)),
    second('payload with a trailing byte', concat(ackMessage(0n), Uint8Array.of(0))),
    second('ack when nothing was sent', ackMessage(1n)),
    second('ack beyond the last sent', ackMessage(4n), 3),
    second('ack of the largest number', ackMessage(0xffff_ffff_ffff_ffffn), 3),
    ...undecodableContents(),
  ];
}

// Content that is certified as it is, but that is not the CBOR of a message. The JavaScript decoder is laxer and still finds the fields.
function undecodableContents() {
  const good = opening(at(0));
  const plain = good.content.slice(3);
  const wrap = (reason, content) => ({
    name: `content: ${reason}`,
    failed_check: 'content',
    reason,
    accepted: 0,
    frames: relay([{ ...good, content }], { time: at(0) }),
  });
  return [
    wrap('trailing byte', concat(good.content, Uint8Array.of(0))),
    wrap('duplicate key', concat(c.head(5, 6), plain.slice(1), c.text('sequence_num'), c.uint(1))),
    wrap('tag twice', concat(c.SELF_DESCRIBE, good.content)),
  ];
}
