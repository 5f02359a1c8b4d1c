// SPDX-License-Identifier: Apache-2.0
// Choices that look random but are the same in every run: all of them depend on a label alone.

import { seeded } from './bytes.mjs';

const BLOCK = 1024;

export class Random {
  #label;
  #block = Buffer.alloc(0);
  #number = 0;
  #at = 0;

  constructor(label) {
    this.#label = label;
  }

  #u32() {
    if (this.#at === this.#block.length) {
      this.#block = Buffer.from(seeded(`${this.#label}/${this.#number++}`, BLOCK));
      this.#at = 0;
    }
    this.#at += 4;
    return this.#block.readUInt32LE(this.#at - 4);
  }

  // An integer from 0 to n - 1; n is small beside 2^32.
  below(n) {
    return this.#u32() % n;
  }

  between(low, high) {
    return low + this.below(high - low + 1);
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  // One of the keys of `weights`, each as often as its weight says.
  weighted(weights) {
    const entries = Object.entries(weights);
    let at = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [key, weight] of entries) {
      if (at < weight) return key;
      at -= weight;
    }
  }

  // A bigint of at most `count` bits.
  bits(count) {
    let value = 0n;
    for (let have = 0; have < count; have += 32) value = (value << 32n) | BigInt(this.#u32());
    return value & ((1n << BigInt(count)) - 1n);
  }

  bytes(length) {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  shuffled(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
