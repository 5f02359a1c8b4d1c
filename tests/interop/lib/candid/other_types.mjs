// SPDX-License-Identifier: Apache-2.0
// Types near a given one: what another version of an interface may say in its place.

import { func, opt, prim, record, ref, service, variant, vec } from './model.mjs';
import { labels, primitive, randomType } from './random_types.mjs';

// Changes types at random. A definition that is changed gets a copy of another name, in which it refers to itself by that.
export class Changer {
  #random;
  #definitions;
  #copies = new Map();
  #suffix;

  constructor(random, definitions, suffix) {
    this.#random = random;
    this.#definitions = definitions;
    this.#suffix = suffix;
  }

  args(types) {
    const changed = types.map(type => this.type(type));
    if (this.#random.chance(10)) changed.pop();
    if (this.#random.chance(15)) changed.push(this.#extra());
    return changed;
  }

  // A type that may be absent, or, seldom, one that must not.
  #extra() {
    if (this.#random.chance(15)) return primitive(this.#random);
    return this.#random.chance(60) ? opt(randomType(this.#random, { depth: 1 })) : prim(this.#random.pick(['null', 'reserved']));
  }

  type(type) {
    const random = this.#random;
    if (type.kind === 'ref') return random.chance(60) ? this.#copy(type) : random.chance(15) ? opt(type) : type;
    if (random.chance(6)) return opt(this.type(type));
    if (random.chance(2)) return prim('reserved');
    if (random.chance(3)) return randomType(random, { depth: 1 });
    return this.#inside(type);
  }

  #copy({ name }) {
    if (!this.#copies.has(name)) {
      const copy = `${name}_${this.#suffix}`;
      this.#copies.set(name, copy);
      this.#definitions.set(copy, this.#inside(this.#definitions.get(name)));
    }
    return ref(this.#copies.get(name));
  }

  // Keeps what the type is made with.
  #inside(type) {
    const random = this.#random;
    const list = types => types.map(item => this.type(item));
    switch (type.kind) {
      case 'nat':
        return random.chance(50) ? prim('int') : type;
      case 'opt':
        return random.chance(15) && type.item.kind !== 'ref' ? opt(opt(this.type(type.item))) : opt(this.type(type.item));
      case 'vec':
        return vec(this.type(type.item));
      case 'record':
        return record(this.#fields(type.fields, () => this.#extra()));
      case 'variant':
        return variant(this.#fields(type.fields, () => primitive(random)));
      case 'func':
        return func(list(type.args), list(type.results), random.chance(8) ? [] : type.annotations);
      case 'service':
        return service(type.methods.filter(() => !random.chance(20)).map(([name, of]) => [name, this.#inside(of)]));
      case 'principal':
        return random.chance(5) ? service([]) : type;
      default:
        return type;
    }
  }

  #fields(fields, extra) {
    const random = this.#random;
    const kept = fields.filter(() => !random.chance(10)).map(field => ({ ...field, type: this.type(field.type) }));
    const ids = fields.map(field => field.id);
    const count = random.chance(30) ? random.between(1, 2) : 0;
    return [...kept, ...labels(random, count, ids).map(one => ({ ...one, type: extra() }))];
  }
}
