// SPDX-License-Identifier: Apache-2.0
// Sessions in which every frame is accepted.

import { canisterId, delegate, ROOT, SUBNET } from '../../lib/certificate.mjs';
import { ackMessage, closeMessage } from '../../lib/protocol.mjs';
import { at, CANISTER, message, openFrame, opening, relay, SECOND, serviceMessage } from '../../lib/session.mjs';

const RANGE = [canisterId(0), canisterId(9)];
const LATER_RANGE = [canisterId(20), canisterId(29)];
const GRANTED = at(-86400); // a delegation may be a day old

const DELEGATIONS = {
  flat: delegate({ flat: [RANGE, LATER_RANGE], time: GRANTED }),
  single: delegate({ flat: [[CANISTER, CANISTER]], time: GRANTED }),
  sharded: delegate({ shards: [[RANGE], [LATER_RANGE]], time: GRANTED }),
  oneShard: delegate({
    shards: [
      [
        [canisterId(0), canisterId(1)],
        [canisterId(3), canisterId(4)],
      ],
    ],
    time: GRANTED,
  }),
  both: delegate({ flat: [RANGE], shards: [[RANGE]], time: GRANTED }),
};

// Open, three application messages of which two share a certificate, an ack, and the end.
function wholeSession(trust, reason = 'ClosedByApplication') {
  const [t1, t2, t3] = [at(1), at(3), at(9)];
  return [
    ...relay([opening(at(0))], { time: at(0), ...trust }),
    ...relay([message({ seq: 2, time: t1 }), message({ seq: 3, time: t1 + 1n, timestamp: t1 })], { time: t1, ...trust }),
    ...relay([message({ seq: 4, time: t2 })], { time: t2, ...trust }),
    ...relay([serviceMessage(5, ackMessage(0n), { time: t3 }), serviceMessage(6, closeMessage(reason), { time: t3 })], {
      time: t3,
      ...trust,
    }),
  ];
}

const all = (name, frames, fields = {}) => ({ name, frames, accepted: frames.length, ...fields });

function ages() {
  const window = 300n * SECOND;
  return [
    all('certificate exactly 5 minutes old', openFrame({ now: at(0) + window })),
    all('certificate exactly 5 minutes ahead', openFrame({ now: at(0) - window })),
    all('timestamp well before the certificate', relay([opening(at(-3600))], { time: at(0) })),
  ];
}

export function validSessions() {
  const subnet = delegation => ({ signer: SUBNET, delegation });
  const sessions = [all('signed by the root', wholeSession({ signer: ROOT }), { close_reason: 'ClosedByApplication' })];
  for (const [form, delegation] of Object.entries(DELEGATIONS))
    sessions.push(
      all(
        `subnet delegation, ranges: ${form}`,
        ['flat', 'sharded'].includes(form) ? wholeSession(subnet(delegation)) : openFrame(subnet(delegation)),
        ['flat', 'sharded'].includes(form) ? { close_reason: 'ClosedByApplication' } : {},
      ),
    );
  for (const reason of ['WrongSequenceNumber', 'InvalidServiceMessage', 'KeepAliveTimeout'])
    sessions.push(
      all(
        `closed: ${reason}`,
        [...openFrame(), ...relay([serviceMessage(2, closeMessage(reason), { time: at(1) })], { time: at(1) })],
        { close_reason: reason },
      ),
    );
  const gaps = [
    ...openFrame(),
    ...relay([message({ seq: 2, nonce: 40n, time: at(1) })], { time: at(1) }),
    ...relay([message({ seq: 3, nonce: 0xffff_ffff_ffff_ffffn, time: at(2) })], { time: at(2) }),
  ];
  sessions.push(all('gateway numbers with gaps up to the largest', gaps), ...ages());
  return [...sessions, acknowledged(), afterClose()];
}

// The second ack goes backwards and is ignored.
function acknowledged() {
  const acks = [2n, 1n, 3n].map(
    (n, i) => relay([serviceMessage(2 + i, ackMessage(n), { time: at(60 + i) })], { time: at(60 + i) })[0],
  );
  acks[0].client_sent = 3;
  return all('acks of three messages, one of them going backwards', [...openFrame(), ...acks]);
}

function afterClose() {
  const closed = [
    ...openFrame(),
    ...relay([serviceMessage(2, closeMessage('ClosedByApplication'), { time: at(1) })], { time: at(1) }),
  ];
  const late = relay([message({ seq: 9, nonce: 1n, time: at(2) })], { time: at(2) });
  return {
    name: 'frames after CloseMessage',
    frames: [...closed, ...late],
    accepted: 2,
    after_close: 1,
    close_reason: 'ClosedByApplication',
  };
}
