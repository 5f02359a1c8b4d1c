// SPDX-License-Identifier: Apache-2.0
// The JSON files: one case a line, ASCII only, the same bytes in every run.

const ascii = text => text.replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function render({ cases, ...header }) {
  const lines = Object.entries(header).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  const rows = cases.map(item => `  ${JSON.stringify(item)}`);
  return ascii(['{', ...lines, ' "cases": [', rows.join(',\n'), ' ]', '}', ''].join('\n'));
}

export function assert(condition, message) {
  if (!condition) throw new Error(`the vectors contradict themselves: ${message}`);
}

export async function rejects(action) {
  try {
    await action();
    return false;
  } catch {
    return true;
  }
}
